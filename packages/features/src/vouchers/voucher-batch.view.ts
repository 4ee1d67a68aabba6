import type { VoucherBatchView } from '@turnpike/contracts/vouchers.js';
import type { VoucherBatchRow, VoucherCounts } from './voucher-batch.store.js';

const NONE = { unused: 0, redeemed: 0, revoked: 0, expired: 0, expiresAt: null };

export function voucherBatchView(row: VoucherBatchRow, counts: VoucherCounts = NONE): VoucherBatchView {
  const { unused, redeemed, revoked, expired, expiresAt } = counts;
  return {
    id: row.id,
    packageId: row.packageId,
    packageName: row.package.name,
    count: row.count,
    expiresAt: expiresAt?.toISOString() ?? null,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    unused,
    redeemed,
    revoked,
    expired,
  };
}
