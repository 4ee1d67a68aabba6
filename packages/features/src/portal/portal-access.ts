import type { PortalSessionView } from '@turnpike/contracts/portal.js';
import type { MacAddress } from '@turnpike/core/mac-address.js';
import { leftOf, type EntitlementFacts } from '../entitlements/left.js';

/** The entitlement that a customer uses now. */
export interface RunningAccess {
  readonly packageName: string;
  /** undefined: it begins with its first login. */
  readonly endsAt: Date | undefined;
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

/** What is on the list, and what is online without being on it. */
export function knownDevices(
  listed: readonly { readonly mac: string; readonly name: string }[],
  online: readonly { readonly mac: MacAddress | undefined }[],
): KnownDevice[] {
  const macs = new Set(online.flatMap(({ mac }): string[] => (mac === undefined ? [] : [mac])));
  const known = listed.map(({ mac, name }) => ({ mac, name, online: macs.has(mac) }));
  const others = [...macs].filter((mac) => !listed.some((one) => one.mac === mac));
  return [...known, ...others.map((mac) => ({ mac, name: '', online: true }))];
}

/** What the portal shows a customer of what is theirs. */
export interface CustomerAccess {
  readonly customerId: string;
  readonly running: RunningAccess | undefined;
  readonly devicesOnline: number;
  readonly sessions: readonly { readonly routerName: string; readonly startedAt: Date }[];
  readonly devices: readonly KnownDevice[];
}

export type PortalEntitlement = EntitlementFacts & { readonly packageName: string };

/** Of several the one that ends last; used up and not yet begun ones are none. */
export function runningAccess(rows: readonly PortalEntitlement[], now: Date): RunningAccess | undefined {
  const usable = rows
    .filter(({ startsAt }) => startsAt <= now)
    .map((row) => ({ row, left: leftOf(row, { devicesOnline: 0 }, now) }))
    .filter(({ left }) => left.seconds > 0)
    .sort((a, b) => b.row.endsAt.getTime() - a.row.endsAt.getTime());
  const [last] = usable;
  if (last === undefined) return undefined;
  const { row, left } = last;
  return {
    packageName: row.packageName,
    endsAt: row.validForSeconds === null ? row.endsAt : undefined,
    secondsRemaining: Math.min(left.seconds, left.onlineSeconds ?? Infinity),
    bytesRemaining: left.octets?.toString(),
    devicesAllowed: row.devices,
  };
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
          ...(running.endsAt === undefined ? {} : { endsAt: running.endsAt.toISOString() }),
          secondsRemaining: running.secondsRemaining,
          devicesAllowed: running.devicesAllowed,
          ...(running.bytesRemaining === undefined ? {} : { bytesRemaining: running.bytesRemaining }),
        }),
  };
}
