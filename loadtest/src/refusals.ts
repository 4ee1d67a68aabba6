/** A bad option or variable. */
export class UsageError extends Error {}

/** The running system lacks what a scenario needs; the message says what to run first. */
export class NotPrepared extends Error {}

/** This machine does not allow what a scenario needs; the message says what. */
export class NotPossibleHere extends Error {}

const USAGE = 2;
const NOT_POSSIBLE = 3;
const INTERRUPTED = 130;

/** What to write to the terminal and the exit status for whatever ended a command. Only the unexpected comes with its stack. */
export function explainEnd(error: unknown): { readonly text: string; readonly status: number } {
  if (!(error instanceof Error)) return { text: String(error), status: 1 };
  if (error.name === 'AbortError') return { text: 'stopped', status: INTERRUPTED };
  if (error instanceof UsageError) return { text: error.message, status: USAGE };
  if (error instanceof NotPossibleHere) return { text: error.message, status: NOT_POSSIBLE };
  if (error instanceof NotPrepared) return { text: error.message, status: 1 };
  return { text: error.stack ?? error.message, status: 1 };
}
