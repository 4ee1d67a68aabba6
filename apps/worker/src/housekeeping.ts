import type { Clock } from '@turnpike/core/clock.js';
import type { Db } from '@turnpike/db/database.js';
import { removePublishedBefore } from '@turnpike/db/outbox.store.js';
import { removeExpiredIdempotencyKeys } from '@turnpike/features/idempotency/idempotency.store.js';
import { removeEndedTokens } from '@turnpike/features/operators/auth-token.store.js';
import type { Logger } from '@turnpike/runtime/logger.js';

const DAY_MS = 86_400_000;
const OUTBOX_KEPT_MS = 3 * DAY_MS;
const TOKENS_KEPT_MS = 30 * DAY_MS;

/** Handler of `housekeeping`: removes rows that nobody will ask for again. */
export function housekeeping({ db, clock, logger }: { db: Db; clock: Clock; logger: Logger }) {
  return async (): Promise<void> => {
    const now = clock.now();
    const before = (keptMs: number): Date => new Date(now.getTime() - keptMs);
    const outbox = await removePublishedBefore(db, before(OUTBOX_KEPT_MS));
    const idempotencyKeys = await removeExpiredIdempotencyKeys(db, now);
    const tokens = await removeEndedTokens(db, before(TOKENS_KEPT_MS));
    logger.info({ outbox, idempotencyKeys, tokens }, 'old rows removed');
  };
}
