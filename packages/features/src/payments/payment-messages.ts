import { AppError, messageOf } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import { type CrashPoints, noCrashPoints } from '@turnpike/core/crash-points.js';
import { isDataFault, isUniqueViolation } from '@turnpike/db/database-errors.js';
import type { Database, Tx } from '@turnpike/db/database.js';
import { noTracing, type Tracing } from '@turnpike/runtime/tracing/tracing.js';
import { verdictOf } from '@turnpike/queue/verdict.js';
import { judgeCallback, type CallbackVerdict } from './mpesa/judge-callback.js';
import { parseStkCallback, type StkCallback } from './mpesa/stk-callback.js';
import type { PaybillPayments } from './paybill-payments.js';
import { failPayment, insertForReview, receiptOwner, reviewPayment } from './payment-endings.js';
import { closeMessage, lockWaitingMessage, type PaymentMessageRow } from './payment-message.store.js';
import { inPurchase } from './payment-trace.js';
import { findPaymentByReceipt, lockPayment, updatePaymentRow, type PaymentRow } from './payment.store.js';
import type { PaymentProviders } from './provider.js';
import type { Settle } from './settlement.js';

export interface MessageDeps extends Pick<Database, 'transact'> {
  readonly settle: Settle;
  readonly paybill: PaybillPayments;
  readonly providers: PaymentProviders;
  readonly clock: Clock;
  /** Called after a commit that moved a payment. */
  readonly moved: (paymentId: string) => Promise<void>;
  readonly crash?: CrashPoints;
  /** Default: nothing is traced. */
  readonly tracing?: Tracing;
}

/** Makes sense of what a provider said: once, however often it is called. */
export type HandleMessage = (messageId: string, signal: AbortSignal) => Promise<void>;

interface Outcome {
  readonly state: 'handled' | 'ignored';
  readonly outcome: string;
  readonly paymentId?: string | undefined;
  readonly isSettled?: boolean;
}

/** What a message did to a payment. */
interface Moved {
  readonly id: string;
  readonly isSettled: boolean;
}

/** A callback can be faster than the answer to the push, which brings the id that it is compared with. */
const ANSWER_UNDER_WAY_MS = 30_000;

export function createMessageHandler(deps: MessageDeps): HandleMessage {
  const { transact, clock, crash = noCrashPoints, tracing = noTracing } = deps;

  /** `refused`: why it cannot be settled, when that was tried; then a person decides. */
  async function handle(tx: Tx, messageId: string, { refused, isLast = false }: Try = {}): Promise<Moved | undefined> {
    const message = await lockWaitingMessage(tx, messageId);
    if (message === null) return undefined;
    crash.pass('worker.message-taken');
    const result: Outcome =
      message.kind === 'paybill'
        ? await deps.paybill(tx, message, refused)
        : await callback(tx, message, { refused, isLast });
    await closeMessage(tx, messageId, { ...result, at: clock.now() });
    const id = result.paymentId ?? message.paymentId;
    return result.state === 'handled' && id !== null ? { id, isSettled: result.isSettled === true } : undefined;
  }

  async function callback(tx: Tx, message: PaymentMessageRow, { refused, isLast }: Try): Promise<Outcome> {
    const payment = message.paymentId === null ? null : await lockPayment(tx, message.paymentId);
    const said = parseStkCallback(message.body);
    if (payment === null || said === undefined) {
      return { state: 'ignored', outcome: 'it is no result of an M-Pesa request; M-Pesa is asked itself' };
    }
    const verdict = judgeCallback(payment, said);
    if (verdict.kind === 'unmatched' && isLast !== true) throw new Unmatched(payment, said);
    return apply(tx, payment, verdict, refused);
  }

  async function apply(tx: Tx, payment: PaymentRow, verdict: CallbackVerdict, refused?: string): Promise<Outcome> {
    switch (verdict.kind) {
      case 'ignore':
        return { state: 'ignored', outcome: verdict.why };
      case 'unmatched':
        return { state: 'ignored', outcome: 'M-Pesa never told us the CheckoutRequestID of this payment' };
      case 'fail':
        return outcomeOf(
          await inPurchase(tracing, 'payment fail', payment, () =>
            failPayment(tx, payment, { ...verdict, at: clock.now() }),
          ),
          `it failed: ${verdict.detail}`,
        );
      case 'review':
        return outcomeOf(await reviewPayment(tx, payment, { why: verdict.why, ...verdict.money }), verdict.why);
      case 'add_receipt': {
        const { receipt, paidMsisdn } = verdict.money;
        if ((await receiptOwner(tx, receipt, payment.id)) !== undefined) {
          return { state: 'ignored', outcome: 'its receipt belongs to another payment' };
        }
        await updatePaymentRow(tx, payment.id, { receipt, ...(paidMsisdn === undefined ? {} : { paidMsisdn }) });
        return { state: 'handled', outcome: 'it was paid already; the receipt has been added' };
      }
      case 'second_payment':
        return secondPayment(tx, payment, verdict);
      case 'settle':
        return settle(tx, payment, verdict, refused);
    }
  }

  async function settle(
    tx: Tx,
    payment: PaymentRow,
    { money }: Extract<CallbackVerdict, { kind: 'settle' }>,
    refused: string | undefined,
  ): Promise<Outcome> {
    const owner = await receiptOwner(tx, money.receipt, payment.id);
    const why = owner === undefined ? refused : 'M-Pesa names a receipt that another payment has';
    if (why !== undefined) return outcomeOf(await reviewPayment(tx, payment, { why, ...money }), why);
    const settled = await deps.settle(tx, payment, { ...money, resultCode: '0', by: 'system' });
    return { ...outcomeOf(settled, 'it is paid'), isSettled: settled };
  }

  /** Money beside that of the payment: never dropped, never given twice. */
  async function secondPayment(
    tx: Tx,
    payment: PaymentRow,
    { why, money }: Extract<CallbackVerdict, { kind: 'second_payment' }>,
  ): Promise<Outcome> {
    if ((await findPaymentByReceipt(tx, money.receipt)) !== null) return { state: 'ignored', outcome: 'known already' };
    const other = await insertForReview(tx, {
      provider: payment.provider,
      customerId: payment.customerId,
      amountMinor: money.paidMinor,
      paidMinor: money.paidMinor,
      currency: payment.currency,
      msisdn: payment.msisdn,
      receipt: money.receipt,
      detail: `${why} (${payment.id}): look it up in M-Pesa, then resolve it`,
    });
    return { state: 'handled', outcome: `${why}; it waits as payment ${other.id}`, paymentId: other.id };
  }

  /** A push whose answer was lost has no id to compare with. M-Pesa itself is asked about the one that the callback names. */
  async function adopt(payment: PaymentRow, said: StkCallback, signal: AbortSignal): Promise<void> {
    const since = clock.now().getTime() - (payment.requestedAt ?? payment.createdAt).getTime();
    if (since < ANSWER_UNDER_WAY_MS) throw new AppError('unavailable', 'the answer to the push is under way');
    const named = { ...payment, providerRequestId: said.checkoutRequestId };
    const answer = await deps.providers.get(payment.provider)?.query?.(named, signal);
    const confirmed = said.resultCode === '0' ? answer?.kind === 'paid' : answer?.kind === 'failed';
    await transact(async (tx) => {
      const held = await lockPayment(tx, payment.id);
      if (held === null || held.providerRequestId !== null) return;
      if (confirmed) {
        await updatePaymentRow(tx, held.id, { providerRequestId: said.checkoutRequestId });
        return;
      }
      if (said.resultCode !== '0') return;
      await reviewPayment(tx, held, {
        why: 'a result came for a request that M-Pesa never confirmed to us: look its receipt up in M-Pesa, then resolve it',
        receipt: said.receipt,
      });
    });
  }

  return async (messageId, signal) => {
    const done = await transact((tx) => handle(tx, messageId)).catch(async (error: unknown) => {
      if (error instanceof Unmatched) {
        await adopt(error.payment, error.said, signal);
        return transact((tx) => handle(tx, messageId, { isLast: true }));
      }
      if (!isRefusal(error)) throw error;
      return transact((tx) => handle(tx, messageId, { refused: messageOf(error), isLast: true }));
    });
    if (done === undefined) return;
    if (done.isSettled) crash.pass('worker.settlement-committed');
    await deps.moved(done.id);
  };
}

interface Try {
  readonly refused?: string | undefined;
  /** M-Pesa has been asked about what could not be compared. */
  readonly isLast?: boolean | undefined;
}

/** Ends the transaction, so that M-Pesa can be asked without holding anything. */
class Unmatched extends Error {
  readonly payment: PaymentRow;
  readonly said: StkCallback;

  constructor(payment: PaymentRow, said: StkCallback) {
    super('the payment has no CheckoutRequestID to compare with');
    this.payment = payment;
    this.said = said;
  }
}

/** What will be refused again however often it is tried. */
export function isRefusal(error: unknown): boolean {
  return error instanceof AppError ? verdictOf(error) === 'fail' : isDataFault(error) || isUniqueViolation(error);
}

function outcomeOf(changed: boolean, outcome: string): Outcome {
  return changed ? { state: 'handled', outcome } : { state: 'ignored', outcome: 'known already' };
}
