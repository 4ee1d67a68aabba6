import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { createDeviceLeases, deviceName, type DeviceLeases } from './device-lease.js';

let redis: TestRedis;
let leases: DeviceLeases;

beforeAll(async () => {
  redis = await openTestRedis('durable');
  leases = createDeviceLeases({ redis: redis.redis, prefix: redis.prefix, leaseMs: 60_000 });
});

afterAll(() => redis.close());

const claim = (entitlementId: string, device: string, sessionKey: string) => ({ entitlementId, device, sessionKey });

describe('device leases', () => {
  test('A9: 200 entitlements with one place and 20 logins each at once give exactly 200 places', async () => {
    const logins = Array.from({ length: 4_000 }, (_, login) => login);
    const answers = await Promise.all(
      logins.map((login) => leases.take({ ...claim(`race${login % 200}`, `device${login}`, `c.${login}`), limit: 1 })),
    );
    expect(answers.filter((answer) => answer.granted)).toHaveLength(200);
  });

  test('a late Stop of an older session does not free the place of the newer one on the same device', async () => {
    await leases.take({ ...claim('late', 'd', 'c.old'), limit: 1 });
    await leases.take({ ...claim('late', 'd', 'c.new'), limit: 1 });
    await leases.release(claim('late', 'd', 'c.old'));
    await leases.renew(claim('late', 'd', 'c.old'));
    expect((await leases.take({ ...claim('late', 'other', 'c.x'), limit: 1 })).granted).toBe(false);
    await leases.release(claim('late', 'd', 'c.new'));
    expect((await leases.take({ ...claim('late', 'other', 'c.x'), limit: 1 })).granted).toBe(true);
  });

  test('a session without our token frees whatever its device holds', async () => {
    await leases.take({ ...claim('plain', 'd', 'c.token'), limit: 1 });
    await leases.release(claim('plain', 'd', 'h.hash'));
    expect((await leases.take({ ...claim('plain', 'other', 'c.x'), limit: 1 })).granted).toBe(true);
  });

  test('a lease that Redis lost is taken again by the next sign of life', async () => {
    await leases.renew(claim('rebuilt', 'd', 'c.1'));
    expect((await leases.take({ ...claim('rebuilt', 'other', 'c.2'), limit: 1 })).granted).toBe(false);
  });

  test('an old lease runs out by itself', async () => {
    const brief = createDeviceLeases({ redis: redis.redis, prefix: redis.prefix, leaseMs: 1 });
    await brief.take({ ...claim('brief', 'd', 'c.1'), limit: 1 });
    let granted = false;
    while (!granted) granted = (await brief.take({ ...claim('brief', 'other', 'c.2'), limit: 1 })).granted;
    expect(granted).toBe(true);
  });

  test('usage is told exactly and never goes back', async () => {
    await leases.noteUsage('usage', 2n ** 62n + 1n);
    await leases.noteUsage('usage', 2n ** 62n);
    await leases.noteUsage('usage', 999n);
    const answer = await leases.take({ ...claim('usage', 'd', 'c.1'), limit: 1 });
    expect(answer).toEqual({ granted: true, usedOctets: 2n ** 62n + 1n });
  });

  test('a device has one name however the NAS spells its address', () => {
    expect(deviceName('aabb.ccdd.eeff')).toBe('AA:BB:CC:DD:EE:FF');
    expect(deviceName('aa-bb-cc-dd-ee-ff')).toBe('AA:BB:CC:DD:EE:FF');
    expect(deviceName('10.0.0.1')).toBe('10.0.0.1');
    expect(deviceName('')).toBeUndefined();
  });
});
