import { v7 as uuidv7 } from 'uuid';
import { currentTraceparent } from '@turnpike/core/traceparent.js';
import { Prisma } from './generated/client.js';
import type { Tx } from './database.js';

export interface OutboxRow {
  readonly id: string;
  readonly job: string;
  readonly payload: unknown;
  /** Of what decided it. */
  readonly traceparent: string | null;
}

/** Stores a job to be queued; call it in the transaction that decides the job. */
export async function addToOutbox(tx: Tx, job: string, payload: Prisma.InputJsonObject): Promise<void> {
  await tx.$executeRaw(outboxInsert(job, payload));
}

/** The statement of addToOutbox, to be part of another one. */
export function outboxInsert(job: string, payload: Prisma.InputJsonObject): Prisma.Sql {
  return Prisma.sql`
    INSERT INTO outbox_message (id, job, payload, traceparent)
    VALUES (${uuidv7()}::uuid, ${job}, ${JSON.stringify(payload)}::jsonb, ${currentTraceparent()})`;
}

/** Like addToOutbox for many jobs of one name, in one statement. `traceparentOf`: where each has one of its own. */
export async function addManyToOutbox(
  tx: Tx,
  job: string,
  payloads: readonly Prisma.InputJsonObject[],
  traceparentOf: (index: number) => string | null | undefined = () => undefined,
): Promise<void> {
  if (payloads.length === 0) return;
  const current = currentTraceparent();
  const data = payloads.map((payload, index) => ({ job, payload, traceparent: traceparentOf(index) ?? current }));
  await tx.outboxMessage.createMany({ data });
}

/** Oldest unpublished rows, locked until the transaction ends; rows that another relay holds are left to it. */
export async function lockUnpublished(tx: Tx, limit: number): Promise<OutboxRow[]> {
  return tx.$queryRaw<OutboxRow[]>`
    SELECT id::text AS id, job, payload, traceparent FROM outbox_message
    WHERE published_at IS NULL
    ORDER BY created_at
    LIMIT ${limit}
    FOR UPDATE SKIP LOCKED`;
}

export async function markPublished(tx: Tx, ids: readonly string[], at: Date): Promise<void> {
  await tx.outboxMessage.updateMany({ where: { id: { in: [...ids] } }, data: { publishedAt: at } });
}

/** Published rows are kept for a while for questions, then removed. Gives the number removed. */
export async function removePublishedBefore(tx: Tx, before: Date): Promise<number> {
  const { count } = await tx.outboxMessage.deleteMany({ where: { publishedAt: { lt: before } } });
  return count;
}
