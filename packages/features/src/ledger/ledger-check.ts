import type { Clock } from '@turnpike/core/clock.js';
import type { Tx } from '@turnpike/db/database.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import type { Metrics } from '@turnpike/runtime/metrics.js';
import { trialBalance } from './trial-balance.js';

interface Deps {
  readonly db: Tx;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'error'>;
  readonly metrics: Metrics;
  /** Told how many differences there are, after every check. */
  readonly checked?: (differences: number) => Promise<void>;
}

/** Two hours: of several workers one counts at a time, and the others must not go on showing an old number. */
const VALID_MS = 7_200_000;

/** Handler of `ledger.check`: proves the books by the clock, so that somebody is told of a difference before a customer finds it. */
export function createLedgerCheck({ db, clock, logger, metrics, checked }: Deps): () => Promise<void> {
  let checkedMs = -Infinity;
  const unbalanced = metrics.gauge(
    'turnpike_worker_ledger_unbalanced',
    'Accounts whose balance is not the sum of their postings, and currencies that do not sum to 0',
    [],
    (own) => {
      if (clock.monotonicMs() - checkedMs > VALID_MS) own.remove();
    },
  );
  return async () => {
    const { currencies, wrong } = await trialBalance(db);
    const open = currencies.filter(({ sumMinor }) => sumMinor !== '0').map(({ currency }) => currency);
    unbalanced.set(wrong.length + open.length);
    checkedMs = clock.monotonicMs();
    await checked?.(wrong.length + open.length);
    if (wrong.length + open.length === 0) return;
    const accounts = wrong.map(({ accountId }) => accountId);
    logger.error({ accounts, currencies: open }, 'the ledger does not balance: GET /api/v1/ledger/trial-balance');
  };
}
