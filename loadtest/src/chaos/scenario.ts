import type { LoadtestConfig } from '../config.js';
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
  /** Its own options, with their defaults. */
  readonly usage: string;
  readonly run: (context: ChaosContext) => Promise<Figure[]>;
}

/** This machine does not allow what the scenario needs; the message says what. */
export class NotPossibleHere extends Error {}
