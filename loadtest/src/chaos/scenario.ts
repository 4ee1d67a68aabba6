import type { LoadtestConfig, Scale } from '../config.js';
import type { Say } from '../radius/target.js';
import type { Figure } from '../results.js';
import type { Random } from './seeded-random.js';

export interface ChaosContext {
  readonly config: LoadtestConfig;
  readonly say: Say;
  readonly signal: AbortSignal;
  /** Repeats a run. */
  readonly seed: number;
  readonly random: Random;
}

export interface ChaosScenario {
  readonly name: string;
  /** Rows of the fault table that it proves. */
  readonly rows: readonly string[];
  /** What is broken and what has to hold. */
  readonly title: string;
  /** The full scale: what each option is when it is not given. Smaller runs are shown but not kept. */
  readonly whole: Scale;
  /** Further options, for people. */
  readonly usage?: string;
  readonly run: (context: ChaosContext) => Promise<Figure[]>;
}
