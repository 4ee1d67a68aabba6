import type { VoucherView } from '@turnpike/contracts/vouchers.js';
import { maskMsisdn } from '@turnpike/core/msisdn.js';
import { batchNumber } from './batch-number.js';
import type { ListedVoucher } from './voucher-list.store.js';
import { voucherTerms } from './voucher-terms.js';

export interface Redeemer {
  readonly id: string;
  readonly username: string;
  readonly msisdn: string | null;
}

/** `redeemer`: of `row.customerId`; `at`: by then an unused code may have expired. */
export function voucherView(row: ListedVoucher, redeemer: Redeemer | undefined, at: Date): VoucherView {
  const isOver = row.state === 'unused' && row.expiresAt !== null && row.expiresAt <= at;
  return {
    id: row.id,
    batchId: row.batchId,
    batchNumber: batchNumber(row.batchId),
    packageId: row.batch.packageId,
    packageName: voucherTerms.parse(row.batch.terms).packageName,
    state: isOver ? 'expired' : row.state,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    redeemedAt: row.redeemedAt?.toISOString() ?? null,
    redeemedBy:
      redeemer === undefined
        ? null
        : {
            customerId: redeemer.id,
            username: redeemer.username,
            msisdn: redeemer.msisdn === null ? null : maskMsisdn(redeemer.msisdn),
          },
    entitlementId: row.entitlementId,
  };
}
