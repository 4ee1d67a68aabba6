import type { AccountingDrainOptions } from '@turnpike/features/accounting/accounting.drain.js';
import type { Metrics } from '@turnpike/runtime/metrics.js';

/** Counts what the drain carries into the ledger, and what it had to put aside. */
export function accountingMetrics(metrics: Metrics): Required<Pick<AccountingDrainOptions, 'onBatch' | 'onAside'>> {
  const records = metrics.counter(
    'turnpike_worker_accounting_records_total',
    'Accounting records taken into the ledger',
  );
  const seconds = metrics.histogram(
    'turnpike_worker_accounting_batch_seconds',
    'Time of one batch of accounting records',
  );
  const aside = metrics.counter(
    'turnpike_worker_accounting_aside_total',
    'Accounting records that failed and were put aside: the usage in them is not counted',
  );
  return {
    onBatch: (count, took) => {
      records.inc(count);
      seconds.observe(took);
    },
    onAside: () => aside.inc(),
  };
}
