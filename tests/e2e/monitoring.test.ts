import { jest } from '@jest/globals';
import { listPackages } from '@turnpike/contracts/packages.js';
import { z } from 'zod';
import { dashboardFiles, expressionsOf, metricsIn, ruleFiles } from '../prometheus-names.js';
import { prometheusMissing, startPrometheus, type Prometheus } from './prometheus-process.js';
import { openCustomer, openSite, type Site } from './site.js';
import { START_MS, startSystem, type System } from './system.js';
import { until } from './until.js';

jest.setTimeout(60_000);

let system: System;
let running: System | undefined;
let site: Site;
let prometheus: Prometheus | undefined;

const discovered = z.array(z.object({ targets: z.array(z.string()), labels: z.record(z.string(), z.string()) }));

async function targets(): Promise<{ role: string; address: string }[]> {
  const answer = await fetch(`${system.origin}/metrics/sd`);
  const found = discovered.parse(await answer.json());
  return found.map(({ targets: [address = ''], labels }) => ({ role: labels['role'] ?? '', address }));
}

async function scrape(address: string): Promise<string> {
  return (await fetch(`http://${address}/metrics`)).text();
}

/** Of the first series of this name that has these labels; undefined: there is none. */
function valueOf(text: string, name: string, labels: Readonly<Record<string, string>>): number | undefined {
  const line = text
    .split('\n')
    .filter((each) => each.startsWith(`${name}{`))
    .find((each) => Object.entries(labels).every(([label, value]) => each.includes(`${label}="${value}"`)));
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ') + 1));
}

beforeAll(async () => {
  system = running = await startSystem();
  site = await openSite(system, 'watched');
  await site.provisioned();
}, START_MS);

afterAll(async () => {
  await prometheus?.stop();
  await site?.router.stop();
  await running?.close();
});

describe('metrics', () => {
  test('every metric that a rule or a dashboard asks for is exported by a process of the started system', async () => {
    const asked = [...(await ruleFiles()), ...(await dashboardFiles())].flatMap((file) =>
      expressionsOf(file)
        .flatMap(metricsIn)
        .map((metric) => ({ file: file.name, metric })),
    );
    expect(new Set(asked.map(({ metric }) => metric)).size).toBeGreaterThan(50);
    const texts = await Promise.all((await targets()).map(({ address }) => scrape(address)));
    const exported = new Set(texts.flatMap((text) => [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name)));
    const missing = asked.filter(
      ({ metric }) => !exported.has(metric) && !exported.has(metric.replace(/_(bucket|count|sum)$/, '')),
    );
    expect(missing).toEqual([]);
  });

  test('a login is seen on its way: request, decision, session, accounting, queue, router', async () => {
    const customer = await openCustomer(system);
    const phone = site.router.phone();
    expect(await phone.login(customer)).toMatchObject({ online: true });
    await system.api.call(listPackages, {});
    await system.api.call(listPackages, {});
    const seen = await until('the figures of it', 25_000, async () => {
      const text = (await Promise.all((await targets()).map(({ address }) => scrape(address)))).join('\n');
      const online = valueOf(text, 'turnpike_worker_sessions', { service: 'hotspot', state: 'online' });
      return online === 1 ? text : undefined;
    });
    for (const [name, labels] of [
      ['turnpike_radius_access_decisions_total', { outcome: 'accept' }],
      ['turnpike_radius_reply_seconds_count', { port: 'auth', code: '2' }],
      ['turnpike_api_http_request_duration_seconds_count', { method: 'GET', route: '/packages', status: '200' }],
      ['turnpike_cache_requests_total', { cache: 'packages', outcome: 'hit' }],
      ['turnpike_worker_job_wait_seconds_count', { queue: 'provisioning' }],
      ['turnpike_worker_job_duration_seconds_count', { job: 'provisioning.run', outcome: 'done' }],
      ['turnpike_worker_job_slots', { queue: 'payments' }],
      ['turnpike_worker_routeros_operation_seconds_count', { operation: 'dial', outcome: 'ok' }],
      ['turnpike_worker_routeros_operation_seconds_count', { operation: 'add', outcome: 'ok' }],
      ['turnpike_worker_routers', { status: 'online' }],
      ['turnpike_worker_accounting_records_total', {}],
      ['turnpike_worker_store_up', { store: 'postgres' }],
      ['turnpike_worker_postgres_connections_limit', {}],
      ['turnpike_worker_redis_memory_used_bytes', { redis: 'durable' }],
      ['turnpike_worker_disk_size_bytes', {}],
      ['turnpike_postgres_pool_limit', { role: 'radius' }],
      ['turnpike_redis_connections', { redis: 'durable', state: 'ready', role: 'api' }],
      ['turnpike_event_loop_busy_seconds_total', { role: 'worker' }],
    ] as const) {
      expect([name, labels, valueOf(seen, name, labels)]).toEqual([name, labels, expect.any(Number)]);
      expect([name, valueOf(seen, name, labels) ?? 0]).not.toEqual([name, 0]);
    }
    // Nobody is to be found in them.
    for (const text of [customer.username, site.router.nasAddress]) expect(seen).not.toContain(text);
  });

  test('the list of targets loses who was killed and gains who came, old and new beside each other once', async () => {
    const roles = async () => (await targets()).map(({ role }) => role);
    expect((await roles()).toSorted()).toEqual(['api', 'radius', 'worker']);
    const before = await targets();
    await system.current.worker.end('SIGKILL');
    await system.succeed('worker');
    // The killed one has not been forgotten yet, but its place is another's.
    const after = await targets();
    expect(after.map(({ role }) => role).toSorted()).toEqual(['api', 'radius', 'worker']);
    const addressOf = (list: typeof before) => list.find(({ role }) => role === 'worker')?.address;
    expect(addressOf(after)).not.toBe(addressOf(before));
    await system.current.worker.end('SIGKILL');
    await until('the killed one being forgotten', 20_000, async () =>
      (await roles()).includes('worker') ? undefined : true,
    );
    await system.succeed('worker');
    expect((await roles()).toSorted()).toEqual(['api', 'radius', 'worker']);
  });
});

describe('Prometheus', () => {
  if (prometheusMissing !== undefined) process.stderr.write(`SKIPPED, install prometheus: ${prometheusMissing}\n`);
  const real = prometheusMissing === undefined ? test : test.skip;

  real(
    'finds every process by the committed configuration, scrapes it, and evaluates every rule without an error',
    async () => {
      const mine = (prometheus = await startPrometheus(system.origin));
      const up = await until('all targets being up', 30_000, async () => {
        const active = await mine.targets();
        return active.length === 3 && active.every(({ health }) => health === 'up') ? active : undefined;
      });
      expect(up.map(({ role }) => role).toSorted()).toEqual(['api', 'radius', 'worker']);
      const rules = await until('all rules being evaluated', 30_000, async () => {
        const all = await mine.rules();
        return all.every(({ health }) => health !== 'unknown') ? all : undefined;
      });
      expect(rules.length).toBeGreaterThan(80);
      expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
      const asked = (await dashboardFiles()).flatMap(expressionsOf);
      expect(asked.length).toBeGreaterThan(100);
      const complaints = await Promise.all(asked.map(mine.complaint));
      expect(complaints.filter((complaint) => complaint !== undefined)).toEqual([]);
      expect(await mine.value('count(up == 1)')).toBe(3);
      expect(await mine.value('sum(turnpike_worker_routers{status="online"})')).toBe(1);
    },
  );
});
