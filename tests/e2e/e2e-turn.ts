import { randomUUID } from 'node:crypto';
import type { TestRedis } from '@turnpike/testkit/test-redis.js';
import { until } from './until.js';

const KEY = 'tests:e2e-turn';
/** A test that was killed gives its turn up after this, ms. */
const LEASE_MS = 20_000;
const RENEW_MS = 5_000;
const PATIENCE_MS = 240_000;
/** What a test that starts the whole system must allow for it: its turn, and the start. */
export const WITH_A_TURN_MS = PATIENCE_MS + 120_000;

/** Tests of the whole system take turns: its processes write the same keys, whoever started them. Gives what ends the turn. */
export async function takeTurn({ redis }: TestRedis): Promise<() => Promise<void>> {
  const mine = randomUUID();
  await until('another test of the whole system ending', PATIENCE_MS, async () =>
    (await redis.set(KEY, mine, 'PX', LEASE_MS, 'NX')) === 'OK' ? true : undefined,
  );
  const renewing = setInterval(() => void redis.pexpire(KEY, LEASE_MS).catch(() => undefined), RENEW_MS);
  return async () => {
    clearInterval(renewing);
    if ((await redis.get(KEY)) === mine) await redis.del(KEY);
  };
}
