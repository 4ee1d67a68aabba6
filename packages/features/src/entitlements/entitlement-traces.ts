import type { Sql } from '@turnpike/db/sql.js';

/** Traceparents of the purchases that these came from, by id; those without one are left out. */
export async function traceparentsOf(db: Sql, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await db.$queryRaw<{ id: string; traceparent: string }[]>`
    SELECT id::text AS id, traceparent FROM entitlement
    WHERE id = ANY(${[...ids]}::uuid[]) AND traceparent IS NOT NULL`;
  return new Map(rows.map(({ id, traceparent }) => [id, traceparent]));
}
