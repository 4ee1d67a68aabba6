import type { Series } from '../series.js';
import { escaped, readable, withUnit } from './html.js';

/** About as wide as it is shown, so that its texts have their size. */
const WIDTH = 470;
const HEIGHT = 140;
const LEFT = 42;
const RIGHT = 10;
const TOP = 10;
const BOTTOM = 22;
const GRID_LINES = 4;
const TIME_LABELS = 5;

/** A line over time as inline SVG, with its bound as a broken line; colours are those of the page. */
export function seriesChart({ name, unit, everySeconds, values, atMost }: Series): string {
  const numbers = values.filter((value) => value !== null);
  const highest = Math.max(...numbers, 0);
  const top = niceTop(atMost !== undefined && atMost < highest * 4 ? Math.max(highest, atMost) : highest);
  const x = (at: number): number => LEFT + (at / Math.max(1, values.length - 1)) * (WIDTH - LEFT - RIGHT);
  const y = (value: number): number => HEIGHT - BOTTOM - (value / top) * (HEIGHT - TOP - BOTTOM);
  const bound =
    atMost !== undefined && atMost <= top
      ? `<line class="bound" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${fixed(y(atMost))}" y2="${fixed(y(atMost))}"><title>bound: ${escaped(withUnit(readable(atMost), unit))}</title></line>`
      : '';
  const highestText = numbers.length === 0 ? 'nothing measured' : `highest ${withUnit(readable(highest), unit)}`;
  return [
    `<figure><figcaption><b>${escaped(name)}</b>${unit === '' ? '' : ` <span>${escaped(unit)}</span>`}`,
    ` <span class="quiet">${escaped(highestText)}</span></figcaption>`,
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(`${name}: ${highestText}`)}">`,
    grid(top, y),
    times(values.length * everySeconds),
    bound,
    ...linesOf(values, x, y).map((points) => line(points)),
    `</svg></figure>`,
  ].join('');
}

function grid(top: number, y: (value: number) => number): string {
  return Array.from({ length: GRID_LINES + 1 }, (_, at) => {
    const value = (top * at) / GRID_LINES;
    const height = fixed(y(value));
    return `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${height}" y2="${height}"/><text class="tick" x="${LEFT - 6}" y="${fixed(y(value) + 3.5)}" text-anchor="end">${escaped(tick(value))}</text>`;
  }).join('');
}

function times(seconds: number): string {
  return Array.from({ length: TIME_LABELS }, (_, at) => {
    const share = at / (TIME_LABELS - 1);
    const anchor = at === 0 ? 'start' : at === TIME_LABELS - 1 ? 'end' : 'middle';
    const place = fixed(LEFT + share * (WIDTH - LEFT - RIGHT));
    return `<text class="tick" x="${place}" y="${HEIGHT - 6}" text-anchor="${anchor}">${duration(seconds * share)}</text>`;
  }).join('');
}

type Point = readonly [x: number, y: number];

/** One line for each stretch without a gap. */
function linesOf(
  values: readonly (number | null)[],
  x: (at: number) => number,
  y: (value: number) => number,
): (readonly Point[])[] {
  const lines: Point[][] = [];
  let isGap = true;
  for (const [at, value] of values.entries()) {
    if (value === null) {
      isGap = true;
      continue;
    }
    if (isGap) lines.push([]);
    isGap = false;
    lines.at(-1)?.push([x(at), y(value)]);
  }
  return lines;
}

function line(points: readonly Point[]): string {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined) return '';
  if (points.length === 1) return `<circle class="line" cx="${fixed(first[0])}" cy="${fixed(first[1])}" r="1.5"/>`;
  const path = points.map(([x, y]) => `${fixed(x)},${fixed(y)}`).join(' ');
  const ground = HEIGHT - BOTTOM;
  return `<polygon class="area" points="${fixed(first[0])},${ground} ${path} ${fixed(last[0])},${ground}"/><polyline class="line" points="${path}"/>`;
}

/** The next round number for the top of a chart; not below 1. */
export function niceTop(highest: number): number {
  if (!(highest > 1)) return 1;
  const power = 10 ** Math.floor(Math.log10(highest));
  return (STEPS.find((step) => step * power >= highest) ?? 10) * power;
}

/** A quarter of each is a number with few digits. */
const STEPS = [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8];

function tick(value: number): string {
  return value >= 10_000 ? `${readable(Math.round(value / 100) / 10)}k` : String(Number(value.toFixed(2)));
}

function duration(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return `${Math.round(seconds / 6) / 10} min`;
}

function fixed(value: number): string {
  return value.toFixed(1);
}
