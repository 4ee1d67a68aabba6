import { createHash, randomBytes, randomInt } from 'node:crypto';

/** 256 random bits behind a visible prefix; only its hash is stored. */
export function newToken(prefix: string): string {
  return `${prefix}_${randomBytes(32).toString('base64url')}`;
}

/** What is stored of a token: SHA-256 is enough for 256 random bits. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

const READABLE = 'abcdefghjkmnpqrstuvwxyz23456789';

/** Random text of letters and digits that cannot be mistaken for one another; 32 characters carry 158 bits. */
export function randomReadable(length: number): string {
  return Array.from({ length }, () => READABLE[randomInt(READABLE.length)]).join('');
}
