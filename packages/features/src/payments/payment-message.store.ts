import { currentTraceparent } from '@turnpike/core/traceparent.js';
import type { Tx } from '@turnpike/db/database.js';
import type { PaymentMessage } from '@turnpike/db/generated/client.js';
import type { Sql } from '@turnpike/db/sql.js';

export type PaymentMessageRow = PaymentMessage;

interface Said {
  /** Raw, without NUL. */
  readonly body: string;
  readonly sourceAddress: string;
  /** Ids of the message and of the job's row, both new. */
  readonly id: string;
  readonly outboxId: string;
}

/**
 * Keeps what was said about the payment with this token and has it handled, in one statement: a callback is answered after
 * one round trip. False when no payment has the token.
 */
export async function keepCallback(sql: Sql, tokenHash: string, said: Said): Promise<boolean> {
  const kept = await sql.$executeRaw`
    WITH kept AS (
      INSERT INTO payment_message (id, payment_id, kind, body, source_address)
      SELECT ${said.id}::uuid, id, 'callback', ${said.body}, ${said.sourceAddress}
      FROM payment WHERE callback_token_hash = ${tokenHash}
      RETURNING id
    )
    INSERT INTO outbox_message (id, job, payload, traceparent)
    SELECT ${said.outboxId}::uuid, 'payment.message', jsonb_build_object('messageId', kept.id::text),
      ${currentTraceparent()}::text FROM kept`;
  return kept === 1;
}

/** The same for a message about no payment that we asked for. */
export async function keepPaybillMessage(sql: Sql, said: Said): Promise<void> {
  await sql.$executeRaw`
    WITH kept AS (
      INSERT INTO payment_message (id, kind, body, source_address)
      VALUES (${said.id}::uuid, 'paybill', ${said.body}, ${said.sourceAddress})
      RETURNING id
    )
    INSERT INTO outbox_message (id, job, payload, traceparent)
    SELECT ${said.outboxId}::uuid, 'payment.message', jsonb_build_object('messageId', kept.id::text),
      ${currentTraceparent()}::text FROM kept`;
}

interface Parked extends Said {
  readonly kind: string;
  /** Of a callback. */
  readonly tokenHash: string;
}

/**
 * The same for messages that waited elsewhere, some of which may be kept already: an id is kept once. Callbacks with the token of no
 * payment are left out. Gives how many were kept.
 */
export async function keepParked(sql: Sql, parked: readonly Parked[]): Promise<number> {
  const [ids, outboxIds] = [parked.map(({ id }) => id), parked.map(({ outboxId }) => outboxId)];
  const [kinds, hashes] = [parked.map(({ kind }) => kind), parked.map(({ tokenHash }) => tokenHash)];
  const [bodies, addresses] = [parked.map(({ body }) => body), parked.map(({ sourceAddress }) => sourceAddress)];
  return sql.$executeRaw`
    WITH parked AS (
      SELECT * FROM unnest(${ids}::uuid[], ${outboxIds}::uuid[], ${kinds}::text[], ${hashes}::text[], ${bodies}::text[],
        ${addresses}::text[]) AS p(id, outbox_id, kind, token_hash, body, source_address)
    ), kept AS (
      INSERT INTO payment_message (id, payment_id, kind, body, source_address)
      SELECT p.id, payment.id, p.kind, p.body, p.source_address
      FROM parked p LEFT JOIN payment ON p.kind = 'callback' AND payment.callback_token_hash = p.token_hash
      WHERE p.kind <> 'callback' OR payment.id IS NOT NULL
      ON CONFLICT (id) DO NOTHING
      RETURNING id
    )
    INSERT INTO outbox_message (id, job, payload)
    SELECT p.outbox_id, 'payment.message', jsonb_build_object('messageId', p.id::text)
    FROM parked p JOIN kept ON kept.id = p.id`;
}

/** What a provider answered when it was asked; it has been handled as it is written down. */
export async function insertQueryMessage(
  tx: Tx,
  message: { paymentId: string; body: string; outcome: string; at: Date },
): Promise<void> {
  const { at, ...rest } = message;
  await tx.paymentMessage.create({ data: { ...rest, kind: 'query', state: 'handled', createdAt: at, handledAt: at } });
}

export async function findMessage(tx: Tx, id: string): Promise<PaymentMessageRow | null> {
  return tx.paymentMessage.findUnique({ where: { id } });
}

/** Null unless it still waits; nobody else handles it until the transaction ends. */
export async function lockWaitingMessage(tx: Tx, id: string): Promise<PaymentMessageRow | null> {
  await tx.$queryRaw`SELECT FROM payment_message WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
  const row = await findMessage(tx, id);
  return row?.state === 'waiting' ? row : null;
}

export async function closeMessage(
  tx: Tx,
  id: string,
  result: { state: 'handled' | 'ignored'; outcome: string; at: Date; paymentId?: string | undefined },
): Promise<void> {
  const { state, outcome, at: handledAt, paymentId } = result;
  await tx.paymentMessage.update({
    where: { id },
    data: { state, outcome, handledAt, ...(paymentId === undefined ? {} : { paymentId }) },
  });
}

/** Oldest first. */
export async function listMessages(tx: Tx, paymentId: string, limit: number): Promise<PaymentMessageRow[]> {
  return tx.paymentMessage.findMany({ where: { paymentId }, orderBy: { id: 'asc' }, take: limit });
}

/** Ids of what still waits though it arrived before that, oldest first. */
export async function listForgottenMessages(tx: Tx, before: Date, limit: number): Promise<string[]> {
  const rows = await tx.paymentMessage.findMany({
    where: { state: 'waiting', createdAt: { lt: before } },
    orderBy: { createdAt: 'asc' },
    select: { id: true },
    take: limit,
  });
  return rows.map(({ id }) => id);
}
