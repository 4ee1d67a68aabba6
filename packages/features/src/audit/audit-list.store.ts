import type { Tx } from '@turnpike/db/database.js';
import { Prisma } from '@turnpike/db/generated/client.js';
import type { AuditRow } from './audit.store.js';

export interface AuditFilter {
  readonly actor?: string | undefined;
  /** Ending in a dot: the beginning of an action. */
  readonly action?: string | undefined;
  readonly subjectType?: string | undefined;
  readonly subjectId?: string | undefined;
  /** From here on, and before there. */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** Ids, neither included. */
interface IdRange {
  readonly above: bigint | undefined;
  readonly below: bigint | undefined;
}

/** Newest first. `before`: id of the last row of the page before. */
export async function listAuditEntries(
  db: Tx,
  limit: number,
  before: bigint | undefined,
  filter: AuditFilter = {},
): Promise<AuditRow[]> {
  const { actor, action, subjectType, subjectId, from, to } = filter;
  const range = await idsOf(db, filter);
  if (action?.endsWith('.') === true) {
    const ids = await findIdsBeginning(db, limit, { ...filter, action, range, before });
    return db.auditEntry.findMany({ where: { id: { in: ids } }, orderBy: { id: 'desc' } });
  }
  return db.auditEntry.findMany({
    where: {
      AND: [
        before === undefined ? {} : { id: { lt: before } },
        range.below === undefined ? {} : { id: { lt: range.below } },
        range.above === undefined ? {} : { id: { gt: range.above } },
      ],
      ...(actor === undefined ? {} : { actor }),
      ...(action === undefined ? {} : { action }),
      ...(subjectType === undefined ? {} : { subjectType }),
      ...(subjectId === undefined ? {} : { subjectId }),
      ...(from === undefined && to === undefined
        ? {}
        : { at: { ...(from === undefined ? {} : { gte: from }), ...(to === undefined ? {} : { lt: to }) } }),
    },
    orderBy: { id: 'desc' },
    take: limit,
  });
}

/**
 * Ids follow the times, so a range of times is one of ids: without it a list of last year would be looked for from the newest
 * entry on. An entry gets both when its transaction commits; the hour is for clocks that were set.
 */
async function idsOf(db: Tx, { from, to }: AuditFilter): Promise<IdRange> {
  if (from === undefined && to === undefined) return { above: undefined, below: undefined };
  const [row] = await db.$queryRaw<{ above: bigint | null; below: bigint | null }[]>`
    SELECT (SELECT id FROM audit_entry WHERE at < ${from ?? null}::timestamptz - interval '1 hour' ORDER BY at DESC LIMIT 1) AS above,
           (SELECT id FROM audit_entry WHERE at >= ${to ?? null}::timestamptz + interval '1 hour' ORDER BY at LIMIT 1) AS below`;
  return { above: row?.above ?? undefined, below: row?.below ?? undefined };
}

type Beginning = AuditFilter & {
  readonly action: string;
  readonly range: IdRange;
  readonly before: bigint | undefined;
};

/**
 * There are few actions, and each has its newest entries first in the index on action and id: the actions are found by leaping
 * from one to the next, and of those that begin so the newest are taken. Holds for every collation.
 */
async function findIdsBeginning(db: Tx, limit: number, filter: Beginning): Promise<bigint[]> {
  const rows = await db.$queryRaw<{ id: bigint }[]>`
    WITH RECURSIVE known AS (
      (SELECT action FROM audit_entry ORDER BY action LIMIT 1)
      UNION ALL
      SELECT (SELECT e.action FROM audit_entry e WHERE e.action > known.action ORDER BY e.action LIMIT 1)
      FROM known WHERE known.action IS NOT NULL
    )
    SELECT found.id FROM known, LATERAL (
      SELECT e.id FROM audit_entry e WHERE e.action = known.action ${restOf(filter)} ORDER BY e.id DESC LIMIT ${limit}
    ) AS found
    WHERE starts_with(known.action, ${filter.action})
    ORDER BY found.id DESC LIMIT ${limit}`;
  return rows.map(({ id }) => id);
}

function restOf({ actor, subjectType, subjectId, from, to, range, before }: Beginning): Prisma.Sql {
  const parts = [
    ...(before === undefined ? [] : [Prisma.sql`AND e.id < ${before}`]),
    ...(range.below === undefined ? [] : [Prisma.sql`AND e.id < ${range.below}`]),
    ...(range.above === undefined ? [] : [Prisma.sql`AND e.id > ${range.above}`]),
    ...(actor === undefined ? [] : [Prisma.sql`AND e.actor = ${actor}`]),
    ...(subjectType === undefined ? [] : [Prisma.sql`AND e.subject_type = ${subjectType}`]),
    ...(subjectId === undefined ? [] : [Prisma.sql`AND e.subject_id = ${subjectId}`]),
    ...(from === undefined ? [] : [Prisma.sql`AND e.at >= ${from}`]),
    ...(to === undefined ? [] : [Prisma.sql`AND e.at < ${to}`]),
  ];
  return parts.length === 0 ? Prisma.empty : Prisma.join(parts, ' ');
}
