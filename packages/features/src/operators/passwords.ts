import { hash, verify } from '@node-rs/argon2';
import { AppError } from '@turnpike/core/app-error.js';

/** argon2id, 19 MiB, 2 passes, 1 lane: the first choice of the OWASP Password Storage Cheat Sheet. PHC string out. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** A hash of that cost that no password is known for: checking against it takes as long as checking a real one. */
const NOBODY = '$argon2id$v=19$m=19456,t=2,p=1$0kclO/xPZqTGIc5vS7NsZw$y98JCGo2OAANXs1SdF4HtLIunaXqY8CQBLDdQz7e+Q4';

/** Unbounded: for the command line and the seed. Servers use `createPasswordHasher`. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, COST);
}

export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /** `stored`: undefined for an account that does not exist; takes equally long, and is false. */
  verify(stored: string | undefined, password: string): Promise<boolean>;
}

export interface HasherLimits {
  /** Hashes computed at once: each takes 19 MiB and a thread of libuv's pool, which file and DNS work share. */
  readonly atOnce: number;
  /** How many more may wait; beyond that callers are told to come back. */
  readonly waiting: number;
}

/** Computes password hashes off the event loop, a few at a time; a flood of guesses is refused rather than queued up. */
export function createPasswordHasher(limits: HasherLimits): PasswordHasher {
  const run = createGate(limits);
  return {
    hash: (password) => run(() => hashPassword(password)),
    verify: (stored, password) =>
      run(async () => {
        const matches = await verify(stored ?? NOBODY, password);
        return stored !== undefined && matches;
      }),
  };
}

type Gate = <Result>(work: () => Promise<Result>) => Promise<Result>;

function createGate(limits: HasherLimits): Gate {
  const queue: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= limits.atOnce) {
      if (queue.length >= limits.waiting) {
        throw new AppError('rate_limited', 'too many people are signing in at once', {
          extra: { retryAfterSeconds: 2 },
        });
      }
      await new Promise<void>((resolve) => queue.push(resolve));
    } else {
      running += 1;
    }
    try {
      return await work();
    } finally {
      // The place goes straight to the next in line, so nobody slips in between.
      const next = queue.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
