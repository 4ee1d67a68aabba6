import { invalidField } from '@turnpike/core/app-error.js';
import type { Tx } from '@turnpike/db/database.js';
import { Prisma } from '@turnpike/db/generated/client.js';
import { outboxInsert } from '@turnpike/db/outbox.store.js';
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

/** What one bounded walk along the chain came to. `next`: id to go on after; undefined at the end, and where it is broken. */
export interface ChainWalk {
  readonly checked: number;
  readonly head: string;
  readonly broken: { readonly entryId: string; readonly reason: string } | undefined;
  readonly next: bigint | undefined;
}

/**
 * Adds one entry to the chain, in the transaction of the change it tells about: when that commits, and not before, so that
 * changes do not wait for one another. Until then the entry is not to be found in `auditEntry`.
 */
export async function appendAudit(tx: Tx, entry: AuditEntryInput): Promise<void> {
  await tx.$executeRaw(auditCall(entry));
}

/** The same and a job for the outbox, in one round trip. */
export async function appendAuditAndJob(
  tx: Tx,
  entry: AuditEntryInput,
  { job, payload }: { readonly job: string; readonly payload: Prisma.InputJsonObject },
): Promise<void> {
  await tx.$executeRaw`WITH queued AS (${outboxInsert(job, payload)}) ${auditCall(entry)}`;
}

function auditCall(entry: AuditEntryInput): Prisma.Sql {
  const content = {
    actor: storableText(entry.actor),
    action: storableText(entry.action),
    subjectType: storableText(entry.subjectType),
    subjectId: storableText(entry.subjectId),
    requestId: entry.requestId === undefined ? null : storableText(entry.requestId),
    details: storableDetails(entry.details ?? {}),
  };
  return Prisma.sql`
    SELECT append_audit(${content.actor}, ${content.action}, ${content.subjectType}, ${content.subjectId},
      ${content.requestId}, ${JSON.stringify(content.details)}::jsonb, ${canonicalContent(content)})`;
}

/**
 * Recomputes the chain from its first entry. A row that was changed, removed or slipped in breaks it there. Entries cut off
 * at the end cannot be seen from inside: compare `head` and `entries` with a copy kept elsewhere.
 */
export async function verifyAuditChain(db: Tx): Promise<ChainVerdict> {
  const { checked: entries, head, broken } = await walkAuditChain(db, { after: undefined, mayGoOn: () => true });
  return broken === undefined ? { ok: true, entries, head } : { ok: false, entries, ...broken };
}

/**
 * The same from one entry on, whose own hash is taken as it stands, for as long as `mayGoOn` says so (asked between batches of
 * 1,000). Throws `validation_failed` when there is no such entry.
 */
export async function walkAuditChain(
  db: Tx,
  { after, mayGoOn }: { after: bigint | undefined; mayGoOn: () => boolean },
): Promise<ChainWalk> {
  let head = after === undefined ? GENESIS : await hashOfEntry(db, after);
  let checked = 0;
  let at = after ?? 0n;
  for (;;) {
    const rows = await db.auditEntry.findMany({
      where: { id: { gt: at } },
      orderBy: { id: 'asc' },
      take: VERIFY_BATCH,
    });
    for (const row of rows) {
      const reason = faultOf(row, head);
      if (reason !== undefined) {
        return { checked, head, broken: { entryId: row.id.toString(), reason }, next: undefined };
      }
      head = row.hash;
      at = row.id;
      checked += 1;
    }
    if (rows.length < VERIFY_BATCH) return { checked, head, broken: undefined, next: undefined };
    if (!mayGoOn()) return { checked, head, broken: undefined, next: at };
  }
}

async function hashOfEntry(db: Tx, id: bigint): Promise<string> {
  const row = await db.auditEntry.findUnique({ where: { id }, select: { hash: true } });
  if (row === null) throw invalidField('cursor', 'there is no such entry: begin again without a cursor');
  return row.hash;
}

function faultOf(row: AuditRow, previous: string): string | undefined {
  if (row.previous !== previous) return 'it does not follow the entry before it: one was removed, added or changed';
  if (row.hash !== auditHash(previous, row)) return 'its content was changed after it was written';
  return undefined;
}
