import { createTryLimiter, takeTry, tooManyTries, type TryLimit } from '@turnpike/runtime/try-limiter.js';
import type { Redis } from '@turnpike/runtime/redis.js';

/**
 * Of the million codes of six digits three are right at any time. One session (or, at the login, one address) has five tries,
 * all sessions of an operator together have more, so that one that guesses does not lock out the others, and all who know an
 * operator's password and guess at the code together have so few that a year of it succeeds once in thirty.
 */
export const proofLimits = {
  place: { tries: 5, seconds: 600 },
  sessions: { tries: 20, seconds: 900 },
  codes: { tries: 30, seconds: 86_400 },
} as const satisfies Record<string, TryLimit>;

/** Somebody who is known by a first proof and tries to give another. */
export interface ProofAttempt {
  readonly operatorId: string;
  /** The session, or the address of who signs in. */
  readonly place: string;
  /** Signed in already: the try counts for all sessions of the operator together, too. */
  readonly signedIn: boolean;
  /** A code is tried, not only the password. */
  readonly code: boolean;
}

export interface ProofLimits {
  /** Counts a try before it is looked at, so that many at once cannot slip through. Throws `rate_limited`. */
  take(attempt: ProofAttempt): Promise<void>;
  /** It was right: gives the tries back. */
  forgive(attempt: ProofAttempt): Promise<void>;
  /** A session was exchanged for another one, which has the tries that are left of it. */
  carry(operatorId: string, sessions: { readonly from: string; readonly to: string }): Promise<void>;
}

/** Counts in Redis for all processes together; while Redis is away each process counts for itself. */
export function createProofLimits({ redis, prefix }: { readonly redis: Redis; readonly prefix: string }): ProofLimits {
  const places = createTryLimiter({ redis, key: `${prefix}proof:place`, limit: proofLimits.place });
  const sessions = createTryLimiter({ redis, key: `${prefix}proof:sessions`, limit: proofLimits.sessions });
  const codes = createTryLimiter({ redis, key: `${prefix}proof:codes`, limit: proofLimits.codes });
  const placeKey = ({ operatorId, place }: Pick<ProofAttempt, 'operatorId' | 'place'>) => `${operatorId}:${place}`;
  return {
    take: async (attempt) => {
      // In this order: what one place is refused must not use up the tries of the others.
      await takeTry(places, placeKey(attempt), tooMany);
      if (attempt.signedIn) await takeTry(sessions, attempt.operatorId, tooMany);
      if (attempt.code) await takeTry(codes, attempt.operatorId, tooMany);
    },
    forgive: async (attempt) => {
      await places.delete(placeKey(attempt));
      if (attempt.signedIn) await sessions.reward(attempt.operatorId);
      if (attempt.code) await codes.reward(attempt.operatorId);
    },
    carry: async (operatorId, { from, to }) => {
      const taken = await places.get(placeKey({ operatorId, place: from }));
      if (taken === null || taken.consumedPoints <= 0) return;
      const seconds = Math.max(1, Math.ceil(taken.msBeforeNext / 1_000));
      await places.set(placeKey({ operatorId, place: to }), taken.consumedPoints, seconds);
    },
  };
}

const tooMany = tooManyTries(
  (seconds) => `too many wrong tries; wait ${seconds} seconds. If they were not yours, somebody knows your password`,
);
