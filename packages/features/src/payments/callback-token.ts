import { createHash, createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import { derivedKey } from '@turnpike/core/derived-key.js';
import { parse as bytesOfUuid, stringify as uuidOfBytes } from 'uuid';

/**
 * Tokens in callback URLs: derived from the payment's id, so that none is stored and whoever needs one makes it again. A token
 * names its payment and proves that we made it: also while PostgreSQL is away strangers are told from M-Pesa.
 */
export interface CallbackTokens {
  /** Id and 256 bits of HMAC, base64url, under the current key. */
  of(paymentId: string): string;
  /** The token whose hash was stored, under whichever key made it; undefined when none of ours did. */
  matching(paymentId: string, hash: string): string | undefined;
  /** Whether one of our keys made it. False for tokens of before they named their payment. */
  isOurs(token: string): boolean;
}

const ID_BYTES = 16;
const MAC_BYTES = 32;

/** `keys`: the encryption keys (64 hex digits each), the current one first. */
export function createCallbackTokens(keys: readonly string[]): CallbackTokens {
  const macKeys = keys.map(macKey);
  const [current] = macKeys;
  if (current === undefined) throw new Error('at least one encryption key is needed for callback tokens');
  return {
    of: (paymentId) => tokenOf(current, paymentId),
    matching: (paymentId, hash) =>
      macKeys
        // Payments that were asked for before tokens named them have the HMAC alone.
        .flatMap((key) => [tokenOf(key, paymentId), macOf(key, paymentId).toString('base64url')])
        .find((token) => hashCallbackToken(token) === hash),
    isOurs: (token) => {
      const bytes = Buffer.from(token, 'base64url');
      if (bytes.length !== ID_BYTES + MAC_BYTES || bytes.toString('base64url') !== token) return false;
      const paymentId = idIn(bytes);
      if (paymentId === undefined) return false;
      return macKeys.some((key) => timingSafeEqual(macOf(key, paymentId), bytes.subarray(ID_BYTES)));
    },
  };
}

/** What is stored of a token. Looking it up by its hash says nothing of a token by the time that it takes. */
export function hashCallbackToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

function tokenOf(key: KeyObject, paymentId: string): string {
  return Buffer.concat([bytesOfUuid(paymentId), macOf(key, paymentId)]).toString('base64url');
}

/** Undefined for bytes that are no UUID. */
function idIn(bytes: Buffer): string | undefined {
  try {
    return uuidOfBytes(bytes.subarray(0, ID_BYTES));
  } catch {
    return undefined;
  }
}

function macKey(hex: string): KeyObject {
  return derivedKey(hex, 'turnpike payment callbacks');
}

function macOf(key: KeyObject, paymentId: string): Buffer {
  return createHmac('sha256', key).update(paymentId).digest();
}
