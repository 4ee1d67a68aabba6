import { rateAt } from '@turnpike/core/fair-use.js';
import type { Database } from '@turnpike/db/database.js';
import { orderLimits } from './limits-changer.js';
import { orderRates } from './rate-changer.js';
import { findUntoldLimits } from './session-limits.store.js';
import { findRatesToTell } from './session-rate.store.js';

export interface RateReconcileDeps extends Pick<Database, 'db' | 'transact'> {
  readonly wake: () => void;
  /** When an order that had no effect is repeated. Default 60 s. */
  readonly repeatSeconds?: number;
}

const BATCH = 1_000;

/**
 * Compares the rate that every open session should have with the one its NAS has acknowledged, and orders what is missing:
 * a CoA-Request that was lost, or refused, is given again until it is acknowledged. New limits that a NAS did not answer are
 * ordered again too; one that refused them is not asked again.
 */
export function createRateReconcile({ db, transact, wake, repeatSeconds = 60 }: RateReconcileDeps) {
  return async (): Promise<void> => {
    const missing = await findRatesToTell(db, repeatSeconds, BATCH);
    const orders = missing.flatMap(({ sessionId, step, chosen, ...terms }) => {
      const rate = step === null ? chosen : rateAt(terms, step);
      if (rate === null) return [];
      return [{ sessionId, rate, fairUseStep: step, reason: 'the router has not taken the rate', actor: 'system' }];
    });
    const untold = await findUntoldLimits(db, repeatSeconds, BATCH);
    if (orders.length === 0 && untold.length === 0) return;
    await transact(async (tx) => {
      await orderRates(tx, orders);
      const reason = 'the router has not taken the new limits';
      await orderLimits(
        tx,
        untold.map((sessionId) => ({ sessionId, reason, actor: 'system' })),
      );
    });
    wake();
  };
}
