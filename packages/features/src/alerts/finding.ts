import type { AlertKind } from '@turnpike/contracts/alert-kinds.js';

/** Something of a kind that is so at this moment. */
export interface Finding {
  /** Id of the router, name of the site or the queue; of what there is one of: a word of ours. */
  readonly subjectId: string;
  readonly routerId?: string;
  /** In the unit of the kind. */
  readonly value: number;
  /** What its title needs besides; see alert-titles.ts. */
  readonly params: Readonly<Record<string, string | number>>;
}

/** `unknown`: it cannot be told now, so nothing opens and nothing is over. */
export type Findings = readonly Finding[] | 'unknown';

export interface FinderInput {
  readonly now: Date;
  /** In the unit of the kind. */
  readonly threshold: number;
}

export type Finder = (input: FinderInput) => Promise<Findings>;

/** Looks for each kind of alert. */
export type Finders = Readonly<Record<AlertKind, Finder>>;

/** Subject of what there is one of. */
export const WHOLE = 'all';
