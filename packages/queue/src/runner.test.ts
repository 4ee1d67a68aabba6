import { once } from 'node:events';
import { Queue } from 'bullmq';
import { AppError } from '@turnpike/core/app-error.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { createMetrics } from '@turnpike/runtime/metrics.js';
import { forkTypeScript } from '@turnpike/testkit/fork-typescript.js';
import { idleHandlers } from '@turnpike/testkit/idle-handlers.js';
import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { createProducer, queuePrefix, type Producer } from './producer.js';
import { createRunner, type JobContext, type JobHandlers, type Runner, type RunnerOptions } from './runner.js';
import { registerSchedules } from './schedules.js';

const logger = createLogger({ level: 'silent', role: 'test', instance: 'test' });
const ROUTER = '0193a5b0-0000-7000-8000-000000000001';
const OTHER = '0193a5b0-0000-7000-8000-000000000002';

describe('the job runner', () => {
  let store: TestRedis;
  let producer: Producer;
  const runners: Runner[] = [];
  let inspected: Queue;

  async function run(
    handlers: Partial<JobHandlers>,
    more: Pick<RunnerOptions, 'concurrency' | 'takers'> = {},
  ): Promise<Runner> {
    const runner = createRunner({
      connection: store.open('blocking'),
      prefix: store.prefix,
      handlers: idleHandlers(handlers),
      logger,
      metrics: createMetrics({ role: 'test', instance: 'test', processMetrics: false }),
      random: () => 0,
      ...more,
    });
    runners.push(runner);
    await runner.start();
    return runner;
  }

  beforeAll(async () => {
    store = await openTestRedis('durable');
    producer = createProducer({ connection: store.redis, prefix: store.prefix });
    inspected = new Queue('routers', { connection: store.redis, prefix: queuePrefix(store.prefix) });
  });
  afterEach(async () => {
    await Promise.all(runners.splice(0).map((runner) => runner.stop(0)));
    await store.flush();
  });
  afterAll(async () => {
    await inspected.close();
    await producer.close();
    await store.close();
  });

  test('hands the payload, the attempt and the job id to the handler', async () => {
    const seen: unknown[] = [];
    const runner = await run({
      'router.probe': async ({ routerId }, { attempt, jobId }) => void seen.push({ routerId, attempt, jobId }),
    });
    await producer.enqueue('router.probe', { routerId: ROUTER }, { jobId: 'row-1' });
    await runner.drain();
    expect(seen).toEqual([{ routerId: ROUTER, attempt: 1, jobId: 'row-1' }]);
    expect((await producer.counts()).find(({ name }) => name === 'routers')).toMatchObject({ completed: 1, failed: 0 });
  });

  test('several takers of a queue share its slots, and each job is run once', async () => {
    const seen: string[] = [];
    let atOnce = 0;
    let most = 0;
    const runner = await run(
      {
        'router.probe': async (_payload, { jobId }) => {
          seen.push(jobId);
          atOnce += 1;
          most = Math.max(most, atOnce);
          await new Promise((resolve) => setImmediate(resolve));
          atOnce -= 1;
        },
      },
      { concurrency: { routers: 6 }, takers: { routers: 3 } },
    );
    const ids = Array.from({ length: 60 }, (_none, index) => `taken-${index}`);
    await Promise.all(ids.map((jobId) => producer.enqueue('router.probe', { routerId: ROUTER }, { jobId })));
    await runner.drain();
    expect(seen.sort()).toEqual(ids.sort());
    expect(most).toBeLessThanOrEqual(6);
  });

  test('tries again after an error that may pass, with the delay of the catalogue', async () => {
    const attempts: number[] = [];
    const runner = await run({
      'router.probe': async (_payload, { attempt }) => {
        attempts.push(attempt);
        throw new AppError('router_unreachable', 'no route');
      },
    });
    await producer.enqueue('router.probe', { routerId: ROUTER }, { jobId: 'row-2' });
    await runner.drain();
    const job = await inspected.getJob('row-2');
    expect(await job?.getState()).toBe('delayed');
    // 500 ms of the catalogue, all but the random half of it.
    expect(job?.delay).toBe(250);
    await job?.promote();
    await runner.drain();
    expect(attempts).toEqual([1, 2]);
    expect(await (await inspected.getJob('row-2'))?.getState()).toBe('failed');
  });

  test.each(['router_login_failed', 'validation_failed', 'not_found'] as const)(
    'does not try again after %s',
    async (code) => {
      const attempts: number[] = [];
      const runner = await run({
        'router.probe': async (_payload, { attempt }) => {
          attempts.push(attempt);
          throw new AppError(code, 'no');
        },
      });
      await producer.enqueue('router.probe', { routerId: ROUTER }, { jobId: code });
      await runner.drain();
      expect(attempts).toEqual([1]);
      expect(await (await inspected.getJob(code))?.getState()).toBe('failed');
    },
  );

  test('a job with an unknown name or payload fails and the next one runs', async () => {
    const seen: string[] = [];
    const runner = await run({ 'router.probe': async ({ routerId }) => void seen.push(routerId) });
    await inspected.add('router.explode', {}, { jobId: 'unknown' });
    await inspected.add('router.probe', { routerId: 'not an id' }, { jobId: 'odd', attempts: 3 });
    await producer.enqueue('router.probe', { routerId: ROUTER }, { jobId: 'fine' });
    await runner.drain();
    expect(seen).toEqual([ROUTER]);
    for (const id of ['unknown', 'odd']) expect(await (await inspected.getJob(id))?.getState()).toBe('failed');
  });

  test('D13: adding a job again while it exists does not run it twice', async () => {
    let runs = 0;
    const runner = await run({
      'router.probe': async () => {
        runs += 1;
      },
    });
    await producer.enqueue('router.probe', { routerId: ROUTER }, { jobId: 'same' });
    await producer.enqueue('router.probe', { routerId: OTHER }, { jobId: 'same' });
    await runner.drain();
    await producer.enqueue('router.probe', { routerId: ROUTER }, { jobId: 'same' });
    await runner.drain();
    expect(runs).toBe(1);
  });

  test('a forced stop aborts what still runs, and the job stays to be tried again', async () => {
    let begun = (_context: JobContext): void => undefined;
    const began = new Promise<JobContext>((resolve) => {
      begun = resolve;
    });
    const runner = await run({
      'router.probe': async (_payload, context) => {
        begun(context);
        await once(context.signal, 'abort');
        throw context.signal.reason;
      },
    });
    await producer.enqueue('router.probe', { routerId: ROUTER }, { jobId: 'cut' });
    const { signal } = await began;
    await runner.stop(0);
    expect(signal.aborted).toBe(true);
    expect(await (await inspected.getJob('cut'))?.getState()).toBe('delayed');
  });

  test('D11: a job whose worker is killed runs again elsewhere within 15 s', async () => {
    const child = forkTypeScript(new URL('../../testkit/src/stuck-worker.ts', import.meta.url), [
      store.url,
      store.prefix,
    ]);
    const exited = once(child, 'exit');
    try {
      expect((await once(child, 'message'))[0]).toBe('ready');
      const started = once(child, 'message');
      await producer.enqueue('router.probe', { routerId: ROUTER }, { jobId: 'orphan' });
      expect((await started)[0]).toEqual({ started: ROUTER });
    } finally {
      child.kill('SIGKILL');
      await exited;
    }
    const killedMs = performance.now();
    const resumed = new Promise<number>((resolve) => {
      void run({ 'router.probe': async () => resolve(performance.now()) });
    });
    expect((await resumed) - killedMs).toBeLessThan(15_000);
  }, 25_000);

  test('schedules are exactly those of the catalogue, however often they are registered', async () => {
    const sweeps = new Queue('sweeps', { connection: store.redis, prefix: queuePrefix(store.prefix) });
    await sweeps.upsertJobScheduler('forgotten.job', { every: 60_000 });
    for (let n = 0; n < 2; n += 1) await registerSchedules({ connection: store.redis, prefix: store.prefix });
    const schedulers = await sweeps.getJobSchedulers();
    await sweeps.close();
    expect(schedulers.map(({ key, every }) => `${key} ${every}`).sort()).toEqual([
      'alerts.sweep 15000',
      'entitlements.expire 2000',
      'figures.keep 300000',
      'housekeeping 3600000',
      'ledger.check 3600000',
      'nas.retire-secrets 30000',
      'notices.sweep 60000',
      'outbox.sweep 10000',
      'payments.parked 2000',
      'payments.reconcile 5000',
      'provisioning.sweep 10000',
      'reports.mail 30000',
      'routers.poll 30000',
      'sessions.stale 30000',
      'subjects.rebuild 5000',
    ]);
  });
});
