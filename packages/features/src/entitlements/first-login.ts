import type { Tx } from '@turnpike/db/database.js';
import { LATEST_END } from './entitlement-start.js';
import { beginAtLogins } from './entitlement.store.js';

export interface FirstLogin {
  readonly entitlementId: string;
  /** When its first session began. */
  readonly startedAt: Date;
}

/**
 * For accounting: begins what was waiting for these sessions. Gives the customers whose RADIUS snapshots are out of date by
 * that.
 */
export async function beginAtFirstLogin(tx: Tx, logins: readonly FirstLogin[]): Promise<string[]> {
  if (logins.length === 0) return [];
  const earliest = new Map<string, FirstLogin>();
  for (const login of logins) {
    const known = earliest.get(login.entitlementId);
    if (known === undefined || login.startedAt < known.startedAt) earliest.set(login.entitlementId, login);
  }
  const begun = await beginAtLogins(tx, [...earliest.values()], LATEST_END);
  return [...new Set(begun.map((row) => row.customerId))].sort();
}
