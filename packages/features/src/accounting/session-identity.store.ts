import type { Tx } from '@turnpike/db/database.js';
import type { NamedSession } from './session-identity.js';
import { textArray } from './sql-array.js';

/** Newest sessions of a name that are looked at; more than one there is only where a NAS uses its ids again. */
const NAMESAKES = 20;

/** Two drains never open sessions of the same name at once. Names sorted, held until the end of the transaction. */
export async function holdNames(tx: Tx, names: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    SELECT pg_advisory_xact_lock(hashtextextended(n, 0)) FROM unnest(${textArray(names)}::text[]) WITH ORDINALITY u(n, at)
    ORDER BY at`;
}

/** Sessions by name: those whose key is the name alone (of the first release) or the name and a start. */
export async function sessionsOfNames(tx: Tx, names: readonly string[]): Promise<Map<string, NamedSession[]>> {
  const rows = await tx.$queryRaw<{ name: string; key: string; startedAt: Date; sessionSeconds: number }[]>`
    SELECT n.name, s.key, s.started_at AS "startedAt", s.session_seconds AS "sessionSeconds"
    FROM unnest(${textArray(names)}::text[]) AS n(name)
    CROSS JOIN LATERAL (
      SELECT key, started_at, session_seconds FROM session
      WHERE key >= n.name AND key <= n.name || '.9999999999' ORDER BY key DESC LIMIT ${NAMESAKES}::int
    ) s
    WHERE s.key = n.name OR starts_with(s.key, n.name || '.')`;
  const byName = new Map<string, NamedSession[]>();
  for (const { name, key, startedAt, sessionSeconds } of rows) {
    const startMs = startedAt.getTime();
    const second = key.length > name.length ? Number(key.slice(name.length + 1)) : undefined;
    const namedStart = second === undefined ? startMs : second * 1000;
    const session = { key, namedStart, startedAt: startMs, endedAt: startMs + sessionSeconds * 1000 };
    byName.set(name, [...(byName.get(name) ?? []), session]);
  }
  return byName;
}
