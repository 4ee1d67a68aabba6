import type { VoucherBatchView } from '@turnpike/contracts/vouchers.js';
import { batchNumber } from './batch-number.js';
import type { VoucherBatchRow, VoucherCounts } from './voucher-batch.store.js';
import { voucherTerms } from './voucher-terms.js';

const NONE = { unused: 0, redeemed: 0, revoked: 0, expired: 0, expiresAt: null };

export function voucherBatchView(row: VoucherBatchRow, counts: VoucherCounts = NONE): VoucherBatchView {
  const { unused, redeemed, revoked, expired, expiresAt } = counts;
  const { packageName, validForSeconds, priceMinor, currency } = voucherTerms.parse(row.terms);
  return {
    id: row.id,
    number: batchNumber(row.id),
    packageId: row.packageId,
    packageName,
    count: row.count,
    priceMinor,
    currency,
    validForSeconds,
    agentId: row.agentId,
    agentName: row.agent?.name ?? null,
    expiresAt: expiresAt?.toISOString() ?? null,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    unused,
    redeemed,
    revoked,
    expired,
  };
}
