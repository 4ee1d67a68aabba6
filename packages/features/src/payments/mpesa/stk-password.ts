import type { Secret } from '@turnpike/core/secret.js';

/** Kenya has had no daylight saving since 1960: UTC+3. */
const NAIROBI_MS = 3 * 3_600_000;

/** `yyyymmddHHMMSS` in Nairobi. */
export function nairobiTimestamp(at: Date): string {
  return new Date(at.getTime() + NAIROBI_MS).toISOString().replace(/[-:T]/g, '').slice(0, 14);
}

/** The instant of a `yyyymmddHHMMSS` in Nairobi; undefined for anything else. */
export function fromNairobiTimestamp(text: string): Date | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}+03:00`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

/** What signs an STK request: base64 of short code, passkey and timestamp. */
export function stkPassword(shortcode: string, passkey: Secret, timestamp: string): string {
  return Buffer.from(`${shortcode}${passkey.reveal()}${timestamp}`).toString('base64');
}
