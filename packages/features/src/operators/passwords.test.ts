import { createPasswordHasher, hashPassword } from './passwords.js';

const PASSWORD = 'correct horse battery';

describe('password hasher', () => {
  test('S3: stores argon2id with at least 19 MiB, 2 passes', async () => {
    expect(await hashPassword(PASSWORD)).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  test('accepts the right password and no other', async () => {
    const hasher = createPasswordHasher({ atOnce: 2, waiting: 10 });
    const stored = await hasher.hash(PASSWORD);
    expect(await hasher.verify(stored, PASSWORD)).toBe(true);
    expect(await hasher.verify(stored, `${PASSWORD} `)).toBe(false);
  });

  test('S3: an account that does not exist is refused after the same work as one that does', async () => {
    const hasher = createPasswordHasher({ atOnce: 1, waiting: 10 });
    const stored = await hasher.hash(PASSWORD);
    const timeOf = async (hash: string | undefined) => {
      const started = performance.now();
      expect(await hasher.verify(hash, 'wrong password')).toBe(false);
      return performance.now() - started;
    };
    const times = { known: new Array<number>(), unknown: new Array<number>() };
    // In turns, so that whatever else the machine does meets both alike.
    for (let n = 0; n < 9; n += 1) {
      times.known.push(await timeOf(stored));
      times.unknown.push(await timeOf(undefined));
    }
    const median = (values: number[]) => values.sort((a, b) => a - b)[4] ?? Number.NaN;
    const [known, unknown] = [median(times.known), median(times.unknown)];
    expect(unknown / known).toBeGreaterThan(0.4);
    expect(unknown / known).toBeLessThan(2.5);
  });

  test('S3: a flood beyond the waiting room is refused at once, the others are served', async () => {
    const hasher = createPasswordHasher({ atOnce: 1, waiting: 2 });
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => hasher.verify(undefined, 'guess')));
    expect(results.map((result) => result.status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
      'rejected',
    ]);
    expect(results[5]).toMatchObject({ reason: { code: 'rate_limited' } });
    await expect(hasher.verify(undefined, 'later')).resolves.toBe(false);
  });
});
