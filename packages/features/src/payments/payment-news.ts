import type { LiveEvent } from '@turnpike/contracts/events.js';
import type { Db } from '@turnpike/db/database.js';
import type { Metrics } from '@turnpike/runtime/metrics.js';
import { paymentEvent } from './payment-endings.js';
import { WINDOW_MS } from './check-times.js';
import { findPaymentRow, type PaymentRow } from './payment.store.js';

interface Deps {
  readonly db: Db;
  readonly publish: (event: LiveEvent) => Promise<void>;
  readonly wake: () => void;
  readonly metrics: Metrics;
  /** Of the process, for the name of the metric. */
  readonly role: 'api' | 'worker';
}

const MOST_REMEMBERED = 5_000;
const SUCCESS_BUCKETS = [1, 2.5, 5, 10, 15, 20, 30, 45, 60, 90, 120, 300, 900, 3_600];

/** To call after a commit that moved a payment: has its outbox rows looked at, counts it, tells the live stream. Never throws. */
export function paymentNews({ db, publish, wake, metrics, role }: Deps): (paymentId: string) => Promise<void> {
  const moves = metrics.counter(`turnpike_${role}_payment_moves_total`, 'Payments that came into a state', [
    'provider',
    'state',
  ]);
  const seconds = metrics.histogram(
    `turnpike_${role}_payment_success_seconds`,
    'Time from asking for money until it was known to be paid',
    ['provider'],
    SUCCESS_BUCKETS,
  );
  const late = metrics.counter(
    `turnpike_${role}_payment_late_total`,
    'Payments that succeeded after the payer had been told of a failure, or after the time for an answer',
    ['provider'],
  );

  /** The state in which each was counted last: whoever looked at a payment calls, also when it stayed as it was. */
  const counted = new Map<string, PaymentRow['state']>();

  function measure({ id, provider, state, requestedAt, createdAt, settledAt, failedAt }: PaymentRow): void {
    if (counted.get(id) === state) return;
    counted.delete(id);
    counted.set(id, state);
    const [oldest] = counted.keys();
    if (counted.size > MOST_REMEMBERED && oldest !== undefined) counted.delete(oldest);
    moves.inc({ provider, state });
    if (state !== 'succeeded' || settledAt === null) return;
    const tookMs = settledAt.getTime() - (requestedAt ?? createdAt).getTime();
    seconds.observe({ provider }, Math.max(0, tookMs) / 1_000);
    if (failedAt !== null || tookMs > WINDOW_MS) late.inc({ provider });
  }

  return async (paymentId) => {
    wake();
    const row = await findPaymentRow(db, paymentId).catch(() => null);
    if (row === null) return;
    measure(row);
    await publish(paymentEvent(row));
  };
}
