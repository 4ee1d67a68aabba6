import type { LoadtestConfig } from '../config.js';
import type { Outcome } from '../outcome.js';
import type { Say } from '../radius/target.js';

/** Starts what it needs and removes it; its bounds are those of its name in loadtest/k6/slo.json. */
export type K6Scenario = (config: LoadtestConfig, say: Say, signal: AbortSignal) => Promise<Outcome>;
