import type { SoldTerms } from '@turnpike/contracts/packages.js';
import { AppError } from '@turnpike/core/app-error.js';
import type { Tx } from '@turnpike/db/database.js';
import { insertEntitlementRow, type EntitlementRow } from './entitlement.store.js';

export interface NewEntitlement {
  readonly customerId: string;
  readonly packageId: string;
  readonly packageName: string;
  readonly terms: SoldTerms;
  readonly startsAt: Date;
  readonly validForSeconds: number;
  /** Operator id, `voucher` or `system`. */
  readonly grantedBy: string;
}

/** ISO 8601 has four digits for a year. */
export const LATEST_END = new Date('9999-12-31T23:59:59.999Z');

/** Throws `conflict` when that cannot be written as a date. */
export function endOf(from: Date, validForSeconds: number): Date {
  const endsAt = new Date(from.getTime() + validForSeconds * 1000);
  if (endsAt > LATEST_END) throw new AppError('conflict', 'this customer has access beyond the year 9999 already');
  return endsAt;
}

/** An active entitlement with the terms that were sold; the caller moves the customer's revision. */
export function startEntitlement(tx: Tx, { validForSeconds, ...input }: NewEntitlement): Promise<EntitlementRow> {
  return insertEntitlementRow(tx, { ...input, endsAt: endOf(input.startsAt, validForSeconds) });
}
