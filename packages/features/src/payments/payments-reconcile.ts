import { assertNever } from '@turnpike/core/assert-never.js';
import { messageOf } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import { type CrashPoints, noCrashPoints } from '@turnpike/core/crash-points.js';
import type { Database, Tx } from '@turnpike/db/database.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import { checkAgainAt, checkAt, LAST_CHECK_MS, WINDOW_MS } from './check-times.js';
import { failPayment, reviewPayment } from './payment-endings.js';
import { insertQueryMessage, listForgottenMessages } from './payment-message.store.js';
import { isRefusal, type HandleMessage } from './payment-messages.js';
import { lockPayment, movePayment, takeDuePayments, updatePaymentRow, type PaymentRow } from './payment.store.js';
import type { PaymentProviders, QueryOutcome } from './provider.js';
import type { Settle } from './settlement.js';

export interface ReconcileDeps extends Pick<Database, 'db' | 'transact'> {
  readonly providers: PaymentProviders;
  readonly settle: Settle;
  readonly handleMessage: HandleMessage;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly moved: (paymentId: string) => Promise<void>;
  readonly crash?: CrashPoints;
}

/** Settles what is open by asking for it; gives how many payments were looked at. */
export type Reconcile = (signal: AbortSignal) => Promise<number>;

/** Providers are asked about so many at once. */
const AT_ONCE = 10;
/** Longer than a provider takes to answer, tokens included: what a worker that died had taken is looked at again that soon. */
const HOLD_MS = 30_000;
/** A message that is still waiting then: its job was given up, as its worker died several times over it. */
const FORGOTTEN_MS = 90_000;

export function createReconcile(deps: ReconcileDeps): Reconcile {
  const { db, transact, providers, clock, logger, crash = noCrashPoints } = deps;

  async function check(payment: PaymentRow, signal: AbortSignal): Promise<void> {
    const provider = providers.get(payment.provider);
    const isAsked = payment.state !== 'created' && payment.providerRequestId !== null;
    const answer: QueryOutcome =
      isAsked && provider?.query !== undefined
        ? await provider.query(payment, signal)
        : { kind: 'unknown', detail: 'M-Pesa did not answer the request, so it cannot be asked what became of it' };
    if (isAsked) crash.pass('worker.query-answered');
    await transact((tx) => note(tx, payment.id, answer)).catch(async (error: unknown) => {
      if (!isRefusal(error)) throw error;
      await transact((tx) => giveToPerson(tx, payment.id, messageOf(error)));
    });
    await deps.moved(payment.id);
  }

  async function note(tx: Tx, id: string, answer: QueryOutcome): Promise<void> {
    const payment = await lockPayment(tx, id);
    if (payment === null || payment.state === 'succeeded' || payment.state === 'review') {
      if (payment !== null) await updatePaymentRow(tx, id, { nextCheckAt: null });
      return;
    }
    await updatePaymentRow(tx, id, { checks: payment.checks + 1 });
    if (payment.state === 'created') return neverAsked(tx, payment);
    switch (answer.kind) {
      case 'paid':
        await keep(tx, payment, answer.raw, 'it is paid');
        await deps.settle(tx, payment, { paidMinor: payment.amountMinor, resultCode: answer.code, by: 'system' });
        return;
      case 'failed':
        await keep(tx, payment, answer.raw, `it failed: ${answer.detail}`);
        return failed(tx, payment, answer);
      case 'pending':
        return undecided(tx, payment, 'M-Pesa says that it is being processed', checkAt);
      case 'unknown':
        return undecided(tx, payment, answer.detail, checkAgainAt);
      default:
        return assertNever(answer);
    }
  }

  function keep(tx: Tx, payment: PaymentRow, body: string, outcome: string): Promise<void> {
    return insertQueryMessage(tx, { paymentId: payment.id, body, outcome, at: clock.now() });
  }

  /** Believed, but asked about again: a failure that M-Pesa reports before its end has turned out to be paid before. */
  async function failed(
    tx: Tx,
    payment: PaymentRow,
    { code, detail }: { code: string; detail: string },
  ): Promise<void> {
    const next = checkAt(payment.requestedAt ?? payment.createdAt, clock.now()) ?? null;
    if (payment.state === 'failed') await updatePaymentRow(tx, payment.id, { nextCheckAt: next });
    else await failPayment(tx, payment, { code, detail, at: clock.now(), nextCheckAt: next });
  }

  async function undecided(
    tx: Tx,
    payment: PaymentRow,
    detail: string,
    nextOf: (requestedAt: Date, now: Date) => Date | undefined,
  ): Promise<void> {
    const { id, state, providerRequestId } = payment;
    const now = clock.now();
    const requestedAt = payment.requestedAt ?? payment.createdAt;
    const passedMs = now.getTime() - requestedAt.getTime();
    if (passedMs >= LAST_CHECK_MS && state !== 'failed') {
      return giveToPerson(tx, id, `after a day nobody knows what became of it (${detail})`);
    }
    // Without an id there is nothing to ask about: only a callback can bring news.
    const isAskable = providerRequestId !== null || passedMs < WINDOW_MS;
    const nextCheckAt = isAskable ? (nextOf(requestedAt, now) ?? null) : null;
    if (state === 'requested' && passedMs >= WINDOW_MS) await movePayment(tx, id, 'timed_out', { detail, nextCheckAt });
    else await updatePaymentRow(tx, id, { nextCheckAt });
  }

  async function neverAsked(tx: Tx, payment: PaymentRow): Promise<void> {
    const detail = 'the request waited so long for a worker that nobody was asked to pay';
    await failPayment(tx, payment, { code: 'not_asked', detail, at: clock.now() });
  }

  async function giveToPerson(tx: Tx, id: string, why: string): Promise<void> {
    const payment = await lockPayment(tx, id);
    if (payment !== null) await reviewPayment(tx, payment, { why });
  }

  async function safely(what: string, id: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      logger.warn({ err: error, paymentId: id }, what);
    }
  }

  async function rescueMessages(signal: AbortSignal): Promise<void> {
    const before = new Date(clock.now().getTime() - FORGOTTEN_MS);
    for (const id of await listForgottenMessages(db, before, AT_ONCE)) {
      await safely('what a provider said cannot be handled', id, () => deps.handleMessage(id, signal));
    }
  }

  return async (signal) => {
    let looked = 0;
    for (;;) {
      const now = clock.now();
      const due = await takeDuePayments(db, now, new Date(now.getTime() + HOLD_MS), AT_ONCE);
      await Promise.all(
        due.map((payment) => safely('an open payment cannot be looked at', payment.id, () => check(payment, signal))),
      );
      looked += due.length;
      if (due.length < AT_ONCE) break;
      signal.throwIfAborted();
    }
    await rescueMessages(signal);
    return looked;
  };
}
