import type { RunState } from '@turnpike/contracts/provisioning.js';

/** The only legal moves of a provisioning run. A worker that takes up another's run goes on from the state it finds. */
const moves: Readonly<Record<RunState, readonly RunState[]>> = {
  queued: ['connecting', 'failed', 'cancelled'],
  connecting: ['preflight', 'failed'],
  // A rollback has nothing to plan: its plan is the journal.
  preflight: ['backup', 'failed', 'waiting_for_operator', 'rolling_back'],
  waiting_for_operator: ['preflight', 'failed', 'cancelled'],
  backup: ['planning', 'failed'],
  planning: ['applying', 'failed'],
  applying: ['verifying', 'failed', 'rolling_back'],
  verifying: ['succeeded', 'failed', 'rolling_back'],
  rolling_back: ['rolled_back', 'rollback_failed'],
  succeeded: [],
  failed: [],
  rolled_back: [],
  rollback_failed: [],
  cancelled: [],
};

/** Where a run on its way forward stands; it never turns back to an earlier one. */
const way: readonly RunState[] = [
  'queued',
  'connecting',
  'waiting_for_operator',
  'preflight',
  'backup',
  'planning',
  'applying',
  'verifying',
  'succeeded',
];

/** Share of the work that is done on entering a state, in percent; applying moves on within its span. */
export const percentOnEntry: Readonly<Record<RunState, number>> = {
  queued: 0,
  connecting: 3,
  preflight: 6,
  waiting_for_operator: 6,
  backup: 10,
  planning: 12,
  applying: 15,
  verifying: 90,
  succeeded: 100,
  failed: 0,
  rolling_back: 0,
  rolled_back: 0,
  rollback_failed: 0,
  cancelled: 0,
};

export function mayMove(from: RunState, to: RunState): boolean {
  return moves[from].includes(to);
}

export function isFinished(state: RunState): boolean {
  return moves[state].length === 0;
}

/** True when a run in `state` has already been where `wanted` is. */
export function isPast(state: RunState, wanted: RunState): boolean {
  return way.indexOf(state) >= way.indexOf(wanted);
}

/** How far applying is after `done` of `total` writes. */
export function applyingPercent(done: number, total: number): number {
  const span = percentOnEntry.verifying - percentOnEntry.applying;
  return total === 0 ? percentOnEntry.verifying : percentOnEntry.applying + Math.floor((span * done) / total);
}
