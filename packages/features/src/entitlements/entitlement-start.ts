import type { SoldTerms, ValidFrom } from '@turnpike/contracts/packages.js';
import { AppError } from '@turnpike/core/app-error.js';
import { currentTraceparent } from '@turnpike/core/traceparent.js';
import type { Tx } from '@turnpike/db/database.js';
import { insertEntitlementRow, type EntitlementRow } from './entitlement.store.js';

export interface NewEntitlement {
  readonly customerId: string;
  readonly packageId: string;
  readonly packageName: string;
  readonly terms: SoldTerms;
  /** Not before then. */
  readonly startsAt: Date;
  readonly validForSeconds: number;
  /** Default `purchase`: its time begins at `startsAt`. */
  readonly validFrom?: ValidFrom | undefined;
  /** It waits for another one to end; `startsAt` is in the future. */
  readonly queued?: boolean | undefined;
  /** Operator id, `voucher` or `system`. */
  readonly grantedBy: string;
  /** The payment that bought it. */
  readonly paymentId?: string | undefined;
}

/** ISO 8601 has four digits for a year. */
export const LATEST_END = new Date('9999-12-31T23:59:59.999Z');

/** Throws `conflict` when that cannot be written as a date. */
export function endOf(from: Date, validForSeconds: number): Date {
  const endsAt = new Date(from.getTime() + validForSeconds * 1000);
  if (endsAt > LATEST_END) throw new AppError('conflict', 'this customer has access beyond the year 9999 already');
  return endsAt;
}

/**
 * An entitlement with the terms that were sold: active, or pending when it waits for its first login or for another one to
 * end. The caller moves the customer's revision.
 */
export function startEntitlement(tx: Tx, input: NewEntitlement): Promise<EntitlementRow> {
  const { startsAt, validForSeconds, validFrom = 'purchase', queued = false } = input;
  const waits = validFrom === 'first_login';
  return insertEntitlementRow(tx, {
    customerId: input.customerId,
    packageId: input.packageId,
    packageName: input.packageName,
    terms: input.terms,
    state: waits || queued ? 'pending' : 'active',
    startsAt,
    endsAt: waits ? LATEST_END : endOf(startsAt, validForSeconds),
    validFrom,
    validForSeconds: waits ? validForSeconds : null,
    grantedBy: input.grantedBy,
    paymentId: input.paymentId ?? null,
    traceparent: currentTraceparent(),
  });
}
