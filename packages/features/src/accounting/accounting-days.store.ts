import type { Tx } from '@turnpike/db/database.js';

/** From yesterday, for a server whose clock is behind, to a week from now. */
const DAYS = 9;

/** Makes the partitions of accounting records for the coming days, by the database's clock; gives how many were missing. */
export async function ensureAccountingDays(tx: Tx): Promise<number> {
  // The lock: two processes that start at once would both make the same table.
  const rows = await tx.$queryRaw<{ made: number }[]>`
    WITH held AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended('accounting days', 0)))
    SELECT ensure_accounting_days((now() AT TIME ZONE 'UTC')::date - 1, ${DAYS}::int) AS made FROM held`;
  return rows[0]?.made ?? 0;
}

/** Drops whole days that ended more than `keptDays` ago, unless a record in them was never merged; gives how many. */
export async function dropAccountingDays(tx: Tx, keptDays: number): Promise<number> {
  const rows = await tx.$queryRaw<{ dropped: number }[]>`
    SELECT drop_accounting_days_before((now() AT TIME ZONE 'UTC')::date - ${keptDays}::int) AS dropped`;
  return rows[0]?.dropped ?? 0;
}
