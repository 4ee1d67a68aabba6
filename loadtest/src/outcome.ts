import type { Figure } from './results.js';
import type { Series } from './series.js';

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** What a scenario found. */
export interface Outcome {
  readonly figures: readonly Figure[];
  /** How it went on. */
  readonly series?: readonly Series[];
  readonly table?: Table;
}
