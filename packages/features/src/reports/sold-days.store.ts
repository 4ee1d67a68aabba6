import type { Tx } from '@turnpike/db/database.js';
import type { ReportRange } from './report-range.js';
import { ledgerParts, listSalesAccounts, PART } from './sold.store.js';

/** The newest day that is kept, `YYYY-MM-DD`: those before it are too, from that of the first entry. */
export async function findSoldThrough(tx: Tx, timeZone: string): Promise<string | undefined> {
  const [row] = await tx.$queryRaw<{ day: string | null }[]>`
    SELECT max(day)::text AS day FROM sold_day WHERE time_zone = ${timeZone}`;
  return row?.day ?? undefined;
}

/** Of the first entry of the ledger; undefined: there is none. */
export async function findFirstEntryDay(tx: Tx, timeZone: string): Promise<string | undefined> {
  const [row] = await tx.$queryRaw<{ day: string | null }[]>`
    SELECT (min(created_at) AT TIME ZONE ${timeZone})::date::text AS day FROM ledger_entry`;
  return row?.day ?? undefined;
}

/** Reads the days of the range from the ledger and keeps them, in place of what was kept of them before. */
export async function keepSoldDays(tx: Tx, range: ReportRange): Promise<void> {
  const { timeZone, from, to } = range;
  // Two workers that do it at once would both insert what neither saw.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('sold_days'))`;
  await tx.$executeRaw`
    DELETE FROM sold_part WHERE time_zone = ${timeZone} AND day >= ${from}::date AND day < ${to}::date`;
  for (const account of await listSalesAccounts(tx)) {
    await tx.$executeRaw`
      INSERT INTO sold_part (${PART})
      SELECT time_zone, account_id, day, week_hour, is_batch, at_desk, sum(payments), sum(gross_minor), sum(refunded_minor),
        sum(commission_minor), channel, package_id, agent_id, router_id, customer_id
      FROM (${ledgerParts(range, account)}) AS part
      GROUP BY time_zone, account_id, day, week_hour, is_batch, at_desk, channel, package_id, agent_id, router_id, customer_id
      ORDER BY day`;
  }
  await tx.$executeRaw`
    INSERT INTO sold_day (time_zone, day)
    SELECT ${timeZone}, day FROM generate_series(${from}::date::timestamp, ${to}::date::timestamp - interval '1 day', '1 day') AS day
    ON CONFLICT DO NOTHING`;
}

/** What was kept by the clock of other time zones, at most `limit` rows at a time. */
export async function forgetOtherZones(tx: Tx, timeZone: string, limit: number): Promise<void> {
  await tx.$executeRaw`DELETE FROM sold_day WHERE time_zone <> ${timeZone}`;
  await tx.$executeRaw`
    DELETE FROM sold_part
    WHERE ctid = ANY(ARRAY(SELECT ctid FROM sold_part WHERE time_zone <> ${timeZone} LIMIT ${limit}))`;
}
