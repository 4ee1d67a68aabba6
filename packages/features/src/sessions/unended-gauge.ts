import type { Clock } from '@turnpike/core/clock.js';
import type { Tx } from '@turnpike/db/database.js';
import type { Metrics } from '@turnpike/runtime/metrics.js';
import { countUnended } from './session-proof.store.js';

export interface UnendedGaugeDeps {
  readonly db: Tx;
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** How long the end of a session may take before it is counted. Default 25 s. */
  readonly overdueSeconds?: number;
}

/** Three sweeps: of several workers one counts at a time, and the others must not go on showing an old number. */
const VALID_MS = 90_000;

/** Counts sessions that should be over and are not proven to be, for the alarm; call it with every sweep. */
export function createUnendedGauge({ db, metrics, clock, overdueSeconds = 25 }: UnendedGaugeDeps) {
  let countedMs = -Infinity;
  const gauge = metrics.gauge(
    'turnpike_worker_sessions_unended',
    'Sessions that should be over and are not proven to be',
    [],
    (own) => {
      if (clock.monotonicMs() - countedMs > VALID_MS) own.remove();
    },
  );
  return async (): Promise<void> => {
    gauge.set(await countUnended(db, overdueSeconds));
    countedMs = clock.monotonicMs();
  };
}
