import type { Series } from '../series.js';

/** What the virtual users counted in one second, added up. */
export interface Second {
  /** Unix time, s. */
  readonly at: number;
  wrong: number;
  /** 503 that said when to come again. */
  turnedAway: number;
  /** By bucket, see `edgeMs`. */
  readonly counts: Map<number, number>;
}

/** As loadtest/k6/tally.js writes them. */
const LEAST_MS = 0.1;
const STEP = 1.08;
const LINE = /^second (\d+) (\d+) (\d+) (\S+)$/;
const MOST_POINTS = 300;

/** The longest time that counts for a bucket, ms. */
export function edgeMs(bucket: number): number {
  return LEAST_MS * STEP ** bucket;
}

/** Adds up the lines of all virtual users; other lines are left out. Oldest first, seconds without an answer too. */
export function readSeconds(text: string): Second[] {
  const seconds = new Map<number, Second>();
  for (const line of text.split('\n')) {
    const [, at, wrong, turnedAway, pairs] = LINE.exec(line) ?? [];
    if (at === undefined || pairs === undefined) continue;
    const second = seconds.get(Number(at)) ?? emptySecond(Number(at));
    seconds.set(second.at, second);
    second.wrong += Number(wrong);
    second.turnedAway += Number(turnedAway);
    for (const pair of pairs.split(',')) {
      const [bucket = Number.NaN, count = 0] = pair.split(':').map(Number);
      second.counts.set(bucket, (second.counts.get(bucket) ?? 0) + count);
    }
  }
  const known = [...seconds.keys()];
  if (known.length === 0) return [];
  const first = Math.min(...known);
  return Array.from({ length: Math.max(...known) - first + 1 }, (_, offset) => {
    return seconds.get(first + offset) ?? emptySecond(first + offset);
  });
}

function emptySecond(at: number): Second {
  return { at, wrong: 0, turnedAway: 0, counts: new Map() };
}

export function answersOf(seconds: readonly Second[]): number {
  return sum(seconds.flatMap(({ counts }) => [...counts.values()]));
}

/** The time that so many in 100 answers do not exceed, at most 8 % too long; NaN without answers. */
export function percentileMs(seconds: readonly Second[], percent: number): number {
  const together = new Map<number, number>();
  for (const { counts } of seconds) {
    for (const [bucket, count] of counts) together.set(bucket, (together.get(bucket) ?? 0) + count);
  }
  let left = (sum([...together.values()]) * percent) / 100;
  for (const [bucket, count] of [...together].toSorted(([a], [b]) => a - b)) {
    left -= count;
    if (left <= 1e-9) return edgeMs(bucket);
  }
  return Number.NaN;
}

/** For the record: rate, p95 and errors, at most 300 points, each of as many seconds as that takes. */
export function seriesOf(seconds: readonly Second[], p95AtMost?: number): Series[] {
  const everySeconds = Math.max(1, Math.ceil(seconds.length / MOST_POINTS));
  const parts = Array.from({ length: Math.floor(seconds.length / everySeconds) }, (_, part) =>
    seconds.slice(part * everySeconds, (part + 1) * everySeconds),
  );
  const turnedAway = parts.map((part) => sum(part.map((second) => second.turnedAway)));
  return [
    { name: 'answers', unit: '/s', everySeconds, values: parts.map((part) => round(answersOf(part) / everySeconds)) },
    {
      name: 'p95',
      unit: 'ms',
      everySeconds,
      values: parts.map((part) => round(percentileMs(part, 95))),
      ...(p95AtMost === undefined ? {} : { atMost: p95AtMost }),
    },
    { name: 'wrong answers', unit: '', everySeconds, values: parts.map((part) => sum(part.map(({ wrong }) => wrong))) },
    ...(turnedAway.some((count) => count > 0)
      ? [{ name: 'turned away, with Retry-After', unit: '', everySeconds, values: turnedAway }]
      : []),
  ];
}

/** JSON has no NaN: what was not measured is null there. */
function round(value: number): number | null {
  return Number.isFinite(value) ? Math.round(value * 10) / 10 : null;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
