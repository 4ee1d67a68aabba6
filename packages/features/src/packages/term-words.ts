import type { BurstRate } from '@turnpike/core/fair-use.js';

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** Exact: `1 day 2 hours`. */
export function durationWords(seconds: number): string {
  let left = seconds;
  const parts: string[] = [];
  for (const [unit, size] of UNITS) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count} ${unit}${count === 1 ? '' : 's'}`);
  }
  return parts.length === 0 ? '0 seconds' : parts.join(' ');
}

const BYTE_UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'] as const;

/** To one decimal, powers of 1,000 as data is sold: `1.5 GB`. */
export function octetWords(octets: bigint): string {
  let power = 0;
  let unit = 1n;
  while (power < BYTE_UNITS.length - 1 && octets >= unit * 1_000n) {
    unit *= 1_000n;
    power += 1;
  }
  const tenths = (octets * 10n) / unit;
  const tail = tenths % 10n === 0n ? '' : `.${tenths % 10n}`;
  return `${tenths / 10n}${tail} ${BYTE_UNITS[power] ?? ''}`;
}

/** `5 Mbit/s down, 1 Mbit/s up; ...` */
export function rateWords({ downKbps, upKbps, burst }: BurstRate): string {
  const plain = `${bitWords(downKbps)} down, ${bitWords(upKbps)} up`;
  if (burst === undefined) return plain;
  const fast = `up to ${bitWords(burst.downKbps)} down, ${bitWords(burst.upKbps)} up`;
  const below = `${bitWords(burst.thresholdDownKbps)} down, ${bitWords(burst.thresholdUpKbps)} up`;
  return `${plain}; ${fast} while the average over ${durationWords(burst.seconds)} is below ${below}`;
}

function bitWords(kbps: number): string {
  return kbps >= 1_000 ? `${Number((kbps / 1_000).toFixed(3))} Mbit/s` : `${kbps} kbit/s`;
}
