import { createHash } from 'node:crypto';

/** What RADIUS must know of one User-Name, readable with one command. The password stays sealed. */
export interface SubjectSnapshot {
  readonly customerId: string;
  /** `customer.revision` it was made from. */
  readonly revision: number;
  readonly status: 'active' | 'suspended';
  /** Sealed for place customer/customerId/password. */
  readonly password: string;
  /** Those that can let in now or tell why not, the ones ending first in front. */
  readonly entitlements: readonly SnapshotEntitlement[];
}

export interface SnapshotEntitlement {
  readonly id: string;
  readonly type: 'hotspot' | 'pppoe';
  readonly state: 'pending' | 'active' | 'expired' | 'exhausted' | 'suspended' | 'refunded';
  /** Milliseconds since 1970. */
  readonly startsAt: number;
  readonly endsAt: number;
  readonly downKbps: number;
  readonly upKbps: number;
  /** Decimal digits: bytes may pass 2^53. */
  readonly quotaOctets: string | null;
  readonly usedOctets: string;
  readonly devices: number;
}

/** Names a subject in keys: the bytes of User-Name hashed, so that any bytes of any length make one plain key. */
export function subjectHash(username: Buffer): string {
  return createHash('sha256').update(username).digest('base64url');
}

const FORMAT = 'v1 ';

export function encodeSnapshot(snapshot: SubjectSnapshot): string {
  return FORMAT + JSON.stringify(snapshot);
}

/** Undefined for a text of another format, for example of another release; the caller then reads PostgreSQL. */
export function decodeSnapshot(text: string): SubjectSnapshot | undefined {
  if (!text.startsWith(FORMAT)) return undefined;
  return JSON.parse(text.slice(FORMAT.length)) as SubjectSnapshot;
}
