/** How far back the rows go. */
export const DAYS = 365;

/**
 * An id as the service makes them: UUIDv7, sorted by time; the row's number makes it unique. The same in SQL and here, so that
 * a page deep in a list can be asked for without reading those before it.
 */
export const CREATE_ID_AT = `
  CREATE OR REPLACE FUNCTION pg_temp.id_at(at timestamptz, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(n % 4096), 3, '0')
      || '8' || lpad(to_hex(n), 15, '0'))::uuid $$`;

/** `share`: 0 for the oldest row, 1 for now. */
export function idAtShare(loadedAt: Date, share: number): string {
  const ms = Math.round(loadedAt.getTime() - (1 - share) * DAYS * 86_400_000);
  const hex = ms.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
