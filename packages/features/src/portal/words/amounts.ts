import type { Words } from './words.js';

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;
const WEEK = 604_800;

/** `KES 50`, `KES 49.50`; `Free` for nothing. */
export function priceText(words: Words, amountMinor: number, currency: string): string {
  return amountMinor === 0 ? words.terms.free : moneyText(amountMinor, currency);
}

/** People in Kenya write shillings as KSh. */
export function moneyText(amountMinor: number, currency: string): string {
  const amount = (amountMinor / 100).toLocaleString('en', {
    minimumFractionDigits: amountMinor % 100 === 0 ? 0 : 2,
    maximumFractionDigits: 2,
  });
  return `${currency === 'KES' ? 'KSh' : currency} ${amount}`;
}

/** A length as people say it: the largest unit, and the next when there is something left of it. */
export function durationText({ units }: Words, seconds: number): string {
  if (seconds < MINUTE) return units.lessThanAMinute;
  const whole = (unit: number): number => Math.floor(seconds / unit);
  const rest = (unit: number, next: number): number => Math.floor((seconds % unit) / next);
  if (seconds % WEEK === 0) return units.weeks(whole(WEEK));
  const [large, small] =
    seconds >= DAY
      ? [units.days(whole(DAY)), rest(DAY, HOUR) > 0 ? units.hours(rest(DAY, HOUR)) : undefined]
      : seconds >= HOUR
        ? [units.hours(whole(HOUR)), rest(HOUR, MINUTE) > 0 ? units.minutes(rest(HOUR, MINUTE)) : undefined]
        : [units.minutes(whole(MINUTE)), undefined];
  return small === undefined ? large : units.and(large, small);
}

const SIZES = ['kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Decimal units, as they are sold. `octets`: digits. */
export function dataText(octets: string): string {
  let amount = Number(octets) / 1_000;
  let unit = 0;
  while (amount >= 1_000 && unit < SIZES.length - 1) {
    amount /= 1_000;
    unit += 1;
  }
  return `${amount.toLocaleString('en', { maximumFractionDigits: amount < 10 ? 1 : 0 })} ${SIZES[unit] ?? ''}`;
}

/** `5 Mbps`, `512 kbps`. */
export function rateText(kbps: number): string {
  if (kbps < 1_000) return `${kbps} kbps`;
  return `${(kbps / 1_000).toLocaleString('en', { maximumFractionDigits: 1 })} Mbps`;
}

/** A moment by the clock on the wall, `23 Nov, 14:05`. */
export function momentText({ language }: Words, at: Date, timeZone: string): string {
  return at.toLocaleString(language === 'sw' ? 'sw-KE' : 'en-GB', {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
    timeZone,
  });
}
