import { startOfDay } from '../dashboard/local-day.js';

/** What the clocks of a time zone show, `YYYY-MM-DD HH:MM:SS`. */
export function localTime(at: Date, timeZone: string): string {
  // Sweden writes dates as ISO 8601 does.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(at);
}

const HOUR_MS = 3_600_000;

/** When the clocks of a time zone show this hour of a day (`YYYY-MM-DD`); an hour that is left out that day: the next one. */
export function instantOf(day: string, hour: number, timeZone: string): Date {
  const at = new Date(startOfDay(day, timeZone).getTime() + hour * HOUR_MS);
  // Where the clocks are changed in the night, the hours since midnight are one more or one less.
  const shown = hourOf(at, timeZone);
  const other = new Date(at.getTime() + (hour - shown) * HOUR_MS);
  return shown === hour || hourOf(other, timeZone) !== hour ? at : other;
}

function hourOf(at: Date, timeZone: string): number {
  return Number(localTime(at, timeZone).slice(11, 13));
}
