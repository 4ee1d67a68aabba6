import { RosError } from './ros-error.js';

export interface GiveUpOptions {
  /** What the caller waits for, as the subject of the message. */
  readonly what: string;
  readonly command?: string | undefined;
  /** undefined: no limit. */
  readonly timeoutMs: number | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Calls back at most once, when the time is up (`timeout`) or the caller aborts (`aborted`). Gives the disarming function. */
export function giveUpWhen(options: GiveUpOptions, giveUp: (error: RosError) => void): () => void {
  const { what, command, timeoutMs, signal } = options;
  const disarm = (): void => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  };
  const end = (kind: 'timeout' | 'aborted', message: string): void => {
    disarm();
    giveUp(new RosError(kind, message, { command, cause: kind === 'aborted' ? signal?.reason : undefined }));
  };
  const onAbort = (): void => end('aborted', `${what} was aborted`);
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => end('timeout', `${what} took longer than ${timeoutMs} ms`), timeoutMs);
  signal?.addEventListener('abort', onAbort, { once: true });
  return disarm;
}
