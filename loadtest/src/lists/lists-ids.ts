/** How far back the rows go. */
export const DAYS = 365;

/**
 * The moment at which row n of `many` was made, evenly over the days before the loading, and an id as the service makes them:
 * UUIDv7, sorted by time; the row's number makes it unique. Which id a row has follows from its number, so rows refer to each
 * other without being looked up, and a page deep in a list can be asked for without reading those before it.
 * Both are inlined by PostgreSQL: a call for each row would cost more than the row.
 */
export const CREATE_FUNCTIONS = [
  `CREATE FUNCTION load.made_at(at timestamptz, n bigint, many float8) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT at - interval '${DAYS} days' * (1 - n / many) $$`,
  `CREATE FUNCTION load.id_at(at timestamptz, n bigint) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(n % 4096), 3, '0')
      || '8' || lpad(to_hex(n), 15, '0'))::uuid $$`,
];

/** `share`: 0 for the oldest row, 1 for now. */
export function idAtShare(loadedAt: Date, share: number): string {
  const ms = Math.round(loadedAt.getTime() - (1 - share) * DAYS * 86_400_000);
  const hex = ms.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
