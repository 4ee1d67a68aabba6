/** What a verb's end means to the shell. */
export const EXIT = { done: 0, failed: 1, usage: 2, partly: 3, timedOut: 124, detached: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends a verb with a sentence for whoever typed it. */
export class VerbError extends Error {
  override readonly name = 'VerbError';
  readonly exit: ExitCode;

  constructor(message: string, exit: ExitCode = EXIT.failed) {
    super(message);
    this.exit = exit;
  }
}

/** Of several things done at once. */
export function exitOf(outcomes: readonly boolean[]): ExitCode {
  if (outcomes.every((good) => good)) return EXIT.done;
  return outcomes.some((good) => good) ? EXIT.partly : EXIT.failed;
}
