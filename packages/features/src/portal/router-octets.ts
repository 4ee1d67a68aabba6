import { createHash } from 'node:crypto';

/** The CHAP values that a hotspot puts into its login page for one login (RouterOS manual, HotSpot customisation). */
export interface RouterChallenge {
  /** One octet. */
  readonly id: Buffer;
  readonly challenge: Buffer;
}

const MOST_OCTETS = 64;
const ESCAPE = /\\(?:([0-3][0-7]{2}|[0-7]{1,2})|x([0-9a-f]{2})|([^]))/gi;
const CONTROL: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', v: '\v' };

/**
 * The octets that RouterOS writes as the inside of a JavaScript string, mostly as `\ooo`; undefined for text that has
 * characters beyond one octet or is longer than any challenge.
 */
export function parseRouterOctets(text: string): Buffer | undefined {
  const plain = text.replace(ESCAPE, (_all, octal?: string, hex?: string, sign?: string) => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    return CONTROL[sign ?? ''] ?? sign ?? '';
  });
  if (plain.length > MOST_OCTETS || /[^\0-\xff]/.test(plain)) return undefined;
  return Buffer.from(plain, 'latin1');
}

/** undefined unless both are there and make sense: then the password itself is sent. */
export function parseRouterChallenge(id: string, challenge: string): RouterChallenge | undefined {
  const octet = parseRouterOctets(id);
  const octets = parseRouterOctets(challenge);
  if (octet?.length !== 1 || octets === undefined || octets.length === 0) return undefined;
  return { id: octet, challenge: octets };
}

/** What the login page sends instead of the password: MD5 of id, password and challenge, as hex digits. */
export function routerPassword(password: string, chap: RouterChallenge | undefined): string {
  if (chap === undefined) return password;
  return createHash('md5').update(chap.id).update(password, 'utf8').update(chap.challenge).digest('hex');
}
