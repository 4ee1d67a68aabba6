/** Days as people of a time zone count them, `YYYY-MM-DD`. */
export function localDay(at: Date, timeZone: string): string {
  // Sweden writes dates as ISO 8601 does.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(at);
}

export function addDays(day: string, count: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + count);
  return date.toISOString().slice(0, 10);
}

/** The Monday of the week, the first of the month, the first of the year. */
export function periodStarts(day: string): { readonly week: string; readonly month: string; readonly year: string } {
  const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
  return { week: addDays(day, -weekday), month: `${day.slice(0, 7)}-01`, year: `${day.slice(0, 4)}-01-01` };
}

/** When the day begins there, found from what the clocks of the time zone show at midnight in UTC. */
export function startOfDay(day: string, timeZone: string): Date {
  const midnight = new Date(`${day}T00:00:00Z`);
  const first = new Date(midnight.getTime() - offsetMs(midnight, timeZone));
  // Where the clocks are changed in between, the offset at the beginning of the day is another one.
  return new Date(midnight.getTime() - offsetMs(first, timeZone));
}

function offsetMs(at: Date, timeZone: string): number {
  const shown = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(at);
  return new Date(`${shown.replace(' ', 'T')}Z`).getTime() - Math.floor(at.getTime() / 1_000) * 1_000;
}
