import { AppError } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { Tx } from '@turnpike/db/database.js';
import type { TakeBack } from '../entitlements/take-back.js';
import type { AccountRef, LedgerMove } from '../ledger/ledger.js';
import { offerOf } from './payment-offer.js';
import { countPaymentsOfEntitlement, markRefunded, type PaymentRow } from './payment.store.js';
import type { PaymentProviders } from './provider.js';
import type { SettlementParts } from './settlement.js';

export interface RefundDeps extends Pick<SettlementParts, 'enterMove' | 'notify'> {
  readonly takeBack: (tx: Tx, order: TakeBack) => Promise<void>;
  readonly providers: PaymentProviders;
  readonly clock: Clock;
}

/** Takes back what a payment gave and gives back its money, in the caller's transaction, which holds the payment. Once. */
export type RefundInTx = (
  tx: Tx,
  payment: PaymentRow,
  order: { to: 'wallet' | 'provider'; actor: string },
) => Promise<void>;

export function createRefund({ enterMove, notify, takeBack, providers, clock }: RefundDeps): RefundInTx {
  return async (tx, payment, { to, actor }) => {
    const { customerId, entitlementId, paidMinor } = refundable(payment);
    if (!(await markRefunded(tx, payment.id, clock.now()))) throw refusal(payment);
    const offer = offerOf(payment);
    if (offer === undefined && to === 'wallet') {
      throw new AppError(
        'conflict',
        'the money of this payment is in the wallet already: give it back to the provider',
      );
    }
    if (offer !== undefined && entitlementId !== null) {
      const others = await countPaymentsOfEntitlement(tx, entitlementId, payment.id);
      await takeBack(tx, { customerId, entitlementId, offer, isShared: others > 0, actor });
    }
    await notify(tx, {
      template: 'refunded',
      customerId,
      params: { amount: Number(paidMinor), currency: payment.currency },
      dedupKey: `payment:${payment.id}:refunded`,
    });
    const back: AccountRef =
      to === 'wallet' ? { kind: 'customer_wallet', owner: customerId } : origin(payment, providers);
    const from: AccountRef = offer === undefined ? { kind: 'customer_wallet', owner: customerId } : { kind: 'sales' };
    await enterMove(tx, moveOf(payment, paidMinor, { from, back, actor }));
  };
}

function moveOf(
  payment: PaymentRow,
  amountMinor: bigint,
  { from, back, actor }: { from: AccountRef; back: AccountRef; actor: string },
): LedgerMove {
  return {
    key: `refund:${payment.id}`,
    kind: 'refund',
    description: `refund of ${payment.receipt ?? payment.reference}`,
    currency: payment.currency,
    createdBy: actor,
    paymentId: payment.id,
    postings: [
      { account: from, amountMinor: -amountMinor },
      { account: back, amountMinor },
    ],
  };
}

function origin(payment: PaymentRow, providers: PaymentProviders): AccountRef {
  const provider = providers.get(payment.provider);
  if (provider === undefined) throw new Error(`no provider ${payment.provider}`);
  return provider.account(payment);
}

function refundable(payment: PaymentRow): { customerId: string; entitlementId: string | null; paidMinor: bigint } {
  const { state, refundedAt, customerId, entitlementId, paidMinor } = payment;
  if (state !== 'succeeded' || refundedAt !== null) throw refusal(payment);
  if (customerId === null) {
    throw new AppError('conflict', 'the customer of this payment is gone: pay it back outside of the system');
  }
  return { customerId, entitlementId, paidMinor: paidMinor ?? payment.amountMinor };
}

function refusal({ state, refundedAt }: PaymentRow): AppError {
  const why =
    refundedAt === null ? 'nothing has been paid: only a success can be refunded' : 'it has been refunded already';
  return new AppError('conflict', `this payment cannot be refunded: ${why}`, { extra: { state } });
}
