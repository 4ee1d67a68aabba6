import type { VoucherState } from '@turnpike/contracts/vouchers.js';
import type { Tx } from '@turnpike/db/database.js';
import type { Prisma, Voucher } from '@turnpike/db/generated/client.js';

export interface ListedVoucher extends Voucher {
  readonly batch: { readonly packageId: string; readonly terms: Prisma.JsonValue };
}

export interface VoucherFilter {
  /** Of one code, under every key. */
  readonly hashes?: readonly string[] | undefined;
  readonly batchId?: string | undefined;
  readonly state?: VoucherState | undefined;
  readonly after?: string | undefined;
}

const withBatch = { batch: { select: { packageId: true, terms: true } } } as const;

/** Newest first; one row more than `limit` when there are more. `at`: by then codes may have expired unseen. */
export async function listVoucherRows(
  tx: Tx,
  { hashes, batchId, state, after }: VoucherFilter,
  limit: number,
  at: Date,
): Promise<ListedVoucher[]> {
  return tx.voucher.findMany({
    where: {
      ...(hashes === undefined ? {} : { codeHash: { in: [...hashes] } }),
      ...(batchId === undefined ? {} : { batchId }),
      ...(after === undefined ? {} : { id: { lt: after } }),
      ...(state === undefined ? {} : whereState(state, at)),
    },
    include: withBatch,
    orderBy: { id: 'desc' },
    take: limit + 1,
  });
}

export async function findListedVoucher(tx: Tx, id: string): Promise<ListedVoucher | undefined> {
  return (await tx.voucher.findUnique({ where: { id }, include: withBatch })) ?? undefined;
}

function whereState(state: VoucherState, at: Date): Prisma.VoucherWhereInput {
  if (state === 'unused') return { state, OR: [{ expiresAt: null }, { expiresAt: { gt: at } }] };
  if (state === 'expired') return { OR: [{ state }, { state: 'unused', expiresAt: { lte: at } }] };
  return { state };
}
