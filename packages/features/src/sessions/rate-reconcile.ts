import { rateAt } from '@turnpike/core/fair-use.js';
import type { Database } from '@turnpike/db/database.js';
import { orderRates } from './rate-changer.js';
import { findRatesToTell } from './session-rate.store.js';

export interface RateReconcileDeps extends Pick<Database, 'db' | 'transact'> {
  readonly wake: () => void;
  /** When an order that had no effect is repeated. Default 60 s. */
  readonly repeatSeconds?: number;
}

const BATCH = 1_000;

/**
 * Compares the rate that every open session should have with the one its NAS has acknowledged, and orders what is missing:
 * a CoA-Request that was lost, or refused, is given again until it is acknowledged.
 */
export function createRateReconcile({ db, transact, wake, repeatSeconds = 60 }: RateReconcileDeps) {
  return async (): Promise<void> => {
    const missing = await findRatesToTell(db, repeatSeconds, BATCH);
    const orders = missing.flatMap(({ sessionId, step, chosen, ...terms }) => {
      const rate = step === null ? chosen : rateAt(terms, step);
      if (rate === null) return [];
      return [{ sessionId, rate, fairUseStep: step, reason: 'the router has not taken the rate', actor: 'system' }];
    });
    if (orders.length === 0) return;
    await transact((tx) => orderRates(tx, orders));
    wake();
  };
}
