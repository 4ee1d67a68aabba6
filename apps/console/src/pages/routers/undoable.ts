import type { RunView } from '@turnpike/contracts/provisioning.js';

/** What can be said of taking back, from the newest runs: `none`: nothing was deployed; `taken`: it was taken back already. */
export function undoable(
  runs: readonly Pick<RunView, 'id' | 'kind' | 'state' | 'writes' | 'undoesRunId'>[],
): 'yes' | 'none' | 'taken' {
  const last = runs.find(({ kind, state, writes }) => kind === 'deploy' && state === 'succeeded' && writes > 0);
  if (last === undefined) return 'none';
  const isTaken = runs.some(({ state, undoesRunId }) => state === 'rolled_back' && undoesRunId === last.id);
  return isTaken ? 'taken' : 'yes';
}
