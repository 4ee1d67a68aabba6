import type { Metrics } from '@turnpike/runtime/metrics.js';

const BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];

/** The process has it also while M-Pesa is not set up. */
export function darajaDuration(metrics: Metrics) {
  return metrics.histogram(
    'turnpike_worker_daraja_request_duration_seconds',
    'Time that a call of the M-Pesa API took, by outcome',
    ['operation', 'outcome'],
    BUCKETS,
  );
}
