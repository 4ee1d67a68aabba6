import { createHash, createHmac, type KeyObject } from 'node:crypto';
import { derivedKey } from '@turnpike/core/derived-key.js';

/** Tokens in callback URLs: derived from the payment's id, so that none is stored and whoever needs one makes it again. */
export interface CallbackTokens {
  /** 256 bits, base64url, under the current key. */
  of(paymentId: string): string;
  /** The token whose hash was stored, under whichever key made it; undefined when none of ours did. */
  matching(paymentId: string, hash: string): string | undefined;
}

/** `keys`: the encryption keys (64 hex digits each), the current one first. */
export function createCallbackTokens(keys: readonly string[]): CallbackTokens {
  const macKeys = keys.map(macKey);
  const [current] = macKeys;
  if (current === undefined) throw new Error('at least one encryption key is needed for callback tokens');
  return {
    of: (paymentId) => macOf(current, paymentId),
    matching: (paymentId, hash) =>
      macKeys.map((key) => macOf(key, paymentId)).find((token) => hashCallbackToken(token) === hash),
  };
}

/** What is stored of a token. Looking it up by its hash says nothing of a token by the time that it takes. */
export function hashCallbackToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

function macKey(hex: string): KeyObject {
  return derivedKey(hex, 'turnpike payment callbacks');
}

function macOf(key: KeyObject, paymentId: string): string {
  return createHmac('sha256', key).update(paymentId).digest('base64url');
}
