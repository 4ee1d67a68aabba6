import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { AppError } from '@turnpike/core/app-error.js';
import { context, hotspot, pppoe, startProvisioningRig, type ProvisioningRig } from './provisioning-rig.js';

let testDatabase: TestDatabase;
let rig: ProvisioningRig;

beforeAll(async () => {
  testDatabase = await openTestDatabase();
});

afterAll(async () => {
  await testDatabase.drop();
});

afterEach(async () => {
  await rig.stop();
});

const signal = (): AbortSignal => AbortSignal.timeout(10_000);
const status = async () => rig.service.status(rig.routerId);

describe.each(['6.49.17', '7.17.2', '7.18.1', '7.22'])('RouterOS %s', (version) => {
  test('deploys a hotspot and PPPoE, and a second deploy writes nothing', async () => {
    rig = await startProvisioningRig(testDatabase, { version });
    const services = [hotspot({ walledGarden: ['pay.example.com'], dnsName: 'wifi.example.com' }), pppoe()];
    await rig.deploy(services);
    const first = await status();
    expect(first).toMatchObject({ state: 'succeeded', percent: 100, error: null, attempt: 1 });
    expect(first.writes).toBe(rig.router.writes);
    const rows = rig.rows();
    await rig.deploy(services);
    expect(await status()).toMatchObject({ state: 'succeeded', writes: 0 });
    expect(rig.router.writes).toBe(first.writes);
    expect(rig.rows()).toEqual(rows);
  });
});

describe('a deploy', () => {
  test('touches nothing that was there', async () => {
    rig = await startProvisioningRig(testDatabase, { bridgedPorts: ['ether2', 'ether5'] });
    const before = rig.rows();
    await rig.deploy([hotspot(), pppoe()]);
    const after = rig.rows();
    for (const [path, rows] of Object.entries(before)) {
      if (path === '/radius/incoming' || path === '/ppp/aaa') continue;
      expect(after[path]).toEqual(expect.arrayContaining([...rows]));
    }
  });

  test('P6: is not led astray by what others have written on the router', async () => {
    rig = await startProvisioningRig(testDatabase);
    const session = await rig.dial(rig.routerId, { signal: signal() });
    const hostile = ['"; /system/reset-configuration', 'a\n=.id=*1', 'tp-hotspot1 ', 'tp:', '\u{1F4A3} \\ $(reboot)'];
    for (const [index, text] of hostile.entries()) {
      await session.add('/ip/pool', {
        name: `${text}${index}`,
        ranges: `10.77.${index}.2-10.77.${index}.9`,
        comment: text,
      });
      await session.add('/ip/firewall/filter', { chain: text, comment: text });
    }
    await session.close();
    const before = rig.router.rows('/ip/pool');
    await rig.deploy([hotspot()]);
    expect(await status()).toMatchObject({ state: 'succeeded' });
    expect(rig.router.rows('/ip/pool')).toEqual(expect.arrayContaining(before));
  });

  test('makes the router active and remembers what it runs', async () => {
    rig = await startProvisioningRig(testDatabase);
    await rig.deploy([hotspot()]);
    const row = await rig.database.db.router.findUnique({ where: { id: rig.routerId } });
    expect(row).toMatchObject({
      deployment: 'active',
      deployedServices: [{ type: 'hotspot', interfaces: ['ether3'] }],
    });
  });

  test('tells its progress live, and percent never goes back', async () => {
    rig = await startProvisioningRig(testDatabase);
    await rig.deploy([hotspot()]);
    const told = rig.events.flatMap((event) => (event.type === 'provisioning' ? [event.status] : []));
    const states = [...new Set(told.map((one) => one.state))];
    expect(states).toEqual([
      'queued',
      'connecting',
      'preflight',
      'backup',
      'planning',
      'applying',
      'verifying',
      'succeeded',
    ]);
    const percents = told.map((one) => one.percent);
    expect(percents).toEqual([...percents].sort((a, b) => a - b));
  });

  test('mends one drifted object with one set', async () => {
    rig = await startProvisioningRig(testDatabase);
    await rig.deploy([hotspot()]);
    const session = await rig.dial(rig.routerId, { signal: signal() });
    const [pool] = await session.print('/ip/pool', { where: { name: 'tp-hotspot1' } });
    await session.set('/ip/pool', pool?.['.id'], { ranges: '10.5.50.9-10.5.50.10' });
    await session.close();
    const plan = await rig.service.plan(rig.routerId, [hotspot()], signal());
    expect(plan.operations).toEqual([
      {
        op: 'set',
        path: '/ip/pool',
        key: 'tp-hotspot1',
        changes: { ranges: { from: '10.5.50.9-10.5.50.10', to: '10.5.50.2-10.5.51.254' } },
      },
    ]);
    await rig.deploy([hotspot()]);
    expect(await status()).toMatchObject({ state: 'succeeded', writes: 1 });
  });

  test('of fewer services takes the others away and leaves the router as before for them', async () => {
    rig = await startProvisioningRig(testDatabase);
    await rig.deploy([pppoe()]);
    const before = rig.rows();
    await rig.deploy([pppoe(), hotspot()]);
    await rig.deploy([pppoe()]);
    expect(await status()).toMatchObject({ state: 'succeeded' });
    expect(rig.rows()).toEqual(before);
  });

  test('holds its plan for a user who may not see secrets, and sets a rotated secret exactly once', async () => {
    rig = await startProvisioningRig(testDatabase);
    await rig.deploy([hotspot()]);
    rig.router.faults.clear();
    const session = await rig.dial(rig.routerId, { signal: signal() });
    await session.add('/user/group', { name: 'tp-api', policy: 'api,read,write,test,password' });
    const [admin] = await session.print('/user', { where: { name: rig.router.username } });
    await session.set('/user', admin?.['.id'], { group: 'tp-api' });
    await session.close();
    await rig.deploy([hotspot()]);
    expect(await status()).toMatchObject({ state: 'succeeded', writes: 0 });
    const place = { table: 'router', row: rig.routerId, column: 'radius_secret' };
    const radiusSecret = rig.secretBox.seal('a new secret, long enough to be one', place);
    await rig.database.db.router.update({ where: { id: rig.routerId }, data: { radiusSecret } });
    await rig.deploy([hotspot()]);
    expect(await status()).toMatchObject({ state: 'succeeded', writes: 1 });
    expect(rig.router.rows('/radius')).toMatchObject([{ secret: 'a new secret, long enough to be one' }]);
    await rig.deploy([hotspot()]);
    expect(await status()).toMatchObject({ state: 'succeeded', writes: 0 });
  });

  test('S8: keeps secrets out of journal, backup, audit, outbox and events', async () => {
    rig = await startProvisioningRig(testDatabase);
    const runId = await rig.deploy([hotspot()]);
    await rig.deploy([hotspot({ gateway: '10.7.0.1/24' })]);
    const { db } = rig.database;
    const stored = await Promise.all([
      db.provisioningRun.findMany(),
      db.journalEntry.findMany(),
      db.outboxMessage.findMany(),
      rig.service.run(runId),
    ]);
    const audit = await db.$queryRaw<{ text: string }[]>`SELECT details::text AS text FROM audit_entry`;
    expect(JSON.stringify([stored, audit, rig.events])).not.toContain('thirty-two letters');
    expect(JSON.stringify(stored)).toContain('[redacted]');
  });
});

describe('interfaces of others', () => {
  test('a port of another bridge stays there without consent', async () => {
    rig = await startProvisioningRig(testDatabase, { bridgedPorts: ['ether2', 'ether3'] });
    const before = rig.rows();
    await rig.deploy([hotspot()]);
    const after = await status();
    expect(after).toMatchObject({ state: 'failed', writes: 0, error: { code: 'conflict' } });
    expect(after.error?.remedy).toContain('takeInterfaces');
    expect(rig.router.writes).toBe(0);
    expect(rig.rows()).toEqual(before);
  });

  test('with consent its row is moved, not made anew', async () => {
    rig = await startProvisioningRig(testDatabase, { bridgedPorts: ['ether2', 'ether3'] });
    const [, port] = rig.router.rows('/interface/bridge/port');
    await rig.deploy([hotspot({ takeInterfaces: true })]);
    expect(await status()).toMatchObject({ state: 'succeeded' });
    expect(rig.router.rows('/interface/bridge/port')).toMatchObject([
      { interface: 'ether2', bridge: 'bridge' },
      { '.id': port?.['.id'], interface: 'ether3', bridge: 'tp-hotspot1', comment: 'tp:hotspot1:port:ether3' },
    ]);
  });

  test('the uplink that our own session comes through is refused', async () => {
    rig = await startProvisioningRig(testDatabase);
    const plan = await rig.service.plan(rig.routerId, [hotspot({ interfaces: ['ether1'] })], signal());
    expect(plan.conflicts).toMatchObject([{ key: 'ether1', message: expect.stringContaining('our own connection') }]);
  });
});

describe('a router whose device-mode forbids the hotspot', () => {
  test('waits for a person with nothing written, says what to do, and goes on when it is done', async () => {
    rig = await startProvisioningRig(testDatabase, { deviceMode: 'home' });
    const runId = await rig.deploy([hotspot()]);
    const waiting = await status();
    expect(waiting).toMatchObject({ runId, state: 'waiting_for_operator', writes: 0, error: { code: 'device_mode' } });
    expect(waiting.error?.remedy).toContain('/system/device-mode/update');
    expect(rig.router.writes).toBe(0);
    await rig.carryOut(runId);
    expect(await status()).toEqual(waiting);
    rig.router.state.deviceMode['hotspot'] = 'true';
    await rig.carryOut(runId);
    expect(await status()).toMatchObject({ runId, state: 'succeeded', error: null });
  });

  test('goes on waiting while the router restarts', async () => {
    rig = await startProvisioningRig(testDatabase, { deviceMode: 'home', timing: { firstContactMs: 50 } });
    const runId = await rig.deploy([hotspot()]);
    const waiting = await status();
    rig.router.faults.set({ acceptThenClose: true });
    await rig.carryOut(runId);
    expect(await status()).toEqual(waiting);
  });

  test('makes room for another deploy', async () => {
    rig = await startProvisioningRig(testDatabase, { deviceMode: 'home' });
    const runId = await rig.deploy([hotspot()]);
    await rig.deploy([pppoe()]);
    expect(await status()).toMatchObject({ state: 'succeeded' });
    expect(await rig.service.run(runId)).toMatchObject({ state: 'cancelled' });
  });
});

describe('asking for a deploy', () => {
  test('P3: of two at once one is refused', async () => {
    rig = await startProvisioningRig(testDatabase);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 4 }, async () => rig.service.deploy(rig.routerId, [hotspot()], context)),
    );
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'router_busy' });
    }
    expect(await rig.outbox()).toMatchObject([{ job: 'provisioning.run', payload: { runId: expect.any(String) } }]);
    const audit = await rig.database.db.auditEntry.findMany({ where: { subjectId: rig.routerId } });
    expect(audit).toMatchObject([{ action: 'router.deploy', actor: 'tester' }]);
  });

  test('is refused for addresses that cannot work, naming the field', async () => {
    rig = await startProvisioningRig(testDatabase);
    const problems: [Parameters<typeof rig.service.deploy>[1], string][] = [
      [[hotspot({ gateway: '10.5.50.0/23' })], 'services.0.gateway'],
      [[hotspot({ gateway: '300.5.50.1/23' })], 'services.0.gateway'],
      [[hotspot(), pppoe({ pool: '10.5.51.0/24' })], 'services.1.pool'],
      [[pppoe({ pool: '10.6.0.9-10.6.0.2' })], 'services.0.pool'],
      [[hotspot(), hotspot({ gateway: '10.9.0.1/24' })], 'services.1.interfaces.0'],
    ];
    for (const [services, path] of problems) {
      const refusal = await rig.service.deploy(rig.routerId, services, context).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(AppError);
      expect(refusal).toMatchObject({ code: 'validation_failed', issues: [{ path }] });
    }
  });

  test('of a router that is not there is not found', async () => {
    rig = await startProvisioningRig(testDatabase);
    const nobody = '00000000-0000-7000-8000-000000000000';
    await expect(rig.service.deploy(nobody, [hotspot()], context)).rejects.toMatchObject({ code: 'not_found' });
    await expect(rig.service.status(nobody)).rejects.toMatchObject({ code: 'not_found' });
    await expect(rig.service.run(nobody)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('can be done anew after a reset, which a run at work refuses', async () => {
    rig = await startProvisioningRig(testDatabase);
    const { runId } = await rig.service.deploy(rig.routerId, [hotspot()], context);
    await expect(rig.service.reset(rig.routerId, context)).rejects.toMatchObject({ code: 'router_busy' });
    await rig.carryOut(runId);
    expect(await rig.service.reset(rig.routerId, context)).toMatchObject({ state: 'not_started', runId: null });
    expect(await status()).toMatchObject({ state: 'not_started' });
    await rig.deploy([hotspot()]);
    expect(await status()).toMatchObject({ state: 'succeeded', writes: 0 });
    const { items, nextCursor } = await rig.service.runs(rig.routerId, { limit: 1 });
    expect(items).toHaveLength(1);
    const rest = await rig.service.runs(rig.routerId, { limit: 5, cursor: nextCursor ?? '' });
    expect(rest.items.map((run) => run.id)).toEqual([runId]);
  });
});
