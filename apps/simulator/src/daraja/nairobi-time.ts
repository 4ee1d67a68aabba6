const EAST_AFRICA_MS = 3 * 3_600_000;

/** `yyyymmddHHMMSS` in East Africa Time, which has no daylight saving. */
export function nairobiTimestamp(instant: Date): string {
  return new Date(instant.getTime() + EAST_AFRICA_MS).toISOString().replace(/[-:T]/g, '').slice(0, 14);
}
