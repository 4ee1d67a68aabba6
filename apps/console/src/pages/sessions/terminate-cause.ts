import type { SayOf } from '../../words/say-of.js';
import type { sessionsWords } from './sessions-words.js';

type Say = SayOf<typeof sessionsWords>;

const KNOWN = {
  1: 'cause_1',
  2: 'cause_2',
  3: 'cause_3',
  4: 'cause_4',
  5: 'cause_5',
  6: 'cause_6',
  7: 'cause_7',
  8: 'cause_8',
  9: 'cause_9',
  10: 'cause_10',
  11: 'cause_11',
  15: 'cause_15',
  17: 'cause_17',
  18: 'cause_18',
} as const;

function isKnown(code: number): code is keyof typeof KNOWN {
  return code in KNOWN;
}

/** Acct-Terminate-Cause (RFC 2866 5.10) in words. */
export function causeText(code: number, t: Say): string {
  return isKnown(code) ? t(KNOWN[code]) : t('causeUnknown', { code });
}
