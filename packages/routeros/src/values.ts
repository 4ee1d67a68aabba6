import { formatCidr, parseCidr } from './ipv4.js';

/*
 * RouterOS prints a value in another form than it was given (manual: "Scripting", section "Data types"). To see whether
 * a property already is what we want, both sides are brought into one form first.
 */

/** How a property is to be read. `list` is a set: order and doubles do not matter, its addresses count as /32. */
export type RosValueKind = 'text' | 'boolean' | 'duration' | 'address' | 'rate' | 'list';

/** yes/no and true/false. */
export function parseBoolean(text: string): boolean | undefined {
  if (text === 'yes' || text === 'true') return true;
  return text === 'no' || text === 'false' ? false : undefined;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;

const DURATION_UNITS = [
  ['w', WEEK_MS],
  ['d', DAY_MS],
  ['h', HOUR_MS],
  ['m', MINUTE_MS],
  ['s', SECOND_MS],
  ['ms', 1],
] as const;

const UNITS = /^(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?$/;
const CLOCK = /^(?:(\d+)w)?(?:(\d+)d)? ?(\d+):([0-5]?\d):([0-5]?\d)(?:\.(\d{1,3}))?$/;

/** `1w2d3h4m5s`, `500ms`, `1:30:00`, `1d 02:00:00`, `2d09:29:51` or bare seconds, in ms. `none` and the like: undefined. */
export function parseDurationMs(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) * SECOND_MS;
  const clock = CLOCK.exec(text);
  if (clock !== null) return sum(clock.slice(1, 6)) + Number((clock[6] ?? '').padEnd(3, '0'));
  const units = text === '' ? null : UNITS.exec(text);
  return units === null ? undefined : sum(units.slice(1));
}

function sum(counts: readonly (string | undefined)[]): number {
  return DURATION_UNITS.reduce((total, [, unitMs], position) => total + Number(counts[position] ?? 0) * unitMs, 0);
}

/** The form the router prints: `1w2d3h4m5s`, `500ms`, `0s`. `durationMs` is a whole number of at least 0. */
export function formatDuration(durationMs: number): string {
  let rest = durationMs;
  let text = '';
  for (const [unit, unitMs] of DURATION_UNITS) {
    const count = Math.floor(rest / unitMs);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * unitMs;
  }
  return text === '' ? '0s' : text;
}

const RATE_UNITS: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9 };

/** Bits per second: `10M`, `512k`, `10000000`. */
export function parseRate(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([kMG]?)$/.exec(text);
  const factor = RATE_UNITS[match?.[2] ?? ''];
  return match === null || factor === undefined ? undefined : Math.round(Number(match[1]) * factor);
}

/** One form for all spellings of the same value; a value that is not of its kind stays as it is. */
export function canonicalValue(kind: RosValueKind, text: string): string {
  return CANONICAL[kind](text);
}

export function sameValue(kind: RosValueKind, left: string, right: string): boolean {
  return left === right || canonicalValue(kind, left) === canonicalValue(kind, right);
}

const CANONICAL: Readonly<Record<RosValueKind, (text: string) => string>> = {
  text: (text) => text,
  boolean: (text) => parseBoolean(text)?.toString() ?? text,
  duration: canonicalDuration,
  address: canonicalAddress,
  // `10M/10M`, and with bursts `10M/10M 20M/20M 5M/5M 10/10`.
  rate: (text) => text.replaceAll(/[^ /]+/g, (part) => parseRate(part)?.toString() ?? part),
  list: canonicalList,
};

function canonicalDuration(text: string): string {
  const durationMs = parseDurationMs(text);
  return durationMs === undefined ? text : formatDuration(durationMs);
}

function canonicalAddress(text: string): string {
  const cidr = parseCidr(text);
  return cidr === undefined ? text : formatCidr(cidr);
}

function canonicalList(text: string): string {
  const members = text.split(',').map((member) => canonicalAddress(member.trim()));
  return [...new Set(members.filter((member) => member !== ''))].sort().join(',');
}
