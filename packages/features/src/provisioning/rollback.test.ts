import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { RosError } from '@turnpike/routeros/ros-error.js';
import type { RosSession } from '@turnpike/routeros/ros-session.js';
import { context, hooked, hotspot, pppoe, startProvisioningRig, type ProvisioningRig } from './provisioning-rig.js';

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

const portal = { url: 'http://10.200.0.1:8080', name: 'Turnpike', color: '#123456' };
const status = async () => rig.service.status(rig.routerId);
const router = async () => rig.database.db.router.findUniqueOrThrow({ where: { id: rig.routerId } });

async function rollBack(): Promise<string> {
  const { runId } = await rig.service.rollback(rig.routerId, context);
  await rig.carryOut(runId);
  return runId;
}

/** Does something on the router as somebody else would. */
async function onRouter(work: (session: RosSession) => Promise<void>): Promise<void> {
  const session = await rig.dial(rig.routerId, { signal: AbortSignal.timeout(10_000) });
  await work(session);
  await session.close();
}

/** Rows that were put back stand at the end of their menu, which means something in firewalls only. */
function sorted(rows: ReturnType<ProvisioningRig['rows']>): unknown {
  const text = (row: Readonly<Record<string, string>>): string => JSON.stringify(Object.entries(row).sort());
  return Object.fromEntries(
    Object.entries(rows).map(([path, list]) => [path, path.includes('firewall') ? list : list.map(text).sort()]),
  );
}

describe.each(['6.49.17', '7.18.1', '7.22'])('RouterOS %s', (version) => {
  test('a rollback leaves the router as it was before the deploy, and a second one has nothing to undo', async () => {
    rig = await startProvisioningRig(testDatabase, { version, portal });
    const before = rig.rows();
    const deployed = await rig.deploy([hotspot({ walledGarden: ['pay.example.com'] }), pppoe()]);
    const runId = await rollBack();
    expect(await status()).toMatchObject({
      runId,
      kind: 'rollback',
      state: 'rolled_back',
      percent: 100,
      error: null,
    });
    expect(rig.rows()).toEqual(before);
    expect(await router()).toMatchObject({ deployment: 'not_started', deployedServices: null });
    const run = await rig.service.run(runId);
    expect(run).toMatchObject({ kind: 'rollback', undoesRunId: deployed });
    expect(run.writes).toBeGreaterThan(10);
    expect(run.journal.every(({ state }) => state === 'undone')).toBe(true);
    await expect(rig.service.rollback(rig.routerId, context)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('nothing to undo'),
    });
  });
});

describe('a rollback', () => {
  test('of a second deploy leaves what the first one put there, deployed', async () => {
    rig = await startProvisioningRig(testDatabase, { bridgedPorts: ['ether2', 'ether5'] });
    await rig.deploy([hotspot(), pppoe()]);
    const before = rig.rows();
    await rig.deploy([hotspot({ interfaces: ['ether3', 'ether5'], gateway: '10.9.0.1/24', takeInterfaces: true })]);
    await rollBack();
    expect(await status()).toMatchObject({ state: 'rolled_back' });
    expect(sorted(rig.rows())).toEqual(sorted(before));
    const after = await router();
    expect(after.deployment).toBe('active');
    expect(after.deployedServices).toMatchObject([{ type: 'hotspot', interfaces: ['ether3'] }, { type: 'pppoe' }]);
    const plan = await rig.service.plan(rig.routerId, [hotspot(), pppoe()], AbortSignal.timeout(10_000));
    expect(plan.operations.filter(({ path }) => path !== '/radius')).toEqual([]);
  });

  test('passes over deploys that changed nothing, and over a new secret', async () => {
    rig = await startProvisioningRig(testDatabase);
    const before = rig.rows();
    const deployed = await rig.deploy([hotspot()]);
    const place = { table: 'router', row: rig.routerId, column: 'radius_secret' };
    const radiusSecret = rig.secretBox.seal('a new secret, long enough to be one', place);
    await rig.database.db.router.update({ where: { id: rig.routerId }, data: { radiusSecret } });
    await rig.deploy([hotspot()]);
    expect(await status()).toMatchObject({ writes: 1 });
    await rig.deploy([hotspot()]);
    const runId = await rollBack();
    expect(await rig.service.run(runId)).toMatchObject({ undoesRunId: deployed, state: 'rolled_back' });
    expect(rig.rows()).toEqual(before);
  });

  test('finds rows that a failed deploy has put back under new ids', async () => {
    rig = await startProvisioningRig(testDatabase);
    const before = rig.rows();
    await rig.deploy([hotspot(), pppoe()]);
    rig.router.faults.set({ traps: [{ command: '/ip/hotspot/walled-garden/ip/add', message: 'failure: no' }] });
    await rig.deploy([hotspot({ walledGarden: ['a.example.com'] })]);
    expect(await status()).toMatchObject({ state: 'rolled_back' });
    rig.router.faults.clear();
    await rollBack();
    expect(await status()).toMatchObject({ kind: 'rollback', state: 'rolled_back' });
    expect(rig.rows()).toEqual(before);
  });

  test('is refused with nothing written where somebody has changed the same thing, naming it', async () => {
    rig = await startProvisioningRig(testDatabase);
    await rig.deploy([hotspot()]);
    await onRouter(async (session) => {
      const [pool] = await session.print('/ip/pool', { where: { name: 'tp-hotspot1' } });
      await session.set('/ip/pool', pool?.['.id'], { ranges: '10.5.50.9-10.5.50.10' });
    });
    const rows = rig.rows();
    const writes = rig.router.writes;
    await rollBack();
    const after = await status();
    expect(after).toMatchObject({
      state: 'failed',
      writes: 0,
      error: { code: 'conflict', step: '/ip/pool tp-hotspot1' },
    });
    expect(after.error?.message).toMatch(/ ranges of \/ip\/pool tp-hotspot1 \(\*\w+\) is "10\.5\.50\.9-/);
    expect(after.error?.message).toContain('"10.5.50.9-10.5.50.10" now; the deploy had set "10.5.50.2-10.5.51.254"');
    expect(rig.router.writes).toBe(writes);
    expect(rig.rows()).toEqual(rows);
    expect(await router()).toMatchObject({ deployment: 'active' });
    await rig.deploy([hotspot()]);
    expect(await status()).toMatchObject({ state: 'succeeded', writes: 1 });
  });

  test('leaves the folder of the pages when somebody has put a file there, says so, and has taken back all else', async () => {
    rig = await startProvisioningRig(testDatabase, { portal });
    const { '/file': _files, ...before } = rig.rows();
    await rig.deploy([hotspot()]);
    await onRouter(async (session) => {
      await session.add('/file', { name: 'tp-hotspot1/price-list.html', contents: 'theirs' });
    });
    await rollBack();
    expect(await status()).toMatchObject({
      kind: 'rollback',
      state: 'rolled_back',
      stage: expect.stringContaining('tp-hotspot1 stays, as somebody has put tp-hotspot1/price-list.html there'),
      error: null,
    });
    const { '/file': _folder, ...after } = rig.rows();
    expect(after).toEqual(before);
    const inFolder = rig.router.rows('/file').flatMap(({ name }) => (name?.startsWith('tp-hotspot1/') ? [name] : []));
    expect(inFolder).toEqual(['tp-hotspot1/price-list.html']);
    expect(await router()).toMatchObject({ deployment: 'not_started' });
  });

  test('is refused where somebody’s own row would be left pointing at nothing', async () => {
    rig = await startProvisioningRig(testDatabase);
    await rig.deploy([hotspot()]);
    await onRouter(async (session) => {
      await session.add('/ip/firewall/nat', { chain: 'dstnat', action: 'accept', 'in-interface': 'tp-hotspot1' });
    });
    await rollBack();
    expect(await status()).toMatchObject({ state: 'failed', error: { code: 'conflict' } });
    expect((await status()).error?.message).toContain('uses /interface/bridge tp-hotspot1, which would go');
    await onRouter(async (session) => {
      for (const row of await session.print('/ip/firewall/nat', { where: { chain: 'dstnat' } })) {
        if (row['in-interface'] === 'tp-hotspot1' && row['comment'] === undefined) {
          await session.remove('/ip/firewall/nat', row['.id'] ?? '');
        }
      }
    });
    await rollBack();
    expect(await status()).toMatchObject({ state: 'rolled_back' });
  });

  test('leaves alone what is gone already', async () => {
    rig = await startProvisioningRig(testDatabase);
    const before = rig.rows();
    await rig.deploy([hotspot()]);
    await onRouter(async (session) => {
      const [row] = await session.print('/ip/hotspot', { where: { name: 'tp-hotspot1' } });
      await session.remove('/ip/hotspot', row?.['.id'] ?? '');
    });
    await rollBack();
    expect(await status()).toMatchObject({ state: 'rolled_back' });
    expect(rig.rows()).toEqual(before);
  });

  test('P2: goes on where it was when the link broke at any write', async () => {
    rig = await startProvisioningRig(testDatabase);
    const before = rig.rows();
    await rig.deploy([hotspot(), pppoe()]);
    let left = 8;
    rig.dialWith(async (id, call) => {
      const session = await rig.dial(id, call);
      return hooked(session, {
        after: async (write) => {
          if (left === 0 || write < 4) return;
          left -= 1;
          await session.close();
          throw new RosError('closed', 'the link broke');
        },
      });
    });
    await rollBack();
    expect(left).toBe(0);
    expect(await status()).toMatchObject({ state: 'rolled_back' });
    expect(rig.rows()).toEqual(before);
  });

  test('D11: of a worker that dies at any write is finished by the next one', async () => {
    rig = await startProvisioningRig(testDatabase);
    const before = rig.rows();
    await rig.deploy([hotspot()]);
    const { runId } = await rig.service.rollback(rig.routerId, context);
    for (const fatal of [1, 4, 9]) {
      const dying = new AbortController();
      rig.dialWith(async (id, call) =>
        hooked(await rig.dial(id, call), {
          after: (write) => {
            if (write === fatal) dying.abort(new Error('the worker dies'));
          },
        }),
      );
      await expect(rig.carryOut(runId, dying.signal)).rejects.toThrow('the worker dies');
      expect(await status()).toMatchObject({ state: 'rolling_back' });
    }
    rig.dialWith(rig.dial);
    await rig.carryOut(runId);
    expect(await status()).toMatchObject({ runId, state: 'rolled_back', attempt: 4 });
    expect(rig.rows()).toEqual(before);
  });

  test('that the router refuses half way says so, and the next one finishes it', async () => {
    rig = await startProvisioningRig(testDatabase);
    const before = rig.rows();
    await rig.deploy([hotspot()]);
    rig.router.faults.set({ traps: [{ command: '/ip/pool/remove', message: 'failure: pool in use' }] });
    await rollBack();
    expect(await status()).toMatchObject({
      state: 'rollback_failed',
      error: { code: 'router_refused', step: 'undo add /ip/pool tp-hotspot1', routerMessage: 'failure: pool in use' },
    });
    expect(await router()).toMatchObject({ deployment: 'failed' });
    rig.router.faults.clear();
    await rollBack();
    expect(await status()).toMatchObject({ state: 'rolled_back' });
    expect(rig.rows()).toEqual(before);
  });

  test('of a router that is away changes nothing and says so', async () => {
    rig = await startProvisioningRig(testDatabase, { timing: { firstContactMs: 50 } });
    await rig.deploy([hotspot()]);
    rig.router.faults.set({ acceptThenClose: true });
    await rollBack();
    const after = await status();
    expect(after).toMatchObject({ state: 'failed', error: { code: 'router_unreachable' } });
    expect(after.error?.remedy).toContain('then roll back again');
    expect(await router()).toMatchObject({ deployment: 'active' });
  });
});

describe('asking for a rollback', () => {
  test('of a router that was never deployed says that there is nothing to undo', async () => {
    rig = await startProvisioningRig(testDatabase);
    await expect(rig.service.rollback(rig.routerId, context)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('nothing to undo'),
    });
  });

  test('P3: is refused while a run holds the router, and is written to the audit trail', async () => {
    rig = await startProvisioningRig(testDatabase);
    const undoes = await rig.deploy([hotspot()]);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 3 }, async () => rig.service.rollback(rig.routerId, context)),
    );
    const runIds = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.runId] : []));
    expect(runIds).toHaveLength(1);
    await expect(rig.service.rollback(rig.routerId, context)).rejects.toMatchObject({ code: 'router_busy' });
    await expect(rig.service.deploy(rig.routerId, [hotspot()], context)).rejects.toMatchObject({ code: 'router_busy' });
    const audit = await rig.database.db.auditEntry.findMany({
      where: { subjectId: rig.routerId, action: 'router.rollback' },
    });
    expect(audit).toMatchObject([{ actor: 'tester', details: { runId: runIds[0], undoes } }]);
  });

  test('is history after a reset', async () => {
    rig = await startProvisioningRig(testDatabase);
    await rig.deploy([hotspot()]);
    await rollBack();
    await rig.service.reset(rig.routerId, context);
    expect(await status()).toMatchObject({ state: 'not_started', runId: null, kind: null });
  });

  test('waits until a failed deploy that left changes behind is completed', async () => {
    rig = await startProvisioningRig(testDatabase);
    await rig.deploy([pppoe()]);
    rig.router.faults.set({
      traps: [
        { command: '/ip/hotspot/add', message: 'failure: first' },
        { command: '/ip/pool/remove', message: 'failure: second' },
      ],
    });
    await rig.deploy([pppoe(), hotspot()]);
    expect(await status()).toMatchObject({ state: 'rollback_failed', kind: 'deploy' });
    await expect(rig.service.rollback(rig.routerId, context)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('Deploy again first'),
    });
  });
});
