import { createHmac, randomBytes, type KeyObject } from 'node:crypto';
import { derivedKey } from '@turnpike/core/derived-key.js';

export interface VoucherCodes {
  /** A new code as it is printed: three groups of four, 54 random bits and a check character. */
  generate(): string;
  /** See `parseVoucherCode`. */
  parse(text: string): string | undefined;
  /** What is stored of a code: HMAC-SHA-256 under the current key, base64url. Takes the code as `parse` gives it. */
  hash(code: string): string;
  /** The same under every key, the current one first: codes made before a key was rotated are found by one of them. */
  hashes(code: string): readonly string[];
  /** RADIUS User-Name of the customer that the code becomes, under the current key. */
  usernameOf(code: string): string;
}

/** Neither 0 and O nor 1, I and L. 31 of them: a prime, so that a weighted sum tells every slip of the pen. */
const LETTERS = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
const LENGTH = 12;
const GROUP = 4;
/** Longest text that is looked at: a code with a separator between all of its letters, and some room. */
const MAX_TEXT = 32;
const USERNAME_PREFIX = 'v.';
const USERNAME_HASH_LENGTH = 26;

const valueOf = new Map([...LETTERS].map((letter, value) => [letter, value]));

/**
 * The code in the one spelling that is hashed, whatever its case, dashes and spaces; undefined for any other text. One
 * wrong letter, or two that changed places, is no code. Neither is a phone number or the bare digits of a MAC address.
 */
export function parseVoucherCode(text: string): string | undefined {
  if (text.length < LENGTH || text.length > MAX_TEXT) return undefined;
  const letters = text.replace(/[\s-]/g, '').toUpperCase();
  if (letters.length !== LENGTH || isHexadecimal(letters) || weightedSum(letters) !== 0) return undefined;
  return grouped(letters);
}

/** True for the username of a customer that a voucher became. */
export function isVoucherUsername(username: string): boolean {
  return username.length === USERNAME_PREFIX.length + USERNAME_HASH_LENGTH && /^v\.[\w-]+$/.test(username);
}

/** `keys`: the encryption keys (64 hex digits each), the current one first. */
export function createVoucherCodes(keys: readonly string[]): VoucherCodes {
  const macKeys = keys.map(macKey);
  const [current] = macKeys;
  if (current === undefined) throw new Error('at least one encryption key is needed for voucher codes');
  const hash = (code: string): string => macOf(current, code);
  return {
    generate,
    parse: parseVoucherCode,
    hash,
    hashes: (code) => macKeys.map((key) => macOf(key, code)),
    usernameOf: (code) => voucherUsername(hash(code)),
  };
}

/** The username that goes with a stored hash. */
export function voucherUsername(hash: string): string {
  return USERNAME_PREFIX + hash.slice(0, USERNAME_HASH_LENGTH);
}

function generate(): string {
  for (;;) {
    const body = randomLetters(LENGTH - 1);
    const letters = body + checkCharacter(body);
    if (!isHexadecimal(letters)) return grouped(letters);
  }
}

/** Bytes from 248 on are thrown away: with them the first letters would come more often. */
function randomLetters(count: number): string {
  let letters = '';
  while (letters.length < count) {
    for (const byte of randomBytes(count)) {
      if (byte < 256 - (256 % LETTERS.length)) letters += LETTERS.charAt(byte % LETTERS.length);
    }
  }
  return letters.slice(0, count);
}

/** Weights 12, 11 .. 1 modulo 31: 0 for a code; undefined when a letter is none of ours. */
function weightedSum(letters: string): number | undefined {
  let sum = 0;
  for (let index = 0; index < letters.length; index += 1) {
    const value = valueOf.get(letters.charAt(index));
    if (value === undefined) return undefined;
    sum += value * (LENGTH - index);
  }
  return sum % LETTERS.length;
}

function checkCharacter(body: string): string {
  const sum = weightedSum(body) ?? 0;
  return LETTERS.charAt((LETTERS.length - sum) % LETTERS.length);
}

function isHexadecimal(letters: string): boolean {
  return /^[0-9A-F]+$/.test(letters);
}

function grouped(letters: string): string {
  return `${letters.slice(0, GROUP)}-${letters.slice(GROUP, 2 * GROUP)}-${letters.slice(2 * GROUP)}`;
}

function macKey(hex: string): KeyObject {
  return derivedKey(hex, 'turnpike voucher codes');
}

function macOf(key: KeyObject, code: string): string {
  return createHmac('sha256', key).update(code).digest('base64url');
}
