import type { NewVoucherBatch } from '@turnpike/contracts/vouchers.js';
import { AppError, invalidField } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { Tx } from '@turnpike/db/database.js';
import { batchNumber } from './batch-number.js';
import { createBreather } from './breather.js';
import { insertBatchRow } from './voucher-batch.store.js';
import type { VoucherCodes } from './voucher-code.js';
import { termsOfOffer, type VoucherOffer } from './voucher-terms.js';
import { insertVouchers } from './voucher.store.js';

export interface BatchOrder {
  readonly offer: VoucherOffer;
  readonly count: number;
  /** Until when the codes can be redeemed; null: for ever. */
  readonly expiresAt: Date | null;
  /** Operator id. */
  readonly createdBy: string;
  /** Whose wallet pays for it. */
  readonly agentId?: string | null;
  /** What leaves that wallet for it. */
  readonly debitedMinor?: bigint | null;
}

export interface BatchMakerDeps {
  readonly codes: VoucherCodes;
  readonly clock: Clock;
}

/** Rows of one INSERT: making its parameters must not hold up other requests. */
const ROWS_AT_ONCE = 500;

/** Makes a batch and its codes, which only this answer ever tells. Lets other work in between, as 10,000 codes take a while. */
export async function makeBatch(
  tx: Tx,
  { codes, clock }: BatchMakerDeps,
  { offer, count, expiresAt, createdBy, agentId = null, debitedMinor = null }: BatchOrder,
): Promise<NewVoucherBatch> {
  if (expiresAt !== null && expiresAt <= clock.now()) {
    throw invalidField('expiresAt', 'must be in the future; leave it out for codes that never expire');
  }
  const { packageId, packageName, priceMinor, currency, validForSeconds } = offer;
  const terms = termsOfOffer(offer);
  const batch = await insertBatchRow(tx, { packageId, count, createdBy, terms, agentId, debitedMinor });
  const made = await newCodes(codes, count);
  for (let from = 0; from < count; from += ROWS_AT_ONCE) {
    const hashes = made.slice(from, from + ROWS_AT_ONCE).map(({ hash }) => hash);
    // One in 10^16 was made before: then the whole batch is made anew, by whoever asks again.
    if ((await insertVouchers(tx, batch.id, hashes, expiresAt)) < hashes.length) {
      throw new AppError('unavailable', 'a code was made twice: nothing was made, ask again');
    }
  }
  return {
    id: batch.id,
    number: batchNumber(batch.id),
    packageId,
    packageName,
    count,
    priceMinor,
    currency,
    validForSeconds,
    agentId,
    expiresAt: expiresAt?.toISOString() ?? null,
    createdAt: batch.createdAt.toISOString(),
    codes: made.map(({ code }) => code),
  };
}

async function newCodes(codes: VoucherCodes, count: number): Promise<{ code: string; hash: string }[]> {
  const breathe = createBreather();
  const made = new Map<string, string>();
  while (made.size < count) {
    const code = codes.generate();
    made.set(code, codes.hash(code));
    await breathe();
  }
  return [...made].map(([code, hash]) => ({ code, hash }));
}
