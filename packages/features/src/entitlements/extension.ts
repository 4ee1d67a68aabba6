import type { Offer } from '../packages/offer.js';
import { LATEST_END } from './entitlement-start.js';
import type { EntitlementRow } from './entitlement.store.js';
import { MOST_SECONDS } from './upgrade.js';

/** What PostgreSQL counts to. */
const MAX_COUNT = 2n ** 63n - 1n;

export interface Extension {
  readonly endsAt: Date;
  readonly validForSeconds: number | null;
  readonly quotaOctets: bigint | null;
  readonly onlineSeconds: bigint | null;
}

type Extendable = Pick<EntitlementRow, 'endsAt' | 'validForSeconds' | 'quotaOctets' | 'onlineSeconds'>;

/**
 * The columns of an entitlement that is bought again: time, data and time online are added, all else stays as it was sold.
 * Undefined when that is more than can be counted or written as a date.
 */
export function extensionOf(row: Extendable, { terms, validForSeconds }: Offer): Extension | undefined {
  const quota = sumOf(row.quotaOctets, terms.quotaOctets === null ? null : BigInt(terms.quotaOctets));
  const online = sumOf(row.onlineSeconds, terms.onlineSeconds === null ? null : BigInt(terms.onlineSeconds));
  if ((quota ?? 0n) > MAX_COUNT || (online ?? 0n) > MAX_COUNT) return undefined;
  const counts = { quotaOctets: quota, onlineSeconds: online };
  if (row.validForSeconds !== null) {
    const seconds = row.validForSeconds + validForSeconds;
    return seconds > MOST_SECONDS ? undefined : { ...counts, endsAt: row.endsAt, validForSeconds: seconds };
  }
  const endsAt = new Date(row.endsAt.getTime() + validForSeconds * 1000);
  return endsAt > LATEST_END ? undefined : { ...counts, endsAt, validForSeconds: null };
}

/** Without a limit on either side there is none. */
function sumOf(running: bigint | null, sold: bigint | null): bigint | null {
  return running === null || sold === null ? null : running + sold;
}
