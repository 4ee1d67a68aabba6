/** An instant as a field of the browser shows it (`2026-11-23T08:30`), on the clocks of a zone; empty for null. */
export function localTimeOf(at: string | null, zone: string): string {
  if (at === null) return '';
  const part = partsOf(new Date(at), zone);
  return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`;
}

/** The instant (ISO 8601) of what such a field holds; undefined for what is no time. */
export function instantOfLocal(text: string, zone: string): string | undefined {
  const asUtc = Date.parse(`${text}Z`);
  if (Number.isNaN(asUtc)) return undefined;
  // Twice, because the offset at the first guess may be that of the other side of a clock change.
  const guess = asUtc - offsetMs(asUtc, zone);
  return new Date(asUtc - offsetMs(guess, zone)).toISOString();
}

function offsetMs(ms: number, zone: string): number {
  const part = partsOf(new Date(ms), zone);
  const wall = Date.parse(
    `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:${part('second')}Z`,
  );
  return wall - Math.floor(ms / 1_000) * 1_000;
}

function partsOf(instant: Date, zone: string): (type: Intl.DateTimeFormatPartTypes) => string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(instant);
  return (type) => parts.find((part) => part.type === type)?.value ?? '';
}
