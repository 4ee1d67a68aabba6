import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** What the Class attribute of an Access-Accept says and the NAS repeats in every accounting packet (RFC 2865 5.25). */
export interface ClassClaim {
  /** UUID of the entitlement that let the customer in. */
  readonly entitlementId: string;
  /** Identity of the session, unique per Accept. */
  readonly sessionKey: string;
}

export interface ClassTokens {
  /** A token for a new session at this router. */
  issue(routerId: string, entitlementId: string): { token: Buffer; sessionKey: string };
  /** The claim when we issued the token for this router, else undefined. */
  verify(routerId: string, token: Buffer): ClassClaim | undefined;
}

const MARK = 'tp1.';
const ID_BYTES = 16;
const NONCE_BYTES = 12;
const MAC_BYTES = 12;
const BODY_BYTES = ID_BYTES + NONCE_BYTES + MAC_BYTES;
const TEXT_BYTES = MARK.length + Math.ceil((BODY_BYTES * 4) / 3);

/**
 * Token: `tp1.` and base64url of entitlement id (16 bytes), nonce (12), truncated HMAC-SHA-256 (12) over both and the
 * router's id; printable, as some NASes cut values at a NUL. `keys`: the encryption keys, 64 hex digits each, the current
 * one first; a token made under any of them is good.
 */
export function createClassTokens(keys: readonly string[]): ClassTokens {
  const macKeys = keys.map((hex) =>
    createHash('sha256').update('turnpike class').update(Buffer.from(hex, 'hex')).digest(),
  );
  const current = macKeys[0];
  if (current === undefined) throw new RangeError('at least one key is needed');

  return {
    issue(routerId, entitlementId) {
      const body = Buffer.allocUnsafe(BODY_BYTES);
      body.write(entitlementId.replaceAll('-', ''), 0, 'hex');
      randomBytes(NONCE_BYTES).copy(body, ID_BYTES);
      macOf(current, routerId, body).copy(body, ID_BYTES + NONCE_BYTES, 0, MAC_BYTES);
      return { token: Buffer.from(MARK + body.toString('base64url'), 'latin1'), sessionKey: sessionKeyOf(body) };
    },
    verify(routerId, token) {
      if (token.length !== TEXT_BYTES || token.toString('latin1', 0, MARK.length) !== MARK) return undefined;
      const body = Buffer.from(token.toString('latin1', MARK.length), 'base64url');
      if (body.length !== BODY_BYTES) return undefined;
      const given = body.subarray(ID_BYTES + NONCE_BYTES);
      const known = macKeys.some((key) => timingSafeEqual(macOf(key, routerId, body).subarray(0, MAC_BYTES), given));
      return known ? { entitlementId: uuidOf(body), sessionKey: sessionKeyOf(body) } : undefined;
    },
  };
}

function macOf(key: Buffer, routerId: string, body: Buffer): Buffer {
  return createHmac('sha256', key)
    .update(routerId)
    .update(body.subarray(0, ID_BYTES + NONCE_BYTES))
    .digest();
}

function sessionKeyOf(body: Buffer): string {
  return `c.${body.toString('base64url', ID_BYTES, ID_BYTES + NONCE_BYTES)}`;
}

function uuidOf(body: Buffer): string {
  const hex = body.toString('hex', 0, ID_BYTES);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
