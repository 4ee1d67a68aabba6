import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

const KEY_BYTES = 32;

/**
 * A key for one purpose alone, made from an encryption key of 64 hex digits by HKDF-SHA-256 (RFC 5869): what seals secrets and
 * what signs or hashes are different keys. `purpose` never changes, or what was made under the key is worth nothing.
 */
export function derivedKey(hex: string, purpose: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', Buffer.from(hex, 'hex'), '', purpose, KEY_BYTES)));
}
