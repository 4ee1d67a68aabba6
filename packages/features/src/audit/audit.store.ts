import type { Tx } from '@turnpike/db/database.js';
import { auditHash, canonicalContent, GENESIS, type AuditContent } from './audit-hash.js';
import { storableDetails, storableText } from './audit-details.js';

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

export interface AuditRow extends AuditContent {
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
  const content = {
    actor: storableText(entry.actor),
    action: storableText(entry.action),
    subjectType: storableText(entry.subjectType),
    subjectId: storableText(entry.subjectId),
    requestId: entry.requestId === undefined ? null : storableText(entry.requestId),
    details: storableDetails(entry.details ?? {}),
  };
  await tx.$executeRaw`
    SELECT append_audit(${content.actor}, ${content.action}, ${content.subjectType}, ${content.subjectId},
      ${content.requestId}, ${JSON.stringify(content.details)}::jsonb, ${canonicalContent(content)})`;
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
