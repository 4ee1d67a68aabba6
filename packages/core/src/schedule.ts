/** A weekly window in which something may be used. */
export interface ScheduleWindow {
  /** 1 Monday to 7 Sunday: the days on which it begins. */
  readonly days: readonly number[];
  /** `HH:MM` */
  readonly from: string;
  /** `HH:MM`, up to `24:00`; before `from` it runs over midnight, equal to `from` it lasts 24 hours. */
  readonly to: string;
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
const WEEK_MINUTES = 7 * DAY_MINUTES;

/** Whether `at` lies in a window, by the wall clock of the IANA time zone. Null: always. RangeError for an unknown zone. */
export function isWithinSchedule(windows: readonly ScheduleWindow[] | null, timeZone: string, at: Date): boolean {
  return windows === null || openMinutesFrom(windows, minuteOfWeek(at.getTime(), timeZone)) > 0;
}

/**
 * Whole seconds until the windows close, 0 when they are closed; null: never. Windows that touch are one, and a change to
 * or from summer time on the way is counted as the wall clock goes.
 */
export function secondsUntilClosed(
  windows: readonly ScheduleWindow[] | null,
  timeZone: string,
  at: Date,
): number | null {
  if (windows === null) return null;
  const startMs = at.getTime();
  let openUntilMs = startMs;
  for (;;) {
    const open = openMinutesFrom(windows, minuteOfWeek(openUntilMs, timeZone));
    if (open >= WEEK_MINUTES) return null;
    if (open <= 0) return Math.max(0, Math.floor((openUntilMs - startMs) / 1000));
    openUntilMs = afterOnTheWallClock(windows, timeZone, openUntilMs, open);
    // Closing times do not move apart for ever: two weeks on, the wall clock has turned at most once.
    if (openUntilMs - startMs > 2 * WEEK_MINUTES * MINUTE_MS) return null;
  }
}

/** The instant at which `minutes` have passed on the wall clock; where it leaps forward on the way, the first closed minute. */
function afterOnTheWallClock(
  windows: readonly ScheduleWindow[],
  timeZone: string,
  fromMs: number,
  minutes: number,
): number {
  const untilMs = fromMs + minutes * MINUTE_MS;
  const leapMinutes = offsetMinutes(untilMs, timeZone) - offsetMinutes(fromMs, timeZone);
  if (leapMinutes <= 0) return untilMs;
  let ms = Math.max(fromMs, untilMs - leapMinutes * MINUTE_MS);
  // Wall clocks leap on whole minutes: within this hour the first minute outside is the end.
  ms = Math.ceil(ms / MINUTE_MS) * MINUTE_MS;
  while (ms < untilMs && openMinutesFrom(windows, minuteOfWeek(ms, timeZone)) > 0) ms += MINUTE_MS;
  return ms;
}

/** Minutes, with a fraction, from a minute of the week to the end of the windows around it; 0 outside, a week when they never end. */
function openMinutesFrom(windows: readonly ScheduleWindow[], minute: number): number {
  let end = minute;
  // Each pass follows one window further, so that there are no more passes than windows on seven days.
  for (let passes = windows.length * 7; passes >= 0 && end - minute < WEEK_MINUTES; passes -= 1) {
    const further = reach(windows, end);
    if (further === end) break;
    end = further;
  }
  return Math.min(end - minute, WEEK_MINUTES);
}

/** The furthest end of a window that holds this minute of the week; the minute itself when none does. */
function reach(windows: readonly ScheduleWindow[], minute: number): number {
  let end = minute;
  for (const { days, from, to } of windows) {
    const begins = minutesOf(from);
    const lasts = ((minutesOf(to) - begins + DAY_MINUTES - 1) % DAY_MINUTES) + 1;
    for (const day of days) {
      const into = mod(minute - (day - 1) * DAY_MINUTES - begins, WEEK_MINUTES);
      if (into < lasts) end = Math.max(end, minute + lasts - into);
    }
  }
  return end;
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

/** Minutes with their fraction since Monday 00:00 on the wall clock. */
function minuteOfWeek(ms: number, timeZone: string): number {
  const wallMinutes = ms / MINUTE_MS + offsetMinutes(ms, timeZone);
  // 1970 began on a Thursday.
  return mod(wallMinutes + 3 * DAY_MINUTES, WEEK_MINUTES);
}

const QUARTER_MS = 15 * MINUTE_MS;
const formats = new Map<string, Intl.DateTimeFormat>();
const newest = new Map<string, { readonly quarter: number; readonly minutes: number }>();

/** Minutes that the wall clock is ahead of UTC. Asking Intl costs microseconds; offsets change on quarters of an hour. */
function offsetMinutes(ms: number, timeZone: string): number {
  const quarter = Math.floor(ms / QUARTER_MS);
  const known = newest.get(timeZone);
  if (known?.quarter === quarter) return known.minutes;
  const minutes = readOffset(quarter * QUARTER_MS, timeZone);
  newest.set(timeZone, { quarter, minutes });
  return minutes;
}

function readOffset(ms: number, timeZone: string): number {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const wallMs = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'));
  return (wallMs - ms) / MINUTE_MS;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const numeric = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
  const format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', calendar: 'gregory', ...numeric });
  formats.set(timeZone, format);
  return format;
}

function mod(value: number, base: number): number {
  return ((value % base) + base) % base;
}
