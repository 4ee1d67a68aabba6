import type { PortalSessionView } from '@turnpike/contracts/portal.js';

/** The entitlement that a customer uses now. */
export interface RunningAccess {
  readonly packageName: string;
  readonly endsAt: Date;
  readonly secondsRemaining: number;
  /** Digits; undefined: no data cap. */
  readonly bytesRemaining: string | undefined;
  readonly devicesAllowed: number;
}

export interface KnownDevice {
  readonly mac: string;
  readonly name: string;
  readonly online: boolean;
}

/** What the portal shows a customer of what is theirs. */
export interface CustomerAccess {
  readonly customerId: string;
  readonly running: RunningAccess | undefined;
  readonly devicesOnline: number;
  readonly sessions: readonly { readonly routerName: string; readonly startedAt: Date }[];
  readonly devices: readonly KnownDevice[];
}

export interface EntitlementFacts {
  readonly packageName: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly quotaOctets: bigint | null;
  readonly usedOctets: bigint;
  readonly onlineSeconds: bigint | null;
  readonly usedSeconds: bigint;
  readonly devices: number;
  /** Time it is valid for from the first login, seconds; null once it has begun. */
  readonly validForSeconds: number | null;
}

/** Of several the one that ends last; used up and not yet begun ones are none. */
export function runningAccess(rows: readonly EntitlementFacts[], now: Date): RunningAccess | undefined {
  const usable = rows
    .filter((row) => row.startsAt <= now && secondsLeft(row, now) > 0 && bytesLeft(row) !== 0n)
    .sort((a, b) => b.endsAt.getTime() - a.endsAt.getTime());
  const [row] = usable;
  return (
    row && {
      packageName: row.packageName,
      endsAt: row.endsAt,
      secondsRemaining: secondsLeft(row, now),
      bytesRemaining: bytesLeft(row)?.toString(),
      devicesAllowed: row.devices,
    }
  );
}

function secondsLeft({ endsAt, onlineSeconds, usedSeconds, validForSeconds }: EntitlementFacts, now: Date): number {
  const byClock = validForSeconds ?? Math.floor((endsAt.getTime() - now.getTime()) / 1_000);
  const budget = onlineSeconds === null ? byClock : Number(onlineSeconds - usedSeconds);
  return Math.max(0, Math.min(byClock, budget));
}

function bytesLeft({ quotaOctets, usedOctets }: EntitlementFacts): bigint | undefined {
  if (quotaOctets === null) return undefined;
  return quotaOctets > usedOctets ? quotaOctets - usedOctets : 0n;
}

export function portalSessionView(access: CustomerAccess | undefined): PortalSessionView {
  if (access === undefined) return { online: false };
  const { running } = access;
  return {
    online: access.sessions.length > 0,
    devicesOnline: access.devicesOnline,
    ...(running === undefined
      ? {}
      : {
          packageName: running.packageName,
          endsAt: running.endsAt.toISOString(),
          secondsRemaining: running.secondsRemaining,
          devicesAllowed: running.devicesAllowed,
          ...(running.bytesRemaining === undefined ? {} : { bytesRemaining: running.bytesRemaining }),
        }),
  };
}
