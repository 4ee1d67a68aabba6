import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { createHolderReader, type HolderReader } from './device-holders.js';
import { createDeviceLeases, deviceName, type DeviceLeases, type KnownCustomer } from './device-lease.js';

const LEASE_MS = 60_000;

let redis: TestRedis;
let leases: DeviceLeases;
let holders: HolderReader;

beforeAll(async () => {
  redis = await openTestRedis('durable');
  leases = createDeviceLeases({ redis: redis.redis, prefix: redis.prefix, leaseMs: LEASE_MS });
  holders = createHolderReader(redis);
});

afterAll(() => redis.close());

const claim = (entitlementId: string, device: string, sessionKey: string) => ({ entitlementId, device, sessionKey });
const NOBODY: KnownCustomer = { id: 'nobody', revision: 1, mayBeAhead: true };

async function take(entitlementId: string, device: string, sessionKey = `c.${device}`, limit = 1) {
  const answer = await leases.take({ ...claim(entitlementId, device, sessionKey), limit, customer: NOBODY, note: '' });
  return answer.outcome;
}

/** As if nothing had been heard of a device for the whole of its lease. */
async function silence(entitlementId: string, device: string): Promise<void> {
  const key = `${redis.prefix}places:${entitlementId}`;
  const [until, session] = ((await redis.redis.hget(key, `d${device}`)) ?? '').split(' ');
  await redis.redis.hset(key, `d${device}`, `${Number(until) - LEASE_MS} ${session}`);
}

describe('device leases', () => {
  test('A9: 200 entitlements with one place and 20 logins each at once give exactly 200 places', async () => {
    const logins = Array.from({ length: 4_000 }, (_, login) => login);
    const outcomes = await Promise.all(logins.map((login) => take(`race${login % 200}`, `device${login}`)));
    expect(outcomes.filter((outcome) => outcome === 'granted')).toHaveLength(200);
    expect(outcomes.filter((outcome) => outcome === 'full')).toHaveLength(3_800);
  });

  test('a late Stop of an older session does not free the place of the newer one on the same device', async () => {
    await take('late', 'd', 'c.old');
    await take('late', 'd', 'c.new');
    await leases.release(claim('late', 'd', 'c.old'));
    await leases.renew(claim('late', 'd', 'c.old'));
    expect(await take('late', 'other')).toBe('full');
    await leases.release(claim('late', 'd', 'c.new'));
    expect(await take('late', 'other')).toBe('granted');
  });

  test('a session without our token frees whatever its device holds', async () => {
    await take('plain', 'd', 'c.token');
    await leases.release(claim('plain', 'd', 'h.hash'));
    expect(await take('plain', 'other')).toBe('granted');
  });

  test('a lease that Redis lost is taken again by the next sign of life', async () => {
    await leases.renew(claim('rebuilt', 'd', 'c.1'));
    expect(await take('rebuilt', 'other')).toBe('full');
  });

  test('A6: the place of a device that is silent for its whole lease is free, one of a device that spoke is not', async () => {
    await take('ghosts', 'silent', 'c.1', 2);
    await take('ghosts', 'speaking', 'c.2', 2);
    await silence('ghosts', 'silent');
    await silence('ghosts', 'speaking');
    await leases.renew(claim('ghosts', 'speaking', 'c.2'));
    expect((await holders('ghosts')).map((hold) => hold.device)).toEqual(['speaking']);
    expect(await take('ghosts', 'new', 'c.3', 2)).toBe('granted');
    expect(await take('ghosts', 'silent', 'c.4', 2)).toBe('full');
    const [until] = (await holders('ghosts')).map((hold) => hold.until.getTime() - Date.now());
    expect(until).toBeGreaterThan(LEASE_MS - 10_000);
    expect(until).toBeLessThanOrEqual(LEASE_MS + 1_000);
  });

  test('usage is told exactly and never goes back, neither bytes nor seconds', async () => {
    const usage = async () => {
      const place = { ...claim('usage', 'd', 'c.1'), limit: 1, customer: NOBODY, note: '' };
      const { usedOctets, usedSeconds } = await leases.take(place);
      return [usedOctets, usedSeconds];
    };
    expect(await usage()).toEqual([0n, 0]);
    await leases.noteUsage('usage', 2n ** 62n + 1n);
    await leases.noteUsage('usage', 2n ** 62n);
    await leases.noteUsage('usage', 999n);
    expect(await usage()).toEqual([2n ** 62n + 1n, 0]);
    await leases.noteUsage('usage', 1_000n, 3_600n);
    await leases.noteUsage('usage', 2n ** 62n + 2n, 99n);
    expect(await usage()).toEqual([2n ** 62n + 2n, 3_600]);
    await leases.noteUsage('usage', 9_223_372_036_854_775_807n);
    expect(await usage()).toEqual([9_223_372_036_854_775_807n, 3_600]);
  });

  test('a device has one name however the NAS spells its address', () => {
    expect(deviceName('aabb.ccdd.eeff')).toBe('AA:BB:CC:DD:EE:FF');
    expect(deviceName('aa-bb-cc-dd-ee-ff')).toBe('AA:BB:CC:DD:EE:FF');
    expect(deviceName('AA:BB:CC:DD:EE:FF')).toBe('AA:BB:CC:DD:EE:FF');
    expect(deviceName('10.0.0.1')).toBe('10.0.0.1');
    expect(deviceName('')).toBeUndefined();
  });
});

describe('a lease and what it was decided on', () => {
  const customerKey = (id: string) => `${redis.prefix}customer:${id}`;
  const takeFor = (customer: KnownCustomer, note = '') =>
    leases.take({ ...claim(customer.id, 'd', 'c.1'), limit: 1, customer, note });
  const known = (id: string, revision: number) => ({ id, revision, mayBeAhead: false });
  const ahead = (id: string, revision: number) => ({ id, revision, mayBeAhead: true });

  test('no place is given when the customer has moved on, and none is taken', async () => {
    await redis.redis.hset(customerKey('moved'), 'r', '8');
    expect((await takeFor(known('moved', 7))).outcome).toBe('changed');
    expect((await takeFor(ahead('moved', 7))).outcome).toBe('changed');
    expect(await holders('moved')).toEqual([]);
    expect((await takeFor(known('moved', 8))).outcome).toBe('granted');
  });

  test('what Redis does not know, or knows older, is a reason to look again unless PostgreSQL said it', async () => {
    await redis.redis.hset(customerKey('behind'), 'r', '6');
    expect((await takeFor(known('behind', 7))).outcome).toBe('changed');
    expect((await takeFor(ahead('behind', 7))).outcome).toBe('granted');
    expect((await takeFor(known('lost', 7))).outcome).toBe('changed');
    expect((await takeFor(ahead('lost', 7))).outcome).toBe('granted');
  });

  test('the last Accept is kept with the customer, where there is one', async () => {
    await redis.redis.hset(customerKey('noted'), 'r', '1');
    await takeFor(known('noted', 1), 'a note');
    expect(await redis.redis.hgetall(customerKey('noted'))).toEqual({ r: '1', a: 'a note' });
    await takeFor(ahead('unheard', 1), 'a note');
    expect(await redis.redis.exists(customerKey('unheard'))).toBe(0);
  });
});
