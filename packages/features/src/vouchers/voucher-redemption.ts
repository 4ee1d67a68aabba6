import { assertNever } from '@turnpike/core/assert-never.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { Database, Tx } from '@turnpike/db/database.js';
import {
  accountOfDevice,
  insertVoucherCustomer,
  renameVoucherCustomer,
  voucherHolder,
} from '../customers/voucher-customer.js';
import { voucherUsername, type VoucherCodes } from './voucher-code.js';
import { giveVoucherTime } from './voucher-time.js';
import {
  findBatchOffer,
  findVoucher,
  lockVoucher,
  markExpired,
  markRedeemed,
  setCodeHash,
  type VoucherRow,
} from './voucher.store.js';

export type Redemption =
  /** Who has the time of the code, since now or before: the customer it became, or the one it was given to. */
  | { readonly kind: 'redeemed'; readonly customerId: string }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'revoked' }
  | { readonly kind: 'expired' }
  /** Its time was given to somebody else than who asks. */
  | { readonly kind: 'used' };

export interface RedemptionRequest {
  /** A customer who has an account and gets the time; left out: the code becomes a customer of its own. */
  readonly customerId?: string | undefined;
  /** MAC address of the device that asks. */
  readonly device?: string | undefined;
}

/** With what the time has become part of, where that is known. */
export interface Settled {
  readonly redemption: Redemption;
  readonly entitlementId: string | null;
}

export interface VoucherRedemption {
  /**
   * Gives the time of a code, as `codes.parse` gives it: exactly once, whoever asks how often; asked again it gives the same
   * customer. The code of a customer of its own logs in whoever knows it; one given to an account only the devices of that
   * account, as paper is left lying about. Rejects when PostgreSQL cannot tell, and then nothing has happened.
   */
  redeem(code: string, request?: RedemptionRequest): Promise<Redemption>;
  /** The same in a transaction of the caller, who wakes the outbox relay. */
  redeemIn(tx: Tx, code: string, request?: RedemptionRequest): Promise<Settled>;
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
  const underWay = new Map<string, Promise<Redemption>>();

  return {
    // Who asks the same at the same time, as phones and routers do that got no answer yet, shares one: of those who wait for
    // a row each would hold a connection.
    redeem: (code, request = {}) => {
      const asked = `${code} ${request.customerId ?? ''} ${request.device ?? ''}`;
      const known = underWay.get(asked);
      if (known !== undefined) return known;
      const answer = redeemOnce(code, request).finally(() => underWay.delete(asked));
      underWay.set(asked, answer);
      return answer;
    },

    redeemIn: async (tx, code, request = {}) => {
      const seen = await findVoucher(tx, codes.hashes(code));
      return seen === undefined ? nothing(UNKNOWN) : settle(tx, seen.id, codes.hash(code), request);
    },
  };

  async function redeemOnce(code: string, request: RedemptionRequest): Promise<Redemption> {
    // Guesses and repeats, which are most, cost reads only.
    const seen = await findVoucher(db, codes.hashes(code));
    if (seen === undefined) return UNKNOWN;
    const known = await settled(seen, codes.hash(code), request);
    if (known !== undefined) return known;
    const { redemption } = await transact((tx) => settle(tx, seen.id, codes.hash(code), request));
    deps.wake();
    return redemption;
  }

  /** What nothing can change any more; a code that was redeemed under an older key has to be moved first. */
  async function settled(
    { state, customerId, codeHash }: VoucherRow,
    current: string,
    request: RedemptionRequest,
  ): Promise<Redemption | undefined> {
    if (state === 'revoked' || state === 'expired') return { kind: state };
    if (state !== 'redeemed' || customerId === null || codeHash !== current) return undefined;
    return again(db, { customerId, codeHash }, request);
  }

  async function settle(tx: Tx, id: string, codeHash: string, request: RedemptionRequest): Promise<Settled> {
    const voucher = await lockVoucher(tx, id);
    if (voucher === undefined) return nothing(UNKNOWN);
    const { state, customerId, expiresAt, entitlementId } = voucher;
    switch (state) {
      case 'revoked':
      case 'expired':
        return nothing({ kind: state });
      case 'redeemed':
        if (customerId === null) return nothing(UNKNOWN);
        await moveToKey(tx, { ...voucher, customerId }, codeHash);
        return { redemption: await again(tx, { customerId, codeHash }, request), entitlementId };
      case 'unused':
        if (expiresAt === null || expiresAt > clock.now()) return redeemNow(tx, voucher, codeHash, request);
        await markExpired(tx, id);
        return nothing({ kind: 'expired' });
      default:
        return assertNever(state);
    }
  }

  async function redeemNow(
    tx: Tx,
    { id, batchId }: VoucherRow,
    codeHash: string,
    request: RedemptionRequest,
  ): Promise<Settled> {
    const at = clock.now();
    const offer = await findBatchOffer(tx, batchId);
    const customerId = request.customerId ?? (await insertVoucherCustomer(tx, secretBox, voucherUsername(codeHash)));
    const entitlementId = await giveVoucherTime(tx, clock, {
      customerId,
      isNew: request.customerId === undefined,
      offer,
    });
    await markRedeemed(tx, id, { codeHash, at, customerId, entitlementId });
    return { redemption: { kind: 'redeemed', customerId }, entitlementId };
  }
}

const UNKNOWN: Redemption = { kind: 'unknown' };

function nothing(redemption: Redemption): Settled {
  return { redemption, entitlementId: null };
}

/** Somebody asks for a code that was redeemed. */
async function again(
  tx: Tx,
  { customerId, codeHash }: { customerId: string; codeHash: string },
  request: RedemptionRequest,
): Promise<Redemption> {
  const redeemed = { kind: 'redeemed', customerId } as const;
  if (request.customerId === customerId) return redeemed;
  const holder = await voucherHolder(tx, customerId);
  if (holder === undefined) return UNKNOWN;
  if (holder.username === voucherUsername(codeHash)) return redeemed;
  const isOwn = request.device !== undefined && (await accountOfDevice(tx, request.device)) === customerId;
  return isOwn ? redeemed : { kind: 'used' };
}

/** After a rotation the code has another hash, and so a customer who was made for it another username. */
async function moveToKey(tx: Tx, voucher: VoucherRow & { customerId: string }, codeHash: string): Promise<void> {
  const { id, customerId, codeHash: known } = voucher;
  if (known === codeHash) return;
  await setCodeHash(tx, id, codeHash);
  await renameVoucherCustomer(tx, customerId, voucherUsername(known), voucherUsername(codeHash));
}
