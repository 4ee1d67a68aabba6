import type { Tx } from '@turnpike/db/database.js';
import { enterMove } from '../ledger/ledger.js';
import { batchNumber } from './batch-number.js';
import { countRevoked, type VoucherBatchRow } from './voucher-batch.store.js';
import { voucherTerms } from './voucher-terms.js';

/** What an agent got back, in minor units. */
export interface Credit {
  readonly currency: string;
  readonly amountMinor: number;
}

interface Revoked {
  /** Locked by the caller, so that its codes are revoked one call after the other. */
  readonly batch: VoucherBatchRow;
  /** How many codes this transaction has revoked, all of them unused until then. */
  readonly count: number;
  readonly actor: string;
}

/**
 * Gives the agent who bought a batch back what the codes cost that were just revoked: the price less the commission, as it was
 * bought. Parts are counted from the first code that was revoked, so that however many calls revoke a batch, they give back together
 * exactly what it cost. Undefined for a batch that no agent bought or that cost nothing.
 */
export async function creditRevoked(tx: Tx, { batch, count, actor }: Revoked): Promise<Credit | undefined> {
  const { id, agentId, debitedMinor } = batch;
  const { packageName, priceMinor, currency } = voucherTerms.parse(batch.terms);
  if (count === 0 || agentId === null || debitedMinor === null || priceMinor === null || currency === null) {
    return undefined;
  }
  const after = await countRevoked(tx, id);
  const money = shareOf({ debitedMinor, priceMinor, of: batch.count }, after - count, after);
  if (money.priceMinor === 0n) return undefined;
  await enterMove(tx, {
    key: `voucher_batch:${id}:revoked:${after}`,
    kind: 'refund',
    description: `${count} x ${packageName}, batch ${batchNumber(id)}, revoked unused`,
    currency,
    createdBy: actor,
    batchId: id,
    postings: [
      { account: { kind: 'agent_wallet', owner: agentId }, amountMinor: money.debitedMinor },
      { account: { kind: 'sales' }, amountMinor: -money.priceMinor },
      { account: { kind: 'commission' }, amountMinor: money.priceMinor - money.debitedMinor },
    ],
  });
  return { currency, amountMinor: Number(money.debitedMinor) };
}

interface Cost {
  /** Of the whole batch. */
  readonly debitedMinor: bigint;
  /** Of one code. */
  readonly priceMinor: number;
  readonly of: number;
}

/** What the codes from the one number to the other cost; rounded down from the first code on, so that the whole is exact. */
export function shareOf({ debitedMinor, priceMinor, of }: Cost, from: number, to: number) {
  const upTo = (codes: number): bigint => (debitedMinor * BigInt(codes)) / BigInt(of);
  return { priceMinor: BigInt(priceMinor) * BigInt(to - from), debitedMinor: upTo(to) - upTo(from) };
}
