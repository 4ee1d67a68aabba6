import { instantOfLocal, localTimeOf } from './zoned-time.js';

const DAY_MS = 86_400_000;
const DAY_LENGTH = 10;

/** The day (`2026-11-23`) that an instant belongs to on the clocks of a zone. */
export function dayOf(instant: Date, zone: string): string {
  return localTimeOf(instant.toISOString(), zone).slice(0, DAY_LENGTH);
}

/** The instant at which a day begins in a zone, ISO 8601; undefined for what is no day. */
export function startOfDay(day: string, zone: string): string | undefined {
  return instantOfLocal(`${day}T00:00:00`, zone);
}

/** The instant at which a day is over. */
export function endOfDay(day: string, zone: string): string | undefined {
  const next = dayAfter(day);
  return next === undefined ? undefined : startOfDay(next, zone);
}

function dayAfter(day: string): string | undefined {
  const startMs = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(startMs) ? undefined : new Date(startMs + DAY_MS).toISOString().slice(0, DAY_LENGTH);
}
