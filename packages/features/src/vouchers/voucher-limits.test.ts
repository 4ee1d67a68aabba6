import { createMetrics } from '@turnpike/runtime/metrics.js';
import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { createPortalVouchers } from './portal-vouchers.js';
import { createVoucherCodes } from './voucher-code.js';
import { createVoucherLimits, guessLimits, type GuessOrigin } from './voucher-limits.js';

let redis: TestRedis;
let run = 0;

beforeAll(async () => {
  redis = await openTestRedis('durable');
});

afterAll(async () => {
  await redis.close();
});

/** Each with counters of its own; `slowedMs` of 0, so that nobody waits. */
function newLimits({ slowedMs = 0, prefix }: { slowedMs?: number; prefix?: string } = {}) {
  run += 1;
  const metrics = createMetrics({ role: 'test', instance: 'test', processMetrics: false });
  const own = prefix ?? `${redis.prefix}${run}:`;
  const limits = createVoucherLimits({ redis: redis.redis, metrics, role: 'test', prefix: own, slowedMs });
  const count = async (name: string) => (await metrics.registry.getSingleMetric(name)?.get())?.values ?? [];
  return {
    limits,
    prefix: own,
    fail: async (origin: GuessOrigin, times: number) => {
      for (let time = 0; time < times; time += 1) await limits.failed(origin);
    },
    guesses: () => count('turnpike_test_voucher_guesses_total'),
    alarms: async () => (await count('turnpike_test_voucher_guess_alarms_total')).filter(({ value }) => value > 0),
  };
}

const device = (number: number): string => `AA:BB:CC:00:${String(number >> 8).padStart(2, '0')}:${number & 255}`;
const PHONE = { nas: 'nas-1', device: device(1) };

describe('M9: limits of guessing', () => {
  test('a device is refused after ten wrong codes, and told how long', async () => {
    const { limits, fail, guesses, alarms } = newLimits();
    await fail(PHONE, guessLimits.device.tries - 1);
    expect(await limits.admit(PHONE)).toBeUndefined();
    await fail(PHONE, 1);
    const limited = await limits.admit(PHONE);
    expect(limited?.retryAfterSeconds).toBeGreaterThan(0);
    expect(limited?.retryAfterSeconds).toBeLessThanOrEqual(guessLimits.device.seconds);
    expect(await guesses()).toMatchObject([
      { labels: { outcome: 'unknown' }, value: 10 },
      { labels: { outcome: 'limited' }, value: 1 },
    ]);
    expect(await alarms()).toMatchObject([{ labels: { scope: 'device' }, value: 1 }]);
  });

  test('counts for all processes together', async () => {
    const one = newLimits();
    await one.fail(PHONE, guessLimits.device.tries);
    const other = newLimits({ prefix: one.prefix });
    expect(await other.limits.admit(PHONE)).toMatchObject({ retryAfterSeconds: expect.any(Number) });
  });

  test('nobody is refused for the guesses of others at the same router, also when those rename their device', async () => {
    const { limits, alarms } = newLimits();
    for (let guess = 0; guess < 300; guess += 1) await limits.failed({ nas: 'nas-1', device: device(guess) });
    expect(await limits.admit({ nas: 'nas-1', device: device(1_000) })).toBeUndefined();
    expect(await alarms()).toMatchObject([{ labels: { scope: 'nas' }, value: 1 }]);
  });

  test('the device of somebody else, named at another address, is not refused there for it', async () => {
    const { limits, fail } = newLimits();
    await fail({ device: device(1), address: '203.0.113.1' }, 10);
    expect(await limits.admit({ device: device(1), address: '203.0.113.1' })).toBeDefined();
    expect(await limits.admit({ device: device(1), address: '203.0.113.2' })).toBeUndefined();
    expect(await limits.admit({ device: device(1), nas: 'nas-1' })).toBeUndefined();
  });

  test('who names no device is the address, an IPv6 one its network', async () => {
    const { limits, fail } = newLimits();
    await fail({ address: '2001:db8::1' }, guessLimits.device.tries);
    expect(await limits.admit({ address: '2001:db8::2' })).toBeDefined();
    expect(await limits.admit({ address: '2001:db8:0:1::1' })).toBeUndefined();
  });

  test('where many guess everybody waits a little, and at most fifty at once', async () => {
    const { limits, fail } = newLimits({ slowedMs: 50 });
    await fail({ nas: 'nas-2' }, guessLimits.nas.tries);
    const phones = Array.from({ length: 60 }, (_, number) => ({ nas: 'nas-2', device: device(number) }));
    const answers = await Promise.all(phones.map((phone) => limits.admit(phone)));
    expect(answers.filter((answer) => answer === undefined)).toHaveLength(50);
    expect(answers.filter((answer) => answer?.retryAfterSeconds === 1)).toHaveLength(10);
    expect(await limits.admit({ nas: 'nas-2', device: device(61) })).toBeUndefined();
  });

  test('the wait ends when the caller goes away', async () => {
    const { limits, fail } = newLimits({ slowedMs: 60_000 });
    await fail({ nas: 'nas-3' }, guessLimits.nas.tries);
    const leaving = new AbortController();
    const waiting = limits.admit({ nas: 'nas-3', device: device(1) }, leaving.signal);
    setImmediate(() => leaving.abort());
    await expect(waiting).rejects.toThrow();
  });
});

test('M9: of 100,000 guesses from one phone ten are looked for', async () => {
  const { limits } = newLimits();
  const codes = createVoucherCodes(['5a'.repeat(32)]);
  let lookedFor = 0;
  const portal = createPortalVouchers({
    codes,
    limits,
    redemption: {
      redeem: async () => {
        lookedFor += 1;
        return { kind: 'unknown' };
      },
    },
    accountOf: async () => undefined,
    usernameOf: async () => undefined,
  });
  const guess = codes.generate();
  const outcomes = new Map<string, number>();
  for (let made = 0; made < 100_000; made += 1) {
    const { kind } = await portal.redeem(guess, PHONE);
    outcomes.set(kind, (outcomes.get(kind) ?? 0) + 1);
  }
  expect(lookedFor).toBe(10);
  expect(outcomes.get('unknown')).toBe(10);
  expect(outcomes.get('limited')).toBe(99_990);
});
