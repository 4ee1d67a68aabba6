import { assertNever } from '@turnpike/core/assert-never.js';
import { stateAt } from './entitlement-states.js';
import type { EntitlementRow } from './entitlement.store.js';

export type EntitlementFacts = Pick<
  EntitlementRow,
  | 'state'
  | 'startsAt'
  | 'endsAt'
  | 'suspendedAt'
  | 'validForSeconds'
  | 'quotaOctets'
  | 'usedOctets'
  | 'onlineSeconds'
  | 'usedSeconds'
  | 'devices'
>;

/** What is left of an entitlement; null: it has no such limit. */
export interface Left {
  /** Whole seconds until it ends; of what has not begun or is suspended, from when it goes on. */
  readonly seconds: number;
  /** Time online. */
  readonly onlineSeconds: number | null;
  readonly octets: bigint | null;
  /** More devices that may be online at once. */
  readonly devices: number;
}

/** A function of the entitlement, its use and the instant, and of nothing else: whoever asks is told the same. */
export function leftOf(row: EntitlementFacts, { devicesOnline }: { devicesOnline: number }, now: Date): Left {
  const { quotaOctets, usedOctets, onlineSeconds, usedSeconds } = row;
  const seconds = secondsLeft(row, now);
  const isOver = seconds === 0 || isUsedUp(row);
  const octets = quotaOctets === null ? null : positive(quotaOctets - usedOctets);
  const online = onlineSeconds === null ? null : positive(onlineSeconds - usedSeconds);
  return {
    seconds: isOver ? 0 : seconds,
    onlineSeconds: online === null ? null : isOver ? 0 : Number(online),
    octets: octets !== null && isOver ? 0n : octets,
    devices: isOver ? 0 : Math.max(0, row.devices - devicesOnline),
  };
}

export function isUsedUp({ quotaOctets, usedOctets, onlineSeconds, usedSeconds }: EntitlementFacts): boolean {
  return (
    (quotaOctets !== null && usedOctets >= quotaOctets) || (onlineSeconds !== null && usedSeconds >= onlineSeconds)
  );
}

function secondsLeft(row: EntitlementFacts, now: Date): number {
  const { startsAt, endsAt, suspendedAt, validForSeconds } = row;
  const state = stateAt(row, now);
  switch (state) {
    case 'active':
      return secondsBetween(now, endsAt);
    case 'suspended':
      return secondsBetween(suspendedAt ?? now, endsAt);
    case 'pending':
      return validForSeconds ?? secondsBetween(startsAt, endsAt);
    case 'expired':
    case 'exhausted':
    case 'refunded':
      return 0;
    default:
      return assertNever(state);
  }
}

function secondsBetween(from: Date, to: Date): number {
  return Math.max(0, Math.floor((to.getTime() - from.getTime()) / 1000));
}

function positive(count: bigint): bigint {
  return count > 0n ? count : 0n;
}
