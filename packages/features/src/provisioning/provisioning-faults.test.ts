import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { Secret } from '@turnpike/core/secret.js';
import { createDialer } from '@turnpike/routeros/dial-router.js';
import { RosError } from '@turnpike/routeros/ros-error.js';
import {
  context,
  hooked,
  hotspot,
  logger,
  pppoe,
  startProvisioningRig,
  type ProvisioningRig,
} from './provisioning-rig.js';

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

const status = async () => rig.service.status(rig.routerId);
const never = (): AbortSignal => AbortSignal.timeout(25_000);

/** Our objects by what makes them ours; each may be there once. */
function ourMarks(): string[] {
  return Object.entries(rig.rows()).flatMap(([path, rows]) =>
    rows
      .map((row) => row['comment'] ?? row['name'] ?? '')
      .filter((mark) => mark.startsWith('tp'))
      .map((mark) => `${path} ${mark}`),
  );
}

function expectNoDoubles(): void {
  const marks = ourMarks();
  expect(new Set(marks).size).toBe(marks.length);
}

function trap(): RosError {
  return new RosError('trap', 'failure: out of luck', {
    traps: [{ message: 'failure: out of luck', category: undefined }],
  });
}

describe('a refusal in the middle', () => {
  test('takes everything back and says where, in the router’s own words', async () => {
    rig = await startProvisioningRig(testDatabase);
    const before = rig.rows();
    rig.router.faults.set({ traps: [{ command: '/ip/hotspot/add', message: 'failure: no such licence' }] });
    await rig.deploy([hotspot(), pppoe()]);
    const after = await status();
    expect(after).toMatchObject({
      state: 'rolled_back',
      error: { code: 'router_refused', step: 'add /ip/hotspot tp-hotspot1', routerMessage: 'failure: no such licence' },
    });
    expect(after.finishedAt).not.toBeNull();
    expect(rig.rows()).toEqual(before);
    rig.router.faults.clear();
    await rig.deploy([hotspot(), pppoe()]);
    expect(await status()).toMatchObject({ state: 'succeeded' });
  });

  test('takes back sets, removes and taken interfaces, wherever it happens', async () => {
    rig = await startProvisioningRig(testDatabase, { bridgedPorts: ['ether2', 'ether5'] });
    await rig.deploy([hotspot({ walledGarden: ['a.example.com'] }), pppoe()]);
    const before = rig.rows();
    const wished = [
      hotspot({
        interfaces: ['ether3', 'ether5'],
        gateway: '10.9.0.1/24',
        takeInterfaces: true,
        clientIsolation: false,
      }),
    ];
    const total = (await rig.service.plan(rig.routerId, wished, never())).operations.length;
    expect(total).toBeGreaterThan(15);
    for (const fatal of [1, 4, 9, 14, total - 1, total]) {
      rig.dialWith(async (id, call) =>
        hooked(await rig.dial(id, call), {
          before: (write) => {
            if (write === fatal) throw trap();
          },
        }),
      );
      await rig.deploy(wished);
      expect(await status()).toMatchObject({ state: 'rolled_back' });
      expect(sorted(rig.rows())).toEqual(sorted(before));
    }
  });

  test('that cannot be taken back is told, and the next deploy completes the work', async () => {
    rig = await startProvisioningRig(testDatabase);
    rig.router.faults.set({
      traps: [
        { command: '/ip/hotspot/add', message: 'failure: first' },
        { command: '/ip/pool/remove', message: 'failure: second' },
      ],
    });
    await rig.deploy([hotspot()]);
    expect(await status()).toMatchObject({ state: 'rollback_failed', error: { code: 'router_refused' } });
    rig.router.faults.clear();
    await rig.deploy([hotspot()]);
    expect(await status()).toMatchObject({ state: 'succeeded' });
    expectNoDoubles();
  });
});

/** Rows that were removed and put back stand at the end of their menu, which means something in firewalls only. */
function sorted(rows: ReturnType<ProvisioningRig['rows']>): unknown {
  return Object.fromEntries(
    Object.entries(rows).map(([path, list]) => [
      path,
      path === '/ip/firewall/filter' ? list : list.map((row) => JSON.stringify(Object.entries(row).sort())).sort(),
    ]),
  );
}

describe('a link that gives way', () => {
  const cuts = [5, 34, 37, 44, 60].flatMap((sentence) => [
    { sentence, when: 'before' as const },
    { sentence, when: 'after' as const },
  ]);

  test.each(cuts)(
    'P1: cut at sentence $sentence of each connection, $when it is carried out, ends clean and doubles nothing',
    async (cut) => {
      rig = await startProvisioningRig(testDatabase);
      const before = rig.rows();
      rig.dialWith(async (id, call) => {
        rig.router.faults.set({ dropAt: { ...cut, how: 'rst' } });
        return rig.dial(id, call);
      });
      await rig.deploy([hotspot(), pppoe()]);
      rig.router.faults.clear();
      const { state } = await status();
      expect(['succeeded', 'failed', 'rolled_back']).toContain(state);
      if (state === 'succeeded') expectNoDoubles();
      else expect(rig.rows()).toEqual(before);
      if (cut.sentence >= 37) expect(state).toBe('succeeded');
      rig.dialWith(rig.dial);
      await rig.deploy([hotspot(), pppoe()]);
      expect(await status()).toMatchObject({ state: 'succeeded', ...(state === 'succeeded' ? { writes: 0 } : {}) });
      expectNoDoubles();
    },
  );

  test('P1: an answer that never comes is not taken for a refusal', async () => {
    rig = await startProvisioningRig(testDatabase);
    rig.router.faults.set({ neverAnswer: ['/ip/pool/add'] });
    rig.dialWith(async (id, call) => {
      const session = await rig.dial(id, call);
      return hooked(session, { after: () => undefined, before: () => rig.router.faults.clear() });
    });
    await rig.deploy([hotspot()]);
    expect(await status()).toMatchObject({ state: 'succeeded' });
    expectNoDoubles();
  });

  test('P2: a restart in the middle is waited for, and the work goes on', async () => {
    rig = await startProvisioningRig(testDatabase);
    let restarted: Promise<void> | undefined;
    rig.dialWith(async (id, call) =>
      hooked(await rig.dial(id, call), {
        before: (write) => {
          if (write === 9) restarted ??= rig.router.reboot();
        },
      }),
    );
    await rig.deploy([hotspot()]);
    await restarted;
    expect(restarted).toBeDefined();
    expect(await status()).toMatchObject({ state: 'succeeded', attempt: 1 });
    expectNoDoubles();
  });

  test('a router that stays away is told as such, with nothing written', async () => {
    rig = await startProvisioningRig(testDatabase, { timing: { firstContactMs: 100 } });
    rig.router.faults.set({ acceptThenClose: true });
    await rig.deploy([hotspot()]);
    expect(await status()).toMatchObject({
      state: 'failed',
      writes: 0,
      error: { code: 'router_unreachable', step: 'connect' },
    });
  });

  test('P4: a refused login is tried twice and no more', async () => {
    rig = await startProvisioningRig(testDatabase);
    const dial = createDialer();
    const { host, apiPort: port, username } = rig.router;
    rig.dialWith(async (_id, { signal }) =>
      dial({ host, port, username, password: new Secret('wrong'), tls: undefined }, { signal }),
    );
    await rig.deploy([hotspot()]);
    expect(await status()).toMatchObject({
      state: 'failed',
      error: { code: 'router_login_failed', routerMessage: 'invalid user name or password (6)' },
    });
    const logins = rig.router.sentences.filter(([command]) => command === '/login');
    expect(logins).toHaveLength(2);
  });
});

describe('a worker that dies', () => {
  /** Stops for good at the given write; `release` lets it go on, as a frozen process would. */
  function frozenAt(fatal: number, when: 'before' | 'after') {
    const gate = resolvers();
    const reached = resolvers();
    const stop = async (write: number): Promise<void> => {
      if (write !== fatal) return;
      reached.resolve();
      await gate.promise;
    };
    rig.dialWith(async (id, call) => hooked(await rig.dial(id, call), { [when]: stop }));
    return { reached: reached.promise, release: gate.resolve };
  }

  function resolvers(): { promise: Promise<void>; resolve: () => void } {
    let resolve = (): void => undefined;
    const promise = new Promise<void>((done) => {
      resolve = done;
    });
    return { promise, resolve };
  }

  test.each([
    [1, 'before'],
    [7, 'after'],
    [20, 'before'],
  ] as const)('D11: at write %i, %s it, is replaced by another that finishes the same run', async (fatal, when) => {
    rig = await startProvisioningRig(testDatabase);
    const dead = rig.workerWith({ leaseRenewMs: 1_000_000 });
    const death = new AbortController();
    const { reached, release } = frozenAt(fatal, when);
    const { runId } = await rig.service.deploy(rig.routerId, [hotspot(), pppoe()], context);
    const abandoned = dead['provisioning.run']({ runId }, { signal: death.signal, logger });
    await reached;
    rig.dialWith(rig.dial);
    await rig.carryOut(runId);
    expect(await status()).toMatchObject({ runId, state: 'succeeded', attempt: 2 });
    expectNoDoubles();
    death.abort(new Error('killed'));
    release();
    await abandoned.catch(() => undefined);
  });

  test('D12: one that was frozen and comes back writes neither journal nor router', async () => {
    rig = await startProvisioningRig(testDatabase);
    const frozen = rig.workerWith({ leaseRenewMs: 1_000_000 });
    const { reached, release } = frozenAt(7, 'after');
    const { runId } = await rig.service.deploy(rig.routerId, [hotspot()], context);
    const first = frozen['provisioning.run']({ runId }, { signal: never(), logger });
    await reached;
    rig.dialWith(rig.dial);
    await rig.carryOut(runId);
    const journal = (await rig.service.run(runId)).journal;
    const { writes } = rig.router;
    release();
    await first;
    expect((await rig.service.run(runId)).journal).toEqual(journal);
    expect(rig.router.writes).toBe(writes);
    expect(await status()).toMatchObject({ state: 'succeeded' });
  });

  test('D12: a second delivery of the same job waits for the living one and does nothing', async () => {
    rig = await startProvisioningRig(testDatabase);
    const { runId } = await rig.service.deploy(rig.routerId, [hotspot()], context);
    const workers = [1, 2, 3].map(() => rig.workerWith({ leaseTtlMs: 20_000, leaseGraceMs: 15_000 }));
    await Promise.all(
      workers.map(async (worker) => worker['provisioning.run']({ runId }, { signal: never(), logger })),
    );
    expect(await status()).toMatchObject({ state: 'succeeded', attempt: 1 });
    expect((await status()).writes).toBe(rig.router.writes);
  });

  test('during a rollback leaves the rest of it to another', async () => {
    rig = await startProvisioningRig(testDatabase);
    const before = rig.rows();
    const dead = rig.workerWith({ leaseRenewMs: 1_000_000 });
    const death = new AbortController();
    rig.router.faults.set({ traps: [{ command: '/ip/hotspot/add', message: 'failure: no' }] });
    const reached = resolvers();
    const gate = resolvers();
    rig.dialWith(async (id, call) => {
      const session = await rig.dial(id, call);
      let removals = 0;
      return {
        ...hooked(session, {}),
        remove: async (...args: Parameters<typeof session.remove>) => {
          removals += 1;
          await session.remove(...args);
          if (removals === 3) {
            reached.resolve();
            await gate.promise;
          }
        },
      };
    });
    const { runId } = await rig.service.deploy(rig.routerId, [hotspot()], context);
    const abandoned = dead['provisioning.run']({ runId }, { signal: death.signal, logger });
    await reached.promise;
    rig.dialWith(rig.dial);
    await rig.carryOut(runId);
    expect(await status()).toMatchObject({ state: 'rolled_back', error: { routerMessage: 'failure: no' } });
    expect(rig.rows()).toEqual(before);
    death.abort(new Error('killed'));
    gate.resolve();
    await abandoned.catch(() => undefined);
  });

  test('of which the first attempt’s journal still serves to take everything back', async () => {
    rig = await startProvisioningRig(testDatabase);
    const before = rig.rows();
    const dead = rig.workerWith({ leaseRenewMs: 1_000_000 });
    const death = new AbortController();
    const { reached, release } = frozenAt(12, 'after');
    const { runId } = await rig.service.deploy(rig.routerId, [hotspot()], context);
    const abandoned = dead['provisioning.run']({ runId }, { signal: death.signal, logger });
    await reached;
    rig.dialWith(rig.dial);
    rig.router.faults.set({ traps: [{ command: '/ip/hotspot/add', message: 'failure: no' }] });
    await rig.carryOut(runId);
    expect(await status()).toMatchObject({ state: 'rolled_back', attempt: 2 });
    expect(rig.rows()).toEqual(before);
    death.abort(new Error('killed'));
    release();
    await abandoned.catch(() => undefined);
  });
});

describe('the sweep', () => {
  test('D15: gives a run whose job got lost to a worker again, once', async () => {
    rig = await startProvisioningRig(testDatabase);
    const { runId } = await rig.service.deploy(rig.routerId, [hotspot()], context);
    await rig.jobs['provisioning.sweep']();
    expect(await rig.outbox()).toHaveLength(1);
    const past = new Date(Date.now() - 16_000);
    await rig.database.db.provisioningRun.update({ where: { id: runId }, data: { progressAt: past } });
    await rig.jobs['provisioning.sweep']();
    await rig.jobs['provisioning.sweep']();
    expect(await rig.outbox()).toMatchObject([{}, { job: 'provisioning.run', payload: { runId } }]);
  });

  test('leaves a run alone while a worker holds its lease, and finds it when that has run out', async () => {
    rig = await startProvisioningRig(testDatabase);
    const { runId } = await rig.service.deploy(rig.routerId, [hotspot()], context);
    const { db } = rig.database;
    const past = new Date(Date.now() - 60_000);
    await db.provisioningRun.update({ where: { id: runId }, data: { state: 'applying', progressAt: past } });
    const lease = { routerId: rig.routerId, holder: runId, token: 1n };
    await db.routerLease.create({ data: { ...lease, expiresAt: new Date(Date.now() + 5_000) } });
    await rig.jobs['provisioning.sweep']();
    expect(await rig.outbox()).toHaveLength(1);
    await db.routerLease.update({
      where: { routerId: rig.routerId },
      data: { expiresAt: new Date(Date.now() - 21_000) },
    });
    await rig.jobs['provisioning.sweep']();
    expect(await rig.outbox()).toHaveLength(2);
  });

  test('a run that was interrupted too often is ended', async () => {
    rig = await startProvisioningRig(testDatabase);
    const { runId } = await rig.service.deploy(rig.routerId, [hotspot()], context);
    await rig.database.db.provisioningRun.update({ where: { id: runId }, data: { attempt: 6 } });
    await rig.carryOut(runId);
    expect(await status()).toMatchObject({ state: 'failed', error: { code: 'gave_up' } });
    expect(rig.router.writes).toBe(0);
  });
});
