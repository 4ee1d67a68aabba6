import { assertNever } from '@turnpike/core/assert-never.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { Database, Tx } from '@turnpike/db/database.js';
import { insertVoucherCustomer, renameVoucherCustomer } from '../customers/voucher-customer.js';
import { startEntitlement } from '../entitlements/entitlement-start.js';
import { voucherUsername, type VoucherCodes } from './voucher-code.js';
import {
  findBatchTerms,
  findVoucher,
  lockVoucher,
  markExpired,
  markRedeemed,
  setCodeHash,
  type VoucherRow,
} from './voucher.store.js';

export type Redemption =
  /** The customer that the code has become, now or before; the username is `codes.usernameOf(code)`. */
  | { readonly kind: 'redeemed'; readonly customerId: string }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'revoked' }
  | { readonly kind: 'expired' };

export interface VoucherRedemption {
  /**
   * Turns a code, as `codes.parse` gives it, into a customer with access that starts now: exactly once, whoever asks how
   * often; asked again it gives the same customer. Rejects when PostgreSQL cannot tell, and then nothing has happened.
   */
  redeem(code: string): Promise<Redemption>;
}

export interface VoucherRedemptionDeps extends Pick<Database, 'db' | 'transact'> {
  readonly secretBox: SecretBox;
  readonly codes: VoucherCodes;
  readonly clock: Clock;
  /** Tells the outbox relay that there is work. */
  readonly wake: () => void;
}

export function createVoucherRedemption(deps: VoucherRedemptionDeps): VoucherRedemption {
  const { db, transact, secretBox, codes, clock } = deps;

  return {
    redeem: async (code) => {
      // Guesses and repeats, which are most, cost one read.
      const seen = await findVoucher(db, codes.hashes(code));
      if (seen === undefined) return { kind: 'unknown' };
      const known = settled(seen, codes.hash(code));
      if (known !== undefined) return known;
      const redemption = await transact(async (tx) => {
        const voucher = await lockVoucher(tx, seen.id);
        return voucher === undefined ? UNKNOWN : settle(tx, voucher, codes.hash(code));
      });
      deps.wake();
      return redemption;
    },
  };

  async function settle(tx: Tx, voucher: VoucherRow, codeHash: string): Promise<Redemption> {
    const { id, state, customerId, expiresAt } = voucher;
    switch (state) {
      case 'revoked':
      case 'expired':
        return { kind: state };
      case 'redeemed':
        if (customerId === null) return UNKNOWN;
        await moveToKey(tx, { ...voucher, customerId }, codeHash);
        return { kind: 'redeemed', customerId };
      case 'unused':
        if (expiresAt === null || expiresAt > clock.now()) return redeemNow(tx, voucher, codeHash);
        await markExpired(tx, id);
        return { kind: 'expired' };
      default:
        return assertNever(state);
    }
  }

  async function redeemNow(tx: Tx, { id, batchId }: VoucherRow, codeHash: string): Promise<Redemption> {
    const at = clock.now();
    const sold = await findBatchTerms(tx, batchId);
    const customerId = await insertVoucherCustomer(tx, secretBox, voucherUsername(codeHash));
    const { id: entitlementId } = await startEntitlement(tx, {
      ...sold,
      customerId,
      startsAt: at,
      grantedBy: 'voucher',
    });
    await markRedeemed(tx, id, { codeHash, at, customerId, entitlementId });
    return { kind: 'redeemed', customerId };
  }
}

const UNKNOWN: Redemption = { kind: 'unknown' };

/** What nothing can change any more; a code that was redeemed under an older key has to be moved first. */
function settled({ state, customerId, codeHash }: VoucherRow, current: string): Redemption | undefined {
  if (state === 'revoked' || state === 'expired') return { kind: state };
  if (state === 'redeemed' && customerId !== null && codeHash === current) return { kind: 'redeemed', customerId };
  return undefined;
}

/** After a rotation the code has another hash, and so its customer another username. */
async function moveToKey(tx: Tx, voucher: VoucherRow & { customerId: string }, codeHash: string): Promise<void> {
  const { id, customerId, codeHash: known } = voucher;
  if (known === codeHash) return;
  await setCodeHash(tx, id, codeHash);
  await renameVoucherCustomer(tx, customerId, voucherUsername(known), voucherUsername(codeHash));
}
