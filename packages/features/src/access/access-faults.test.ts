import { CODE } from '@turnpike/radius/attributes.js';
import { accessRequest, openAccessRig, PASSWORD, type AccessProcess, type AccessRig } from './access-process-rig.js';

let rig: AccessRig;
let radius: AccessProcess;
let other: AccessProcess;

beforeAll(async () => {
  rig = await openAccessRig();
  radius = await rig.openProcess({ redisLimitMs: 150 });
  other = await rig.openProcess({ redisLimitMs: 150 });
  // Makes the package that the others then share.
  await rig.customer('the first');
});

afterEach(async () => {
  await rig.restore(radius);
  await rig.restore(other);
});

afterAll(() => rig.close());

const mac = (number: number): string =>
  `02:00:00:00:${(number >> 8).toString(16).padStart(2, '0')}:${(number & 255).toString(16).padStart(2, '0')}`.toUpperCase();

/** Logins of as many devices at once, by turns at the processes; gives how many were let in. */
async function letIn(username: string, devices: number, processes = [radius, other], from = 0): Promise<number> {
  const answers = await Promise.all(
    Array.from({ length: devices }, async (_, index) => {
      const request = accessRequest(username, { pap: PASSWORD }, { device: mac(from + index) });
      return processes[index % processes.length]?.handle(request);
    }),
  );
  return answers.filter((answer) => typeof answer === 'object' && answer.code === CODE.ACCESS_ACCEPT).length;
}

describe('the limit of devices', () => {
  test('A9: a hundred customers with 50 logins each at once, at two processes: exactly the limit of each', async () => {
    const patient = await Promise.all([rig.openProcess(), rig.openProcess()]);
    const places = (index: number): number => 1 + (index % 3);
    await Promise.all(
      Array.from({ length: 100 }, (_, index) => rig.customer(`crowd ${index}`, { devices: places(index) })),
    );
    for (let from = 0; from < 100; from += 10) {
      const some = Array.from({ length: 10 }, (_, index) => from + index);
      const inside = await Promise.all(some.map((index) => letIn(`crowd ${index}`, 50, patient)));
      expect(inside).toEqual(some.map(places));
    }
  });

  test('A9: when Redis goes away and comes back in the middle, still exactly the limit of each', async () => {
    const names = Array.from({ length: 10 }, (_, index) => `disturbed ${index}`);
    await Promise.all(names.map((name) => rig.customer(name, { devices: 3 })));
    const inside = new Map<string, number>(names.map((name) => [name, 0]));
    const wave = async (from: number): Promise<void> => {
      await Promise.all(
        names.map(async (name) => inside.set(name, (inside.get(name) ?? 0) + (await letIn(name, 2, [radius], from)))),
      );
    };
    await wave(0);
    rig.redisProxy.cut();
    await wave(10);
    await rig.restore(radius);
    for (let round = 2; round < 12; round += 1) await wave(round * 10);
    expect([...inside.values()]).toEqual(names.map(() => 3));
  });

  test('A9: with Redis away PostgreSQL counts, exactly too, and the same device may log in again', async () => {
    const { customerId, entitlementId } = await rig.customer('crowd without redis', { devices: 3 });
    await rig.store.database.db.session.create({
      data: {
        key: 'c.open',
        acctSessionId: '1',
        routerId: await rig.rows.router('127.0.9.1', 'secret of a router'),
        username: 'crowd without redis',
        customerId,
        entitlementId,
        callingStationId: mac(0),
        startedAt: new Date(),
        lastSeenAt: new Date(),
      },
    });
    rig.redisProxy.cut();
    // The device of the open session is one of the fifty.
    expect(await letIn('crowd without redis', 50)).toBe(3);
    const held = await rig.store.database.db.deviceClaim.findMany({ where: { entitlementId } });
    expect(held.length).toBeGreaterThanOrEqual(2);
    expect(await radius.login('crowd without redis', PASSWORD, held[0]?.device)).toBe('accept');
    expect(await radius.login('crowd without redis', PASSWORD, mac(2_000))).toBe('too_many_devices');
  });

  test('A6: a place taken in PostgreSQL is free when its session is closed or its time is over', async () => {
    const third = await rig.openProcess({ redisLimitMs: 150 });
    const { entitlementId } = await rig.customer('short stay', { devices: 1 });
    const { db } = rig.store.database;
    rig.redisProxy.cut();
    expect(await radius.login('short stay', PASSWORD, mac(1))).toBe('accept');
    expect(await radius.login('short stay', PASSWORD, mac(2))).toBe('too_many_devices');
    await db.deviceClaim.updateMany({ where: { entitlementId }, data: { expiresAt: new Date(Date.now() - 1) } });
    // Another process: the first one remembers for some seconds whom it let in.
    expect(await other.login('short stay', PASSWORD, mac(2))).toBe('accept');
    const claim = await db.deviceClaim.findFirstOrThrow({ where: { entitlementId, device: mac(2) } });
    await db.session.create({
      data: {
        key: claim.sessionKey,
        acctSessionId: '2',
        routerId: await rig.rows.router('127.0.9.2', 'secret of a router'),
        username: 'short stay',
        state: 'closed',
        startedAt: new Date(),
        lastSeenAt: new Date(),
      },
    });
    expect(await third.login('short stay', PASSWORD, mac(3))).toBe('accept');
    expect(await db.deviceClaim.count({ where: { device: mac(1), entitlementId } })).toBe(0);
  });

  test('with Redis away a customer who changed is decided on again, from PostgreSQL', async () => {
    const { customerId } = await rig.customer('changes without redis');
    expect(await radius.login('changes without redis')).toBe('accept');
    rig.redisProxy.cut();
    const { db } = rig.store.database;
    await db.customer.update({ where: { id: customerId }, data: { status: 'suspended', revision: { increment: 1 } } });
    expect(await radius.login('changes without redis')).toBe('suspended');
    radius.beforeLease = undefined;
  });
});

describe('stores that fail', () => {
  test('R17: with both stores away nobody is answered, whether remembered or not, least of all rejected', async () => {
    await rig.customer('remembered');
    await rig.customer('new here');
    expect(await radius.login('remembered')).toBe('accept');
    rig.postgresProxy.cut();
    rig.redisProxy.cut();
    for (const [username, password] of [
      ['remembered', PASSWORD],
      ['remembered', 'wrong'],
      ['new here', PASSWORD],
      ['nobody at all', PASSWORD],
    ] as const) {
      const answer = radius.handle(accessRequest(username, { pap: password }));
      await expect(answer).rejects.toThrow();
    }
  });

  test('D2: while Redis hangs an answer comes from PostgreSQL, and after a few tries without waiting for Redis', async () => {
    await rig.customer('patient');
    expect(await radius.login('patient')).toBe('accept');
    rig.redisProxy.hang();
    const startedMs = performance.now();
    expect(await radius.login('patient')).toBe('accept');
    expect(await radius.login('patient', 'wrong')).toBe('wrong_password');
    // Two waits of 150 ms, and room for a busy machine.
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });

  test('D4: while Redis is full its refusal of the lease is made good by PostgreSQL', async () => {
    const { entitlementId } = await rig.customer('full house', { devices: 1 });
    const full = () => Promise.reject(new Error("OOM command not allowed when used memory > 'maxmemory'."));
    const { evalsha } = radius.redis;
    radius.redis.evalsha = full;
    try {
      expect(await radius.login('full house', PASSWORD, mac(1))).toBe('accept');
      expect(await radius.login('full house', PASSWORD, mac(2))).toBe('too_many_devices');
      expect(await radius.login('full house', 'wrong', mac(1))).toBe('wrong_password');
    } finally {
      radius.redis.evalsha = evalsha;
    }
    expect(await rig.store.database.db.deviceClaim.count({ where: { entitlementId } })).toBe(1);
  });

  test('D6: what the process remembers lets nobody in after Redis lost its data: PostgreSQL is asked', async () => {
    const { customerId } = await rig.customer('survivor');
    await rig.customer('untouched');
    expect([await radius.login('survivor'), await radius.login('untouched')]).toEqual(['accept', 'accept']);
    await rig.redis.flush();
    // The job that would have told Redis is lost with it.
    const data = { status: 'suspended' as const, revision: { increment: 1 } };
    await rig.store.database.db.customer.update({ where: { id: customerId }, data });
    expect(await radius.login('survivor')).toBe('suspended');
    expect(await radius.login('untouched')).toBe('accept');
  });

  test('A13: with PostgreSQL away whoever Redis knows is let in, by any process', async () => {
    await rig.customer('known to redis');
    rig.postgresProxy.cut();
    expect(await radius.login('known to redis')).toBe('accept');
    expect(await other.login('known to redis')).toBe('accept');
    expect(await radius.login('known to redis', 'wrong')).toBe('wrong_password');
  });
});
