import type { Sql } from '@turnpike/db/sql.js';
import type { LeaseAnswer, LeaseOutcome, PlaceClaim } from './device-lease.js';

interface ClaimRow {
  readonly outcome: string;
  readonly usedOctets: bigint | null;
  readonly usedSeconds: bigint | null;
}

const OUTCOMES: readonly LeaseOutcome[] = ['granted', 'full', 'changed'];

export interface ClaimTerms {
  readonly leaseMs: number;
  /** Devices let in a moment ago, of which no session tells yet. */
  readonly alsoHeld: readonly string[];
}

/**
 * Takes a place while Redis cannot count: a function that holds a lock of the entitlement counts open sessions and places
 * taken this way, and compares the customer's revision with the one decided on.
 */
export async function claimPlace(tx: Sql, claim: PlaceClaim, { leaseMs, alsoHeld }: ClaimTerms): Promise<LeaseAnswer> {
  const { entitlementId, device, sessionKey, limit, customer } = claim;
  const [row] = await tx.$queryRaw<ClaimRow[]>`
    SELECT outcome, used_octets AS "usedOctets", used_seconds AS "usedSeconds"
    FROM take_device_place(${customer.id}::uuid, ${customer.revision}::bigint, ${entitlementId}::uuid, ${device},
                           ${sessionKey}, ${limit}::int, ${Math.ceil(leaseMs)}::bigint, ${[...alsoHeld]}::text[])`;
  const outcome = OUTCOMES.find((known) => known === row?.outcome);
  // No row: the entitlement is gone.
  if (row === undefined || outcome === undefined) return { outcome: 'changed', usedOctets: 0n, usedSeconds: 0 };
  return { outcome, usedOctets: row.usedOctets ?? 0n, usedSeconds: Number(row.usedSeconds ?? 0n) };
}
