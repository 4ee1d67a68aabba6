import type { Tx } from '@turnpike/db/database.js';
import type { VoucherBatch } from '@turnpike/db/generated/client.js';
import type { VoucherTerms } from './voucher-terms.js';

export type VoucherBatchRow = Omit<VoucherBatch, 'terms'> & { readonly package: { readonly name: string } };

export interface VoucherCounts {
  readonly unused: number;
  readonly redeemed: number;
  readonly revoked: number;
  readonly expired: number;
  readonly expiresAt: Date | null;
}

export async function insertBatchRow(
  tx: Tx,
  batch: { packageId: string; count: number; createdBy: string; terms: VoucherTerms },
): Promise<{ id: string; createdAt: Date }> {
  return tx.voucherBatch.create({ data: batch, select: { id: true, createdAt: true } });
}

/** Newest first; one row more than `limit` when there are more. */
export async function listBatchRows(tx: Tx, after: string | undefined, limit: number): Promise<VoucherBatchRow[]> {
  return tx.voucherBatch.findMany({
    ...(after === undefined ? {} : { where: { id: { lt: after } } }),
    omit: { terms: true },
    include: { package: { select: { name: true } } },
    orderBy: { id: 'desc' },
    take: limit + 1,
  });
}

/** False when there is no such batch. */
export async function batchExists(tx: Tx, id: string): Promise<boolean> {
  return (await tx.voucherBatch.findUnique({ where: { id }, select: { id: true } })) !== null;
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
