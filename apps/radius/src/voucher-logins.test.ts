import { SecretBox } from '@turnpike/core/secret-box.js';
import { createVoucherCodes } from '@turnpike/features/vouchers/voucher-code.js';
import { guessLimits } from '@turnpike/features/vouchers/voucher-limits.js';
import { createMetrics } from '@turnpike/runtime/metrics.js';
import { TEST_KEY } from '@turnpike/testkit/access-rows.js';
import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { createVoucherLogins, type VoucherLogins } from './voucher-logins.js';

const codes = createVoucherCodes([TEST_KEY]);
const metrics = createMetrics({ role: 'radius-auth', instance: 'test', processMetrics: false });

let postgres: TestDatabase;
let redis: TestRedis;
let logins: VoucherLogins;

beforeAll(async () => {
  [postgres, redis] = await Promise.all([openTestDatabase(), openTestRedis('durable')]);
  logins = createVoucherLogins({
    database: { url: postgres.url, applicationName: 'test', maxConnections: 2 },
    codes,
    secretBox: new SecretBox([TEST_KEY]),
    redis: redis.redis,
    metrics,
    prefix: redis.prefix,
  });
});

afterAll(async () => {
  await logins.stop();
  await Promise.all([postgres.drop(), redis.close()]);
});

/** As another process made it. */
async function newCode(): Promise<string> {
  const { db } = postgres.database;
  const sold = { type: 'hotspot', downKbps: 1_000, upKbps: 1_000, quotaOctets: null, devices: 1 } as const;
  const more = { onlineSeconds: null, schedule: null, timeZone: 'UTC', fairUse: null };
  const terms = { ...sold, ...more, sites: [], routerIds: [], macLogin: false };
  const name = `Package ${codes.generate()}`;
  const { id: packageId } = await db.package.create({
    data: { name, type: 'hotspot', priceMinor: 1, currency: 'KES', validForSeconds: 60, downKbps: 1, upKbps: 1 },
  });
  const batch = await db.voucherBatch.create({
    data: { packageId, count: 1, createdBy: 'test', terms: { packageName: name, validForSeconds: 60, terms } },
  });
  const code = codes.generate();
  await db.voucher.create({ data: { batchId: batch.id, codeHash: codes.hash(code) } });
  return code;
}

const NAS = '0190b5c1-0000-7000-8000-000000000001';
const phone = (number: number) => ({ nas: NAS, device: `AA:BB:CC:00:00:${String(number).padStart(2, '0')}` });

describe('voucher codes typed in at a router', () => {
  test('are redeemed, and known to whoever asks again', async () => {
    const code = await newCode();
    expect(await logins.admit?.(phone(1))).toBe(true);
    const first = await logins.redeem(code, phone(1));
    expect(first).toMatchObject({ kind: 'redeemed' });
    expect(await logins.redeem(code, phone(2))).toEqual(first);
  });

  test('M9: the phone that guesses is refused, the one beside it with the right code is not', async () => {
    const code = await newCode();
    for (let guess = 0; guess < guessLimits.device.tries; guess += 1) {
      expect(await logins.admit?.(phone(3))).toBe(true);
      expect(await logins.redeem(codes.generate(), phone(3))).toEqual({ kind: 'unknown' });
    }
    expect(await logins.admit?.(phone(3))).toBe(false);
    expect(await logins.admit?.(phone(4))).toBe(true);
    expect(await logins.redeem(code, phone(4))).toMatchObject({ kind: 'redeemed' });
    const alarms = await metrics.registry.getSingleMetric('turnpike_radius_voucher_guess_alarms_total')?.get();
    expect(alarms?.values.filter(({ value }) => value > 0)).toMatchObject([{ labels: { scope: 'device' }, value: 1 }]);
  });
});
