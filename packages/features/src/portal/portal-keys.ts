import { createHmac, type KeyObject } from 'node:crypto';
import { derivedKey } from '@turnpike/core/derived-key.js';
import { sameSecret } from '@turnpike/core/same-secret.js';

/** What a signature is for: one made for one purpose is worth nothing for another. */
export type PortalPurpose = 'state' | 'form' | 'pass' | 'browser';

export interface PortalKeys {
  /** `text` with a signature behind a dot. `text` itself may hold dots. */
  sign(purpose: PortalPurpose, text: string): string;
  /** The text that was signed; undefined when it was not signed by us for this. */
  verify(purpose: PortalPurpose, signed: string): string | undefined;
}

/** 128 bits: what is signed lives for days at most. */
const SIGNATURE_BYTES = 16;

/** `keys`: the encryption keys (64 hex digits each), the current one first; signatures of all of them are believed. */
export function createPortalKeys(keys: readonly string[]): PortalKeys {
  const derived = keys.map((hex) => derivedKey(hex, 'turnpike portal'));
  const [current] = derived;
  if (current === undefined) throw new Error('at least one encryption key is needed for the portal');
  return {
    sign: (purpose, text) => `${text}.${signature(current, purpose, text)}`,
    verify: (purpose, signed) => {
      const dot = signed.lastIndexOf('.');
      const text = signed.slice(0, Math.max(dot, 0));
      const given = signed.slice(dot + 1);
      return dot > 0 && derived.some((key) => sameSecret(given, signature(key, purpose, text))) ? text : undefined;
    },
  };
}

function signature(key: KeyObject, purpose: PortalPurpose, text: string): string {
  const mac = createHmac('sha256', key).update(`${purpose}:${text}`).digest();
  return mac.subarray(0, SIGNATURE_BYTES).toString('base64url');
}
