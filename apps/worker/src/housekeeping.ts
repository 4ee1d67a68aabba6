import { messageOf } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { Db } from '@turnpike/db/database.js';
import { removePublishedBefore } from '@turnpike/db/outbox.store.js';
import { dropAccountingDays, ensureAccountingDays } from '@turnpike/features/accounting/accounting-days.store.js';
import { removeAlertsBefore } from '@turnpike/features/alerts/alert.store.js';
import { removeSamplesOfEnded } from '@turnpike/features/accounting/counter-sample.store.js';
import { anonymiseEndedSessions } from '@turnpike/features/customers/personal-data.store.js';
import { removeExpiredIdempotencyKeys } from '@turnpike/features/idempotency/idempotency.store.js';
import { removeNotificationsBefore } from '@turnpike/features/notifications/notification.store.js';
import { removeEndedTokens } from '@turnpike/features/operators/auth-token.store.js';
import type { RetentionSettings } from '@turnpike/features/settings/setting-groups.js';
import type { Logger } from '@turnpike/runtime/logger.js';

const DAY_MS = 86_400_000;
const OUTBOX_KEPT_MS = 3 * DAY_MS;
const TOKENS_KEPT_MS = 30 * DAY_MS;
const ALERTS_KEPT_MS = 400 * DAY_MS;
const COUNTER_SAMPLES_KEPT_MS = 7 * DAY_MS;

export interface HousekeepingOptions {
  readonly db: Db;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long records are kept, as set up now. */
  readonly kept: () => RetentionSettings;
}

/** Handler of `housekeeping`: makes room for the days to come and removes rows that nobody will ask for again. */
export function housekeeping({ db, clock, logger, kept }: HousekeepingOptions) {
  return async (): Promise<void> => {
    const now = clock.now();
    const { accountingPacketsDays, notificationsDays } = kept();
    const before = (keptMs: number): Date => new Date(now.getTime() - keptMs);
    const daysMade = await ensureAccountingDays(db);
    const daysDropped = await dropAccountingDays(db, accountingPacketsDays);
    const counterSamples = await removeSamplesOfEnded(db, before(COUNTER_SAMPLES_KEPT_MS));
    const outbox = await removePublishedBefore(db, before(OUTBOX_KEPT_MS));
    const idempotencyKeys = await removeExpiredIdempotencyKeys(db, now);
    // Those that were still running when their customer was erased.
    const anonymised = await anonymiseEndedSessions(db, undefined);
    const notifications = await removeNotificationsBefore(db, before(notificationsDays * DAY_MS));
    const alerts = await removeAlertsBefore(db, before(ALERTS_KEPT_MS));
    const tokens = await removeEndedTokens(db, before(TOKENS_KEPT_MS));
    logger.info(
      { daysMade, daysDropped, counterSamples, outbox, idempotencyKeys, tokens, anonymised, notifications, alerts },
      'old rows removed',
    );
  };
}

/** At the start of the process, which may be the first in weeks. Records of a day without a partition are taken in anyway. */
export async function prepareAccountingDays({ db, logger }: Pick<HousekeepingOptions, 'db' | 'logger'>): Promise<void> {
  try {
    await ensureAccountingDays(db);
  } catch (error) {
    logger.warn({ reason: messageOf(error) }, 'the days of accounting could not be prepared; housekeeping will');
  }
}
