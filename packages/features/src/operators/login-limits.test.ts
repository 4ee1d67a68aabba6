import { Secret } from '@turnpike/core/secret.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { openRedis } from '@turnpike/runtime/redis.js';
import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { createLoginLimits, loginLimits, type LoginLimits } from './login-limits.js';

const pepper = new Secret('pepper for tests, long enough');
let store: TestRedis;
let prefix = 0;

beforeAll(async () => {
  store = await openTestRedis('durable');
});

afterAll(async () => {
  await store.close();
});

/** Fresh counters. */
function open(): LoginLimits {
  prefix += 1;
  return createLoginLimits({ redis: store.redis, pepper, prefix: `${store.prefix}${prefix}:` });
}

/** How many of `tries` attempts are let through. */
async function accepted(tries: number, attempt: (n: number) => Promise<void>): Promise<number> {
  const results = await Promise.allSettled(Array.from({ length: tries }, (_, n) => attempt(n)));
  return results.filter((result) => result.status === 'fulfilled').length;
}

describe('login limits', () => {
  test('S3: 60 guesses at once from one address at one account: exactly 10 are looked at', async () => {
    const limits = open();
    const passed = await accepted(60, () => limits.take({ email: 'a@example.net', ip: '192.0.2.1' }));
    expect(passed).toBe(loginLimits.accountAndAddress.tries);
  });

  test('S3: one address that tries many accounts is stopped', async () => {
    const limits = open();
    const passed = await accepted(100, (n) => limits.take({ email: `user${n}@example.net`, ip: '192.0.2.1' }));
    expect(passed).toBe(loginLimits.address.tries);
  });

  test('S3: many addresses that try one account are stopped before 200 tries an hour', async () => {
    const limits = open();
    const passed = await accepted(300, (n) =>
      limits.take({ email: 'a@example.net', ip: `198.51.${n >> 8}.${n & 255}` }),
    );
    expect(passed).toBe(loginLimits.account.tries);
    expect(passed).toBeLessThan(200);
  });

  test('S3: a guesser who is stopped does not stop the owner at another address', async () => {
    const limits = open();
    await accepted(100, () => limits.take({ email: 'a@example.net', ip: '192.0.2.1' }));
    await expect(limits.take({ email: 'a@example.net', ip: '203.0.113.9' })).resolves.toBeUndefined();
  });

  test('tells when to come back', async () => {
    const limits = open();
    const guess = () => limits.take({ email: 'a@example.net', ip: '192.0.2.1' });
    await accepted(10, guess);
    const error = await guess().catch((cause: unknown) => cause);
    expect(error).toMatchObject({
      code: 'rate_limited',
      extra: { retryAfterSeconds: loginLimits.accountAndAddress.seconds },
    });
  });

  test('signing in correctly any number of times is never limited', async () => {
    const limits = open();
    const attempt = { email: 'a@example.net', ip: '192.0.2.1' };
    for (let n = 0; n < loginLimits.account.tries + 10; n += 1) {
      await limits.take(attempt);
      await limits.forgive(attempt);
    }
  });

  test('S3: two processes count together', async () => {
    const one = createLoginLimits({ redis: store.redis, pepper, prefix: `${store.prefix}both:` });
    const second = store.open('commands');
    await second.ping();
    const other = createLoginLimits({ redis: second, pepper, prefix: `${store.prefix}both:` });
    const passed = await accepted(40, (n) =>
      (n % 2 === 0 ? one : other).take({ email: 'a@example.net', ip: '192.0.2.1' }),
    );
    expect(passed).toBe(loginLimits.accountAndAddress.tries);
  });

  test('S3: without Redis people can sign in, and guessing is still limited', async () => {
    const logger = createLogger({ level: 'silent', role: 'test', instance: 'test' });
    const redis = openRedis({ url: 'redis://127.0.0.1:1', role: 'durable', use: 'commands', logger });
    const limits = createLoginLimits({ redis, pepper, prefix: 'x:' });
    const passed = await accepted(60, () => limits.take({ email: 'a@example.net', ip: '192.0.2.1' }));
    redis.disconnect();
    expect(passed).toBe(loginLimits.accountAndAddress.tries);
  });

  test('S9: no e-mail address is readable in Redis', async () => {
    await open().take({ email: 'somebody@example.net', ip: '192.0.2.1' });
    const keys = await store.redis.keys(`${store.prefix}*`);
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.filter((key) => key.includes('somebody'))).toEqual([]);
  });
});
