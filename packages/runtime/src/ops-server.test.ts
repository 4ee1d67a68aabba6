import { createSteerableClock } from '@turnpike/testkit/steerable-clock.js';
import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { createLogger } from './logger.js';
import { aggregateMetrics, serviceDiscovery } from './metrics-fanout.js';
import { createMetrics } from './metrics.js';
import { listOpsTargets, startOpsServer, type OpsServer, type Readiness } from './ops-server.js';

const logger = createLogger({ level: 'silent', role: 'test', instance: 'test' });

describe('the ops server', () => {
  let store: TestRedis;
  const servers: OpsServer[] = [];
  const clock = createSteerableClock();

  async function start(instance: string, ready: () => Promise<Readiness> = async () => ({ ok: true, checks: {} })) {
    const metrics = createMetrics({ role: 'worker', instance, processMetrics: false });
    metrics.counter('turnpike_worker_things_total', 'Things').inc(3);
    const key = `${store.prefix}ops`;
    const server = await startOpsServer({
      metrics,
      role: 'worker',
      instance,
      ready,
      redis: store.redis,
      logger,
      clock,
      key,
    });
    servers.push(server);
    return server;
  }
  const list = () => listOpsTargets(store.redis, clock, `${store.prefix}ops`);

  beforeAll(async () => {
    store = await openTestRedis('durable');
  });
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop()));
    await store.flush();
  });
  afterAll(() => store.close());

  test('serves metrics as text and JSON and says that it lives, on a loopback port of its own', async () => {
    const [one, two] = [await start('worker-0'), await start('worker-1')];
    expect(one.url).not.toBe(two.url);
    expect(new URL(one.url).hostname).toBe('127.0.0.1');
    const text = await (await fetch(`${one.url}/metrics`)).text();
    expect(text).toContain('turnpike_worker_things_total{role="worker",instance="worker-0"} 3');
    expect(await (await fetch(`${one.url}/metrics.json`)).json()).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'turnpike_worker_things_total' })]),
    );
    expect((await fetch(`${one.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${one.url}/secret`)).status).toBe(404);
  });

  test('readiness is 503 with the reason when a check fails or throws', async () => {
    const failing = await start('a', async () => ({ ok: false, checks: { postgres: 'no answer' } }));
    const answer = await fetch(`${failing.url}/readyz`);
    expect([answer.status, await answer.json()]).toEqual([503, { ok: false, checks: { postgres: 'no answer' } }]);
    const throwing = await start('b', () => Promise.reject(new Error('broken check')));
    expect((await fetch(`${throwing.url}/readyz`)).status).toBe(503);
  });

  test('is listed while it gives signs of life, and no longer after it stopped or fell silent', async () => {
    const one = await start('worker-10');
    await start('worker-2');
    expect((await list()).map(({ instance }) => instance)).toEqual(['worker-2', 'worker-10']);
    await one.stop();
    servers.shift();
    expect((await list()).map(({ instance, pid }) => [instance, pid])).toEqual([['worker-2', process.pid]]);
    clock.advance(15_001);
    expect(await list()).toEqual([]);
  });

  test('one scrape shows all processes with their labels and counts those that do not answer', async () => {
    await start('worker-0');
    await start('worker-1');
    const [target] = await list();
    if (target === undefined) throw new Error('nothing is listed');
    const gone = { ...target, instance: 'worker-9', url: 'http://127.0.0.1:1' };
    const text = await aggregateMetrics([...(await list()), gone]);
    expect(text).toMatch(/turnpike_worker_things_total\{[^}]*instance="worker-0"[^}]*\} 3/);
    expect(text).toMatch(/turnpike_worker_things_total\{[^}]*instance="worker-1"[^}]*\} 3/);
    expect(text).toContain('turnpike_metrics_targets 3\n');
    expect(text).toContain('turnpike_metrics_targets_silent 1\n');
    expect(serviceDiscovery([gone])).toEqual([
      { targets: ['127.0.0.1:1'], labels: { role: 'worker', instance: 'worker-9' } },
    ]);
  });

  test('while a reload runs old beside new, Prometheus is told of the newer one only', async () => {
    const old = await start('worker-0');
    clock.advance(1_000);
    const young = await start('worker-0');
    await start('worker-1');
    const listed = await list();
    expect(listed).toHaveLength(3);
    for (const targets of [listed, listed.toReversed()]) {
      const named = serviceDiscovery(targets).flatMap(({ targets: [address] }) => address ?? []);
      expect(named).toHaveLength(2);
      expect(named).toContain(new URL(young.url).host);
      expect(named).not.toContain(new URL(old.url).host);
    }
    await young.stop();
    // The young one did not stay: the old one is still there, and is named again.
    expect(serviceDiscovery(await list()).flatMap(({ targets }) => targets)).toContain(new URL(old.url).host);
  });
});
