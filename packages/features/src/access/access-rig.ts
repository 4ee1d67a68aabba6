import { createHash } from 'node:crypto';
import type { SnapshotEntitlement, SubjectSnapshot } from './subject-snapshot.js';

/** For tests: an entitlement that lets in everywhere, now, for an hour. */
export function anEntitlement(nowMs: number, more: Partial<SnapshotEntitlement> = {}): SnapshotEntitlement {
  return {
    id: '0190c6d5-7a1e-7000-8000-0000000000aa',
    type: 'hotspot',
    state: 'active',
    startsAt: nowMs - 1_000,
    endsAt: nowMs + 3_600_000,
    downKbps: 2_000,
    upKbps: 500,
    quotaOctets: null,
    usedOctets: '0',
    devices: 1,
    onlineSeconds: null,
    usedSeconds: 0,
    schedule: null,
    timeZone: 'Africa/Nairobi',
    fairUse: null,
    sites: [],
    routerIds: [],
    macLogin: false,
    burst: null,
    validForSeconds: null,
    traceparent: null,
    ...more,
  };
}

export function aSubject(customerId: string, more: Partial<SubjectSnapshot> = {}): SubjectSnapshot {
  return {
    customerId,
    revision: 1,
    status: 'active',
    password: 'sealed',
    devicesOnly: false,
    devices: [],
    entitlements: [],
    ...more,
  };
}

/** A UUID that is always the same for a text. */
export function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
