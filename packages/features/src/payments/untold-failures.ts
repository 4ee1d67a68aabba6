import type { Tx } from '@turnpike/db/database.js';
import { CANCELLED_BY_PAYER, customerSentence, type CustomerSentence } from './mpesa/result-codes.js';
import { listUntoldFailures } from './untold-failure.store.js';

/** A payment whose payer does not know that it failed. */
export interface FailedPayment {
  readonly id: string;
  /** E.164 digits. */
  readonly msisdn: string;
  /** `en`, `sw`; null: not known. */
  readonly language: string | null;
  readonly why: CustomerSentence;
}

/** Whose page is open asks every two seconds; after that nobody looks. */
const SHOWN_BY_THEN_MS = 60_000;
/** Who has not come back by then has paid otherwise, or gone. */
const OF_INTEREST_MS = 30 * 60_000;

/**
 * For other features: what failed a minute ago and longer without anybody looking. Who cancelled on the phone knows, and who
 * has tried again meanwhile is told of that one.
 */
export async function untoldFailures(tx: Tx, now: Date, limit: number): Promise<FailedPayment[]> {
  const rows = await listUntoldFailures(tx, {
    since: new Date(now.getTime() - OF_INTEREST_MS),
    before: new Date(now.getTime() - SHOWN_BY_THEN_MS),
    notCode: CANCELLED_BY_PAYER,
    limit,
  });
  return rows.map(({ id, msisdn, language, resultCode }) => ({
    ...{ id, msisdn, language },
    why: customerSentence(resultCode),
  }));
}
