import { createHash } from 'node:crypto';
import type { Burst, FairUseStep } from '@turnpike/core/fair-use.js';
import type { ScheduleWindow } from '@turnpike/core/schedule.js';

/** What RADIUS must know of one User-Name, readable with one command. The password stays sealed. */
export interface SubjectSnapshot {
  readonly customerId: string;
  /** `customer.revision` it was made from. */
  readonly revision: number;
  readonly status: 'active' | 'suspended';
  /** Sealed for place customer/customerId/password. */
  readonly password: string;
  /** Only listed devices may log in. */
  readonly devicesOnly: boolean;
  readonly devices: readonly SnapshotDevice[];
  /** Those that can let in now or tell why not, the ones ending first in front. */
  readonly entitlements: readonly SnapshotEntitlement[];
}

export interface SnapshotDevice {
  /** `AA:BB:CC:DD:EE:FF` */
  readonly mac: string;
  readonly blocked: boolean;
}

export interface SnapshotEntitlement {
  readonly id: string;
  readonly type: 'hotspot' | 'pppoe';
  readonly state: EntitlementState;
  /** Milliseconds since 1970. */
  readonly startsAt: number;
  readonly endsAt: number;
  readonly downKbps: number;
  readonly upKbps: number;
  /** Decimal digits: bytes may pass 2^53. */
  readonly quotaOctets: string | null;
  readonly usedOctets: string;
  readonly devices: number;
  /** Time online it gives, seconds; null: as much as fits until its end. */
  readonly onlineSeconds: number | null;
  readonly usedSeconds: number;
  readonly schedule: readonly ScheduleWindow[] | null;
  /** IANA name, for `schedule`. */
  readonly timeZone: string;
  readonly fairUse: readonly FairUseStep[] | null;
  /** Where it is valid; both empty: everywhere. */
  readonly sites: readonly string[];
  readonly routerIds: readonly string[];
  /** Known devices are let in by their MAC address alone. */
  readonly macLogin: boolean;
  readonly burst: Burst | null;
  /** Of what waits for its first login: how long it is valid from then on; null: `endsAt` tells. */
  readonly validForSeconds: number | null;
  /** Of the purchase that it came from. */
  readonly traceparent: string | null;
}

const STATES = ['pending', 'active', 'expired', 'exhausted', 'suspended', 'refunded'] as const;
export type EntitlementState = (typeof STATES)[number];

/** Names a subject in keys: the bytes of User-Name hashed, so that any bytes of any length make one plain key. */
export function subjectHash(username: Buffer): string {
  return createHash('sha256').update(username).digest('base64url');
}

const FORMAT = 'v2 ';

/** Lists in place of objects: a process may hold a hundred thousand of these. */
type PackedSubject = readonly [
  customerId: string,
  revision: number,
  suspended: 0 | 1,
  password: string,
  entitlements: readonly PackedEntitlement[],
  devicesOnly?: 0 | 1,
  devices?: readonly (readonly [mac: string, blocked: 0 | 1])[],
];

type PackedEntitlement = readonly [
  id: string,
  pppoe: 0 | 1,
  state: number,
  startsAt: number,
  endsAt: number,
  downKbps: number,
  upKbps: number,
  devices: number,
  quotaOctets: string | null,
  usedOctets: string,
  /** Left out when nothing is special. */
  terms?: PackedTerms | null,
  /** Left out when there is none. */
  traceparent?: string,
];

type PackedTerms = readonly [
  onlineSeconds: number | null,
  usedSeconds: number,
  schedule: readonly ScheduleWindow[] | null,
  timeZone: string,
  fairUse: readonly FairUseStep[] | null,
  sites: readonly string[],
  routerIds: readonly string[],
  macLogin: 0 | 1,
  /** Texts of before there were these have neither. */
  burst?: PackedBurst | null,
  validForSeconds?: number | null,
];

type PackedBurst = readonly [down: number, up: number, thresholdDown: number, thresholdUp: number, seconds: number];

export function encodeSnapshot(snapshot: SubjectSnapshot): string {
  const { customerId, revision, status, password, entitlements, devicesOnly, devices } = snapshot;
  const always = [
    customerId,
    revision,
    status === 'suspended' ? 1 : 0,
    password,
    entitlements.map(packEntitlement),
  ] as const;
  const packed: PackedSubject =
    devicesOnly || devices.length > 0
      ? [...always, devicesOnly ? 1 : 0, devices.map(({ mac, blocked }) => [mac, blocked ? 1 : 0] as const)]
      : always;
  return FORMAT + JSON.stringify(packed);
}

/** Undefined for a text of another format, for example of another release; the caller then reads PostgreSQL. */
export function decodeSnapshot(text: string): SubjectSnapshot | undefined {
  if (!text.startsWith(FORMAT)) return undefined;
  const packed = JSON.parse(text.slice(FORMAT.length)) as PackedSubject;
  const [customerId, revision, suspended, password, entitlements, devicesOnly = 0, devices = []] = packed;
  return {
    customerId,
    revision,
    status: suspended === 1 ? 'suspended' : 'active',
    password,
    devicesOnly: devicesOnly === 1,
    devices: devices.map(([mac, blocked]) => ({ mac, blocked: blocked === 1 })),
    entitlements: entitlements.map(unpackEntitlement),
  };
}

function packEntitlement(entitlement: SnapshotEntitlement): PackedEntitlement {
  const { id, type, state, startsAt, endsAt, downKbps, upKbps, devices, quotaOctets, usedOctets } = entitlement;
  const service = type === 'pppoe' ? 1 : 0;
  const always = [id, service, STATES.indexOf(state), startsAt, endsAt, downKbps, upKbps, devices] as const;
  const terms = packTerms(entitlement);
  const { traceparent } = entitlement;
  if (traceparent !== null) return [...always, quotaOctets, usedOctets, terms ?? null, traceparent];
  return terms === undefined ? [...always, quotaOctets, usedOctets] : [...always, quotaOctets, usedOctets, terms];
}

function packTerms(entitlement: SnapshotEntitlement): PackedTerms | undefined {
  const { onlineSeconds, usedSeconds, schedule, timeZone, fairUse, sites, routerIds, macLogin } = entitlement;
  const { burst, validForSeconds } = entitlement;
  const limited = onlineSeconds !== null || schedule !== null || fairUse !== null;
  const newer = burst !== null || validForSeconds !== null;
  if (!limited && !newer && !macLogin && sites.length === 0 && routerIds.length === 0) return undefined;
  const always = [onlineSeconds, usedSeconds, schedule, timeZone, fairUse, sites, routerIds, macLogin ? 1 : 0] as const;
  return newer ? [...always, burst === null ? null : packBurst(burst), validForSeconds] : always;
}

function packBurst({ downKbps, upKbps, thresholdDownKbps, thresholdUpKbps, seconds }: Burst): PackedBurst {
  return [downKbps, upKbps, thresholdDownKbps, thresholdUpKbps, seconds];
}

function unpackBurst([downKbps, upKbps, thresholdDownKbps, thresholdUpKbps, seconds]: PackedBurst): Burst {
  return { downKbps, upKbps, thresholdDownKbps, thresholdUpKbps, seconds };
}

const NO_TERMS: PackedTerms = [null, 0, null, 'UTC', null, [], [], 0];

function unpackEntitlement(packed: PackedEntitlement): SnapshotEntitlement {
  const [id, pppoe, state, startsAt, endsAt, downKbps, upKbps, devices, quotaOctets, usedOctets, terms, traceparent] =
    packed;
  const [onlineSeconds, usedSeconds, schedule, timeZone, fairUse, sites, routerIds, macLogin, burst, waiting] =
    terms ?? NO_TERMS;
  return {
    id,
    type: pppoe === 1 ? 'pppoe' : 'hotspot',
    state: STATES[state] ?? 'suspended',
    startsAt,
    endsAt,
    downKbps,
    upKbps,
    quotaOctets,
    usedOctets,
    devices,
    onlineSeconds,
    usedSeconds,
    schedule,
    timeZone,
    fairUse,
    sites,
    routerIds,
    macLogin: macLogin === 1,
    burst: burst ? unpackBurst(burst) : null,
    validForSeconds: waiting ?? null,
    traceparent: traceparent ?? null,
  };
}
