import { createHash } from 'node:crypto';
import { parseMsisdn, type Msisdn } from '@turnpike/core/msisdn.js';

/** How M-Pesa names a payer: in full, with a part of the number hidden, or as SHA-256 of the number in hex. */
export function phoneFits(said: string, asked: string): boolean {
  const text = said.replace(/\s/g, '');
  if (/^[0-9a-f]{64}$/i.test(text)) return createHash('sha256').update(asked).digest('hex') === text.toLowerCase();
  if (/^\+?\d*\*+\d*$/.test(text)) return maskedFits(text.replace('+', ''), asked);
  return parseMsisdn(text) === asked;
}

/** The payer's number, when it is told in full. */
export function plainPhone(said: string): Msisdn | undefined {
  return parseMsisdn(said);
}

function maskedFits(masked: string, asked: string): boolean {
  const [head = '', tail = ''] = masked.split(/\*+/);
  return head.length + tail.length >= 4 && asked.startsWith(head) && asked.endsWith(tail);
}
