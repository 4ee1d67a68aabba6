import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { hmacSha256, type Hmac } from './hmac.js';

/** What the Class attribute of an Access-Accept says and the NAS repeats in every accounting packet (RFC 2865 5.25). */
export interface ClassClaim {
  /** UUID of the entitlement that let the customer in. */
  readonly entitlementId: string;
  /** Identity of the session, unique per Accept. */
  readonly sessionKey: string;
  /** Fair-use step whose rate the Accept gave, 0 the full rate. */
  readonly fairUseStep: number;
}

/** What tells one request from another; a retransmission has the same. */
export interface RequestIdentity {
  readonly source: { readonly address: string; readonly port: number };
  readonly packet: { readonly identifier: number; readonly authenticator: Buffer };
  readonly receivedAt: Date;
}

export interface IssueOptions {
  /** 0 to 255. */
  readonly fairUseStep: number;
  /** 12 bytes, unique per Accept: see `nonceOf`. Default random ones. */
  readonly nonce?: Buffer;
}

export interface ClassTokens {
  /** A token for a session at this router; the same input gives the same token. */
  issue(routerId: string, entitlementId: string, options?: IssueOptions): { token: Buffer; sessionKey: string };
  /** Nonce of the Accept that answers this request: whichever process answers a retransmission names the same session. */
  nonceOf(request: RequestIdentity): Buffer;
  /** The claim when we issued the token for this router, else undefined. */
  verify(routerId: string, token: Buffer): ClassClaim | undefined;
}

const ID_BYTES = 16;
const NONCE_BYTES = 12;
const MAC_BYTES = 12;

interface Format {
  readonly mark: string;
  /** Bytes before the MAC: entitlement id, nonce and, since the second format, the fair-use step. */
  readonly claimBytes: number;
}

const WITHOUT_STEP: Format = { mark: 'tp1.', claimBytes: ID_BYTES + NONCE_BYTES };
const CURRENT: Format = { mark: 'tp2.', claimBytes: ID_BYTES + NONCE_BYTES + 1 };
const FORMATS: readonly Format[] = [CURRENT, WITHOUT_STEP];

const HOUR_MS = 3_600_000;

/**
 * Token: `tp2.` and base64url of entitlement id (16 bytes), nonce (12), fair-use step (1), truncated HMAC-SHA-256 (12) over
 * these and the router's id; printable, as some NASes cut values at a NUL. `tp1.`, without the step, is still believed.
 * `keys`: the encryption keys, 64 hex digits each, the current one first; a token made under any of them is good.
 */
export function createClassTokens(keys: readonly string[]): ClassTokens {
  const hmacs = keys.map((hex) => hmacSha256(keyFor('turnpike class', hex)));
  const [current] = hmacs;
  const [first] = keys;
  if (current === undefined || first === undefined) throw new RangeError('at least one key is needed');
  const nonceHmac = hmacSha256(keyFor('turnpike class nonce', first));

  return {
    issue(routerId, entitlementId, { fairUseStep, nonce = randomBytes(NONCE_BYTES) } = { fairUseStep: 0 }) {
      const { mark, claimBytes } = CURRENT;
      const body = Buffer.allocUnsafe(claimBytes + MAC_BYTES);
      body.write(entitlementId.replaceAll('-', ''), 0, 'hex');
      nonce.copy(body, ID_BYTES, 0, NONCE_BYTES);
      body.writeUInt8(fairUseStep, ID_BYTES + NONCE_BYTES);
      macOf(current, routerId, body.subarray(0, claimBytes)).copy(body, claimBytes, 0, MAC_BYTES);
      return { token: Buffer.from(mark + body.toString('base64url'), 'latin1'), sessionKey: sessionKeyOf(body) };
    },
    nonceOf({ source, packet, receivedAt }) {
      // The hour keeps apart the sessions of a NAS that starts over with the same random numbers after a reboot.
      const hour = Math.floor(receivedAt.getTime() / HOUR_MS);
      const said = `${source.address} ${source.port} ${packet.identifier} ${hour} ${packet.authenticator.toString('latin1')}`;
      return nonceHmac(Buffer.from(said, 'latin1')).subarray(0, NONCE_BYTES);
    },
    verify(routerId, token) {
      const text = token.toString('latin1');
      const format = FORMATS.find(({ mark }) => text.startsWith(mark));
      if (format === undefined || text.length !== textBytes(format)) return undefined;
      const body = Buffer.from(text.slice(format.mark.length), 'base64url');
      const { claimBytes } = format;
      if (body.length !== claimBytes + MAC_BYTES) return undefined;
      const given = body.subarray(claimBytes);
      const claim = body.subarray(0, claimBytes);
      if (!hmacs.some((hmac) => timingSafeEqual(macOf(hmac, routerId, claim).subarray(0, MAC_BYTES), given))) {
        return undefined;
      }
      const fairUseStep = format === CURRENT ? claim.readUInt8(ID_BYTES + NONCE_BYTES) : 0;
      return { entitlementId: uuidOf(body), sessionKey: sessionKeyOf(body), fairUseStep };
    },
  };
}

function keyFor(purpose: string, hex: string): Buffer {
  return createHash('sha256').update(purpose).update(Buffer.from(hex, 'hex')).digest();
}

function textBytes({ mark, claimBytes }: Format): number {
  return mark.length + Math.ceil(((claimBytes + MAC_BYTES) * 4) / 3);
}

function macOf(hmac: Hmac, routerId: string, claim: Buffer): Buffer {
  return hmac(Buffer.concat([Buffer.from(routerId, 'latin1'), claim]));
}

function sessionKeyOf(body: Buffer): string {
  return `c.${body.toString('base64url', ID_BYTES, ID_BYTES + NONCE_BYTES)}`;
}

function uuidOf(body: Buffer): string {
  const hex = body.toString('hex', 0, ID_BYTES);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
