import type { LiveEvent } from '@turnpike/contracts/events.js';
import type { Db } from '@turnpike/db/database.js';
import type { Metrics } from '@turnpike/runtime/metrics.js';
import { paymentEvent } from './payment-endings.js';
import { findPaymentRow } from './payment.store.js';

interface Deps {
  readonly db: Db;
  readonly publish: (event: LiveEvent) => Promise<void>;
  readonly wake: () => void;
  readonly metrics: Metrics;
  /** Of the process, for the name of the metric. */
  readonly role: 'api' | 'worker';
}

/** To call after a commit that moved a payment: has its outbox rows looked at, counts it, tells the live stream. Never throws. */
export function paymentNews({ db, publish, wake, metrics, role }: Deps): (paymentId: string) => Promise<void> {
  const moves = metrics.counter(`turnpike_${role}_payment_moves_total`, 'Payments that came into a state', [
    'provider',
    'state',
  ]);
  return async (paymentId) => {
    wake();
    const row = await findPaymentRow(db, paymentId).catch(() => null);
    if (row === null) return;
    moves.inc({ provider: row.provider, state: row.state });
    await publish(paymentEvent(row));
  };
}
