import { createMetrics } from '@turnpike/runtime/metrics.js';
import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { accountOfDevice, voucherHolder } from '../customers/voucher-customer.js';
import { byOperator, openShop, type Shop } from '../entitlements/shop-rig.js';
import { createPortalVouchers, type PortalVouchers } from './portal-vouchers.js';
import { createVoucherLimits, guessLimits } from './voucher-limits.js';

const MAC = 'AA:BB:CC:00:00:01';

let shop: Shop;
let redis: TestRedis;
let portal: PortalVouchers;

beforeAll(async () => {
  [shop, redis] = await Promise.all([openShop(), openTestRedis('durable')]);
  const metrics = createMetrics({ role: 'test', instance: 'test', processMetrics: false });
  portal = createPortalVouchers({
    codes: shop.codes,
    redemption: shop.redemption,
    limits: createVoucherLimits({ redis: redis.redis, metrics, role: 'test', prefix: redis.prefix }),
    accountOf: (mac) => accountOfDevice(shop.db, mac),
    usernameOf: async (id) => (await voucherHolder(shop.db, id))?.username,
  });
});

afterAll(async () => {
  await redis.close();
  await shop.close();
});

afterEach(async () => {
  await shop.db.customerDevice.deleteMany();
  await redis.flush();
});

async function newCode(): Promise<string> {
  const { id: packageId } = await shop.newPackage();
  return (await shop.vouchers.createBatch({ packageId, count: 1 }, byOperator)).codes[0] ?? '';
}

describe('redeeming at the portal', () => {
  test('a code in any spelling becomes a customer, and the code logs the phone in', async () => {
    const code = await newCode();
    const first = await portal.redeem(` ${code.toLowerCase().replaceAll('-', ' ')}`, { device: MAC });
    expect(first).toMatchObject({ kind: 'redeemed', username: shop.codes.usernameOf(code), code });
    expect(await portal.redeem(code, { device: 'AA:BB:CC:00:00:09', address: '203.0.113.7' })).toEqual(first);
  });

  test('a phone that an account has gets the time there', async () => {
    const code = await newCode();
    const customerId = await shop.newCustomer();
    await shop.devices.add(customerId, { mac: MAC, name: 'phone' }, byOperator);
    const { username } = await shop.customers.get(customerId);
    expect(await portal.redeem(code, { device: MAC })).toEqual({ kind: 'redeemed', customerId, username, code });
    expect(await shop.entitlements.list(customerId)).toHaveLength(1);
    expect(await portal.redeem(code, { device: 'AA:BB:CC:00:00:09' })).toEqual({ kind: 'used' });
  });

  test('a phone whose account is suspended gets a customer of its own: it paid', async () => {
    const code = await newCode();
    const customerId = await shop.newCustomer();
    await shop.devices.add(customerId, { mac: MAC, name: 'phone' }, byOperator);
    await shop.customers.suspend(customerId, byOperator);
    expect(await portal.redeem(code, { device: MAC })).toMatchObject({ username: shop.codes.usernameOf(code) });
  });

  test('M9: a phone that guesses is refused, slips of the pen do not count, and its neighbour goes on', async () => {
    const code = await newCode();
    const here = { device: MAC, address: '203.0.113.8', nas: 'nas-1' };
    const [first = ''] = code;
    const slip = `${first === 'A' ? 'B' : 'A'}${code.slice(1)}`;
    for (let typed = 0; typed < 50; typed += 1) expect(await portal.redeem(slip, here)).toEqual({ kind: 'unknown' });
    for (let guess = 0; guess < guessLimits.device.tries; guess += 1) {
      expect(await portal.redeem(shop.codes.generate(), here)).toEqual({ kind: 'unknown' });
    }
    expect(await portal.redeem(code, here)).toMatchObject({ kind: 'limited', retryAfterSeconds: expect.any(Number) });
    const neighbour = { ...here, device: 'AA:BB:CC:00:00:02' };
    expect(await portal.redeem(code, neighbour)).toMatchObject({ kind: 'redeemed' });
  });
});
