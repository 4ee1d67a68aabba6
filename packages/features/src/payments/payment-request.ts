import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '@turnpike/core/clock.js';
import { type CrashPoints, noCrashPoints } from '@turnpike/core/crash-points.js';
import type { Database } from '@turnpike/db/database.js';
import { isUnavailable } from '@turnpike/db/database-errors.js';
import { checkAt } from './check-times.js';
import { failPayment } from './payment-endings.js';
import { findPaymentRow, lockPayment, movePayment, updatePaymentRow, type PaymentRow } from './payment.store.js';
import type { PaymentProviders, RequestOutcome } from './provider.js';
import type { Settle } from './settlement.js';

export interface RequestDeps extends Pick<Database, 'db' | 'transact'> {
  readonly providers: PaymentProviders;
  readonly settle: Settle;
  readonly clock: Clock;
  readonly moved: (paymentId: string) => Promise<void>;
  /** Between tries to write down what the provider said, ms. Default 250. */
  readonly waitMs?: number;
  readonly crash?: CrashPoints;
}

/** Asks the provider for the money of a payment, at most once in its life. */
export type RequestPayment = (paymentId: string, signal: AbortSignal) => Promise<void>;

export function createPaymentRequest(deps: RequestDeps): RequestPayment {
  const { db, transact, providers, settle, clock, moved, waitMs = 250, crash = noCrashPoints } = deps;

  /** Written down before anybody is asked: whoever crashes after that leaves a request that is not made again. */
  async function claim(paymentId: string): Promise<PaymentRow | undefined> {
    const requestedAt = clock.now();
    const change = { requestedAt, nextCheckAt: checkAt(requestedAt, requestedAt) ?? null };
    return (await movePayment(db, paymentId, 'requested', change))
      ? ((await findPaymentRow(db, paymentId)) ?? undefined)
      : undefined;
  }

  async function note(paymentId: string, outcome: RequestOutcome): Promise<void> {
    await transact(async (tx) => {
      const payment = await lockPayment(tx, paymentId);
      if (payment === null) return;
      switch (outcome.kind) {
        case 'asked':
          // Whatever has become of it meanwhile: what comes later is compared with it.
          await updatePaymentRow(tx, paymentId, { providerRequestId: outcome.providerRequestId });
          return;
        case 'refused':
          await failPayment(tx, payment, { ...outcome, at: clock.now() });
          return;
        case 'unknown':
          await updatePaymentRow(tx, paymentId, { detail: outcome.detail });
          return;
        case 'paid':
          await settle(tx, payment, {
            paidMinor: payment.amountMinor,
            receipt: outcome.receipt,
            by: payment.createdBy,
          });
      }
    });
  }

  /** Nobody will be told again under which id the phone was asked: a store that is away is waited for as long as we may. */
  async function noteInTime(paymentId: string, outcome: RequestOutcome, signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        return await note(paymentId, outcome);
      } catch (cause) {
        if (!isUnavailable(cause)) throw cause;
        if (signal.aborted) throw new Error(lostWords(paymentId, outcome), { cause });
        await delay(waitMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  return async (paymentId, signal) => {
    const payment = await claim(paymentId);
    if (payment === undefined) return;
    crash.pass('worker.request-claimed');
    const provider = providers.get(payment.provider);
    const outcome: RequestOutcome =
      provider === undefined
        ? { kind: 'refused', code: 'not_set_up', detail: `no provider ${payment.provider}` }
        : await provider.request(payment, signal);
    crash.pass('worker.push-answered');
    await noteInTime(paymentId, outcome, signal);
    crash.pass('worker.push-noted');
    await moved(paymentId);
  };
}

function lostWords(paymentId: string, outcome: RequestOutcome): string {
  const what = outcome.kind === 'asked' ? `was asked as ${outcome.providerRequestId}` : `is ${outcome.kind}`;
  return `payment ${paymentId} ${what}, which could not be written down`;
}
