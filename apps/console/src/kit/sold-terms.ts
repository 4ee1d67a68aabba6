import type { SoldTerms, ValidFrom } from '@turnpike/contracts/packages.js';
import type { SayOf } from '../words/say-of.js';
import { octetsText, rateText } from './figures.js';
import type { soldTermsWords } from './sold-terms-words.js';

type Say = SayOf<typeof soldTermsWords>;

const PARTS = [
  ['days', 86_400],
  ['hours', 3_600],
  ['minutes', 60],
  ['seconds', 1],
] as const;

/** Exact: `1 day 2 hours`. */
export function timeText(seconds: number, t: Say): string {
  let left = seconds;
  const parts: string[] = [];
  for (const [unit, size] of PARTS) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(t(unit, { count }));
  }
  return parts.length === 0 ? t('seconds', { count: 0 }) : parts.join(' ');
}

/** As data is sold: `2 GB`, `1.5 GB`. */
export function sizeText(octets: string): string {
  return octetsText(BigInt(octets)).replace('.0 ', ' ');
}

interface Validity {
  readonly validForSeconds?: number | null;
  readonly validFrom?: ValidFrom;
}

/** What a package gives, in one line: `1 hour · 5 Mbit/s down, 1 Mbit/s up · 1 device`. */
export function termsText(terms: SoldTerms & Validity, t: Say): string {
  return termsParts(terms, t).join(' · ');
}

export function termsParts(terms: SoldTerms & Validity, t: Say): string[] {
  const { validForSeconds, validFrom, onlineSeconds, quotaOctets, schedule, fairUse, sites, routerIds, burst } = terms;
  const time = validForSeconds ? timeText(validForSeconds, t) : undefined;
  const [first] = fairUse ?? [];
  return [
    ...(time === undefined ? [] : [validFrom === 'first_login' ? t('fromFirstLogin', { time }) : time]),
    ...(onlineSeconds === null ? [] : [t('online', { time: timeText(onlineSeconds, t) })]),
    ...(quotaOctets === null ? [] : [t('cap', { size: sizeText(quotaOctets) })]),
    t('rate', { down: rateText(terms.downKbps), up: rateText(terms.upKbps) }),
    ...(burst === null ? [] : [t('burst', { down: rateText(burst.downKbps) })]),
    ...(first === undefined ? [] : [t('steps', { size: sizeText(first.afterOctets), count: fairUse?.length ?? 1 })]),
    t('devices', { count: terms.devices }),
    ...(schedule === null ? [] : [t('someHours')]),
    ...(sites.length + routerIds.length === 0 ? [] : [t('somewhere')]),
  ];
}
