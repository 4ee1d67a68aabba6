import type { Tx } from '@turnpike/db/database.js';
import { auditHash, GENESIS } from './audit-hash.js';
import { storableDetails, storableText } from './audit-details.js';

/** Any number will do, as long as nothing else takes the same advisory lock. */
const CHAIN_LOCK = 7_416_001;
const VERIFY_BATCH = 1_000;

export interface AuditEntryInput {
  /** Operator id, or `system`. */
  readonly actor: string;
  /** `<subject>.<what happened>`, for example `router.created`. */
  readonly action: string;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly requestId?: string | undefined;
  /** JSON for people; never secrets. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

export interface AuditRow {
  readonly id: bigint;
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly requestId: string | null;
  readonly details: unknown;
  readonly previous: string;
  readonly hash: string;
}

export type ChainVerdict =
  | { readonly ok: true; readonly entries: number; readonly head: string }
  /** `entryId`: the first row that does not fit. */
  | { readonly ok: false; readonly entries: number; readonly entryId: string; readonly reason: string };

/**
 * Adds one entry to the chain, in the transaction of the change it tells about. The chain is locked from here until that
 * transaction ends, so make this the last statement of the transaction.
 */
export async function appendAudit(tx: Tx, entry: AuditEntryInput): Promise<void> {
  // A statement sees what was committed before it began: the lock has to be had before the head of the chain is read.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${CHAIN_LOCK}::bigint)`;
  const head = await readHead(tx);
  const details = storableDetails(entry.details ?? {});
  const content = {
    id: head.id,
    at: head.at,
    actor: storableText(entry.actor),
    action: storableText(entry.action),
    subjectType: storableText(entry.subjectType),
    subjectId: storableText(entry.subjectId),
    requestId: entry.requestId === undefined ? null : storableText(entry.requestId),
  };
  const hash = auditHash(head.previous, { ...content, details });
  await tx.$executeRaw`
    INSERT INTO audit_entry (id, at, actor, action, subject_type, subject_id, request_id, details, previous, hash)
    VALUES (${content.id}, ${content.at}, ${content.actor}, ${content.action}, ${content.subjectType},
      ${content.subjectId}, ${content.requestId}, ${JSON.stringify(details)}::jsonb, ${head.previous}, ${hash})`;
}

async function readHead(tx: Tx): Promise<{ id: bigint; at: Date; previous: string }> {
  const [head] = await tx.$queryRaw<{ id: bigint; at: Date; previous: string | null }[]>`
    SELECT nextval(pg_get_serial_sequence('audit_entry', 'id')) AS id,
      date_trunc('milliseconds', clock_timestamp()) AS at,
      (SELECT hash FROM audit_entry ORDER BY id DESC LIMIT 1) AS previous`;
  if (head === undefined) throw new Error('the head of the audit chain gave no row');
  return { id: head.id, at: head.at, previous: head.previous ?? GENESIS };
}

/**
 * Recomputes the chain from its first entry. A row that was changed, removed or slipped in breaks it there. Entries cut off
 * at the end cannot be seen from inside: compare `head` and `entries` with a copy kept elsewhere.
 */
export async function verifyAuditChain(db: Tx): Promise<ChainVerdict> {
  let previous = GENESIS;
  let entries = 0;
  let after = 0n;
  for (;;) {
    const rows = await db.auditEntry.findMany({
      where: { id: { gt: after } },
      orderBy: { id: 'asc' },
      take: VERIFY_BATCH,
    });
    for (const row of rows) {
      const reason = faultOf(row, previous);
      if (reason !== undefined) return { ok: false, entries, entryId: row.id.toString(), reason };
      previous = row.hash;
      after = row.id;
      entries += 1;
    }
    if (rows.length < VERIFY_BATCH) return { ok: true, entries, head: previous };
  }
}

function faultOf(row: AuditRow, previous: string): string | undefined {
  if (row.previous !== previous) return 'it does not follow the entry before it: one was removed, added or changed';
  if (row.hash !== auditHash(previous, row)) return 'its content was changed after it was written';
  return undefined;
}

/** Newest first. `before`: id of the last row of the page before. */
export async function listAuditEntries(db: Tx, limit: number, before: bigint | undefined): Promise<AuditRow[]> {
  return db.auditEntry.findMany({
    ...(before === undefined ? {} : { where: { id: { lt: before } } }),
    orderBy: { id: 'desc' },
    take: limit,
  });
}
