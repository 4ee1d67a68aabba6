import type { Tx } from '@turnpike/db/database.js';
import type { VoucherBatch } from '@turnpike/db/generated/client.js';
import type { VoucherTerms } from './voucher-terms.js';

export interface VoucherBatchRow extends VoucherBatch {
  readonly agent: { readonly name: string } | null;
}

export interface VoucherCounts {
  readonly unused: number;
  readonly redeemed: number;
  readonly revoked: number;
  readonly expired: number;
  readonly expiresAt: Date | null;
}

export interface BatchFilter {
  readonly packageId?: string | undefined;
  readonly agentId?: string | undefined;
  /** As batchNumber gives it, in any case. */
  readonly number?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

const withNames = { agent: { select: { name: true } } } as const;

interface NewBatch {
  readonly packageId: string;
  readonly count: number;
  readonly createdBy: string;
  readonly terms: VoucherTerms;
  readonly agentId: string | null;
  readonly debitedMinor: bigint | null;
}

export async function insertBatchRow(tx: Tx, batch: NewBatch): Promise<{ id: string; createdAt: Date }> {
  return tx.voucherBatch.create({ data: batch, select: { id: true, createdAt: true } });
}

/** Newest first; one row more than `limit` when there are more. */
export async function listBatchRows(
  tx: Tx,
  { packageId, agentId, number, from, to }: BatchFilter,
  after: string | undefined,
  limit: number,
): Promise<VoucherBatchRow[]> {
  const ids = number === undefined ? undefined : await idsEndingIn(tx, number.toLowerCase());
  return tx.voucherBatch.findMany({
    where: {
      ...(packageId === undefined ? {} : { packageId }),
      ...(agentId === undefined ? {} : { agentId }),
      ...(from === undefined && to === undefined
        ? {}
        : { createdAt: { ...(from === undefined ? {} : { gte: from }), ...(to === undefined ? {} : { lt: to }) } }),
      AND: [ids === undefined ? {} : { id: { in: ids } }, after === undefined ? {} : { id: { lt: after } }],
    },
    include: withNames,
    orderBy: { id: 'desc' },
    take: limit + 1,
  });
}

export async function findBatchRow(tx: Tx, id: string): Promise<VoucherBatchRow | undefined> {
  return (await tx.voucherBatch.findUnique({ where: { id }, include: withNames })) ?? undefined;
}

/** As it is; nobody else revokes codes of it until the transaction ends. Taken before any of its codes is locked. */
export async function lockBatch(tx: Tx, id: string): Promise<VoucherBatchRow | undefined> {
  await tx.$queryRaw`SELECT FROM voucher_batch WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
  return findBatchRow(tx, id);
}

export async function countRevoked(tx: Tx, id: string): Promise<number> {
  return tx.voucher.count({ where: { batchId: id, state: 'revoked' } });
}

/** By batch id. An unused code whose time is over counts as expired, though nobody has tried it. */
export async function countVouchers(tx: Tx, ids: readonly string[], at: Date): Promise<Map<string, VoucherCounts>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.$queryRaw<(VoucherCounts & { id: string })[]>`
    SELECT batch_id::text AS id,
           (count(*) FILTER (WHERE state = 'unused' AND (expires_at IS NULL OR expires_at > ${at})))::int AS unused,
           (count(*) FILTER (WHERE state = 'redeemed'))::int AS redeemed,
           (count(*) FILTER (WHERE state = 'revoked'))::int AS revoked,
           (count(*) FILTER (WHERE state = 'expired' OR state = 'unused' AND expires_at <= ${at}))::int AS expired,
           max(expires_at) AS "expiresAt"
    FROM voucher WHERE batch_id = ANY(${[...ids]}::uuid[]) GROUP BY batch_id`;
  return new Map(rows.map((row) => [row.id, row]));
}

async function idsEndingIn(tx: Tx, end: string): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id::text AS id FROM voucher_batch WHERE right(id::text, 8) = ${end} LIMIT 20`;
  return rows.map(({ id }) => id);
}
