import { AppError } from '@turnpike/core/app-error.js';
import type { Metrics } from '@turnpike/runtime/metrics.js';
import type { Purchases } from './purchases.js';

/** Counts the beginning of the funnel: who wanted to buy, and what came of that before any phone was asked. */
export function countedPurchases(metrics: Metrics, purchases: Purchases): Purchases {
  const attempts = metrics.counter(
    'turnpike_api_purchases_total',
    'Wishes to buy, by outcome: created, or the code of the refusal',
    ['outcome'],
  );
  attempts.inc({ outcome: 'created' }, 0);
  return {
    ...purchases,
    start: async (input) => {
      try {
        const started = await purchases.start(input);
        attempts.inc({ outcome: 'created' });
        return started;
      } catch (error) {
        attempts.inc({ outcome: error instanceof AppError ? error.code : 'internal' });
        throw error;
      }
    },
  };
}
