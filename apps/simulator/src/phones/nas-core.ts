import { randomBytes } from 'node:crypto';
import { ATTR, type Attribute } from '@turnpike/radius/attributes.js';
import { chapPassword } from '@turnpike/radius/chap.js';
import { bytesAttr } from '@turnpike/radius/value-codec.js';
import type { Faults } from '../api/faults.js';
import { numberToIp, type Range } from '../router/ipv4-text.js';
import type { RouterState } from '../router/router-state.js';
import type { ClientSession } from './client-session.js';
import type { NasRadius } from './nas-radius.js';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface LoginResult {
  readonly online: boolean;
  /** What the customer sees: the Reply-Message, or the router's own words. */
  readonly message: string;
}

/** What phones and the CoA server share of one router. */
export interface NasCore {
  readonly state: RouterState;
  readonly faults: Faults;
  readonly radius: NasRadius;
  /** Online clients by Acct-Session-Id. */
  readonly sessions: Map<string, ClientSession>;
  /** `80000001`, `80000002` ..: from the start again after a reboot, as real ones do. */
  nextSessionId(base: number): string;
  /** Aborted when the power goes. */
  signal(): AbortSignal;
}

/** The lowest address of the ranges that nobody has. */
export function freeAddress(ranges: readonly Range[], taken: ReadonlySet<string>): string | undefined {
  for (const { first, last } of ranges) {
    for (let address = first; address <= last; address += 1) {
      const text = numberToIp(address);
      if (!taken.has(text)) return text;
    }
  }
  return undefined;
}

export function poolAddressesTaken(state: RouterState): Set<string> {
  const own = state.table('/ip/address').rows.map((row) => (row.props['address'] ?? '').split('/')[0] ?? '');
  const used = state.table('/ip/pool/used').rows.map((row) => row.props['address'] ?? '');
  return new Set([...own, ...used]);
}

/** CHAP-Challenge and CHAP-Password for an Access-Request. */
export function chapAttributes(password: string): Attribute[] {
  const challenge = randomBytes(16);
  const identifier = randomBytes(1)[0] ?? 0;
  return [
    bytesAttr(ATTR.CHAP_CHALLENGE, challenge),
    bytesAttr(ATTR.CHAP_PASSWORD, chapPassword({ identifier, password: Buffer.from(password, 'utf8'), challenge })),
  ];
}
