import { languageOf, type Language } from '@turnpike/contracts/languages.js';
import { AppError } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import { type CrashPoints, noCrashPoints } from '@turnpike/core/crash-points.js';
import { parseMacAddress, type MacAddress } from '@turnpike/core/mac-address.js';
import { parseMsisdn, type Msisdn } from '@turnpike/core/msisdn.js';
import type { Tx } from '@turnpike/db/database.js';
import { noTracing, type Tracing } from '@turnpike/runtime/tracing/tracing.js';
import type { LedgerMove } from '../ledger/ledger.js';
import type { Notice } from '../notifications/notify.js';
import type { Offer } from '../packages/offer.js';
import { offerOf } from './payment-offer.js';
import { inPurchase } from './payment-trace.js';
import { movePayment, updatePaymentRow, type PaymentRow } from './payment.store.js';
import type { PaymentProviders } from './provider.js';

/** Money that is there, as its provider or an operator says. */
export interface Paid {
  readonly receipt?: string | undefined;
  readonly paidMinor: bigint;
  readonly paidMsisdn?: string | undefined;
  readonly resultCode?: string | undefined;
  /** Operator id, or `system`. */
  readonly by: string;
  readonly detail?: string | undefined;
}

/** What other features do of it, all in the transaction of the settlement. */
export interface SettlementParts {
  readonly customerOfPhone: (
    tx: Tx,
    msisdn: Msisdn,
    language: Language | undefined,
  ) => Promise<{ id: string; created: boolean }>;
  readonly giveOffer: (
    tx: Tx,
    input: { customerId: string; offer: Offer; grantedBy: string; paymentId: string },
  ) => Promise<{ readonly id: string; readonly endsAt: Date; readonly validForSeconds: number | null }>;
  readonly rememberDevice: (tx: Tx, customerId: string, mac: MacAddress) => Promise<void>;
  readonly notify: (tx: Tx, message: Notice) => Promise<void>;
  readonly enterMove: (tx: Tx, move: LedgerMove) => Promise<'entered' | 'known'>;
}

export interface SettlementDeps extends SettlementParts {
  readonly providers: PaymentProviders;
  readonly clock: Clock;
  readonly crash?: CrashPoints;
  /** Default: nothing is traced. */
  readonly tracing?: Tracing;
}

/**
 * Makes a payment a success with all that follows from it, in the caller's transaction, which holds the payment: state, access,
 * device, notices, ledger. Gives false, and changes nothing, when it is a success already. Whatever fails of it fails all of it.
 */
export type Settle = (tx: Tx, payment: PaymentRow, paid: Paid) => Promise<boolean>;

export function createSettlement(deps: SettlementDeps): Settle {
  const { crash = noCrashPoints, tracing = noTracing } = deps;

  return (tx, payment, paid) => inPurchase(tracing, 'payment settle', payment, () => settle(tx, payment, paid));

  async function settle(tx: Tx, payment: PaymentRow, paid: Paid): Promise<boolean> {
    const { receipt, paidMinor, paidMsisdn, resultCode, detail } = paid;
    const moved = await movePayment(tx, payment.id, 'succeeded', {
      settledAt: deps.clock.now(),
      nextCheckAt: null,
      paidMinor,
      detail: detail ?? null,
      ...(receipt === undefined ? {} : { receipt }),
      ...(paidMsisdn === undefined ? {} : { paidMsisdn }),
      ...(resultCode === undefined ? {} : { resultCode }),
    });
    if (!moved) return false;
    const customer = await payerOf(tx, payment, deps);
    const owned = { ...payment, customerId: customer.id };
    const offer = offerOf(payment);
    const given =
      offer === undefined
        ? undefined
        : await give(tx, { customerId: customer.id, offer, grantedBy: paid.by, paymentId: payment.id });
    await updatePaymentRow(tx, payment.id, { customerId: customer.id, entitlementId: given?.id ?? null });
    await remember(tx, customer.id, payment.mac, deps);
    // What begins with its first login has no end yet.
    const endsAt = given?.validForSeconds === null ? given.endsAt : undefined;
    await tell(tx, owned, paid, { created: customer.created, offer, endsAt }, deps);
    // Last: everybody waits for everybody at the accounts of sales and providers.
    await deps.enterMove(tx, moveOf(owned, paid, deps.providers));
    crash.pass('worker.settlement-uncommitted');
    return true;
  }

  /** What is given keeps the traceparent of this span: logins on it, and its end, are told below it. */
  function give(tx: Tx, gift: Parameters<SettlementParts['giveOffer']>[1]) {
    const attributes = { 'turnpike.customer.id': gift.customerId, 'turnpike.package.id': gift.offer.packageId };
    return tracing.within('entitlement activate', { attributes }, async (span) => {
      const given = await deps.giveOffer(tx, gift);
      span.setAttribute('turnpike.entitlement.id', given.id);
      return given;
    });
  }
}

/** A device that is being fought over is no reason to leave somebody who paid without access. */
async function remember(tx: Tx, customerId: string, text: string | null, deps: SettlementDeps): Promise<void> {
  const mac = text === null ? undefined : parseMacAddress(text);
  if (mac === undefined) return;
  try {
    await deps.rememberDevice(tx, customerId, mac);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
}

async function payerOf(tx: Tx, payment: PaymentRow, deps: SettlementDeps): Promise<{ id: string; created: boolean }> {
  if (payment.customerId !== null) return { id: payment.customerId, created: false };
  const msisdn = payment.msisdn === null ? undefined : parseMsisdn(payment.msisdn);
  if (msisdn === undefined) {
    throw new AppError('conflict', 'nobody knows whose payment this is: resolve it with the customer it belongs to');
  }
  const language = payment.language === null ? undefined : languageOf(payment.language);
  return deps.customerOfPhone(tx, msisdn, language);
}

function moveOf(payment: PaymentRow & { customerId: string }, paid: Paid, providers: PaymentProviders): LedgerMove {
  const provider = providers.get(payment.provider);
  if (provider === undefined) throw new Error(`no provider ${payment.provider}`);
  const isTopUp = payment.offer === null;
  const to = isTopUp ? ({ kind: 'customer_wallet', owner: payment.customerId } as const) : ({ kind: 'sales' } as const);
  return {
    key: `payment:${payment.id}`,
    kind: isTopUp ? 'top_up' : 'sale',
    description: `${provider.name} payment ${paid.receipt ?? payment.reference}`,
    currency: payment.currency,
    createdBy: paid.by,
    paymentId: payment.id,
    postings: [
      { account: provider.account(payment), amountMinor: -paid.paidMinor },
      { account: to, amountMinor: paid.paidMinor },
    ],
  };
}

interface Given {
  readonly created: boolean;
  readonly offer: Offer | undefined;
  readonly endsAt: Date | undefined;
}

async function tell(
  tx: Tx,
  payment: PaymentRow & { customerId: string },
  paid: Paid,
  { created, offer, endsAt }: Given,
  { notify }: SettlementDeps,
): Promise<void> {
  const { id, customerId, currency } = payment;
  await notify(tx, {
    template: 'payment_received',
    customerId,
    params: {
      amount: Number(paid.paidMinor),
      currency,
      package: offer?.packageName ?? '',
      receipt: paid.receipt ?? '',
      ...(endsAt === undefined ? {} : { endsAt: endsAt.toISOString() }),
    },
    dedupKey: `payment:${id}:received`,
  });
  if (created)
    await notify(tx, { template: 'credentials', customerId, params: {}, dedupKey: `payment:${id}:credentials` });
}
