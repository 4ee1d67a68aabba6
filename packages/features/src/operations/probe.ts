import { messageOf } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';

export interface Component {
  readonly name: string;
  readonly ok: boolean;
  /** How long the answer took. */
  readonly ms: number;
  /** What it said, or why it failed, for people. */
  readonly detail: string;
}

/** Looks at the thing itself. Gives a detail for people; throws when it is not well. */
export type Check = (signal: AbortSignal) => Promise<string>;

/** Asks one component; what has not answered within `deadlineMs` is not well. Never throws. */
export async function probe(
  name: string,
  check: Check,
  { clock, deadlineMs }: { clock: Clock; deadlineMs: number },
): Promise<Component> {
  const startedMs = clock.monotonicMs();
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`no answer within ${deadlineMs} ms`);
      controller.abort(error);
      reject(error);
    }, deadlineMs);
  });
  const result = (ok: boolean, detail: string): Component => {
    return { name, ok, ms: Math.round((clock.monotonicMs() - startedMs) * 10) / 10, detail };
  };
  try {
    return result(true, await Promise.race([check(controller.signal), late]));
  } catch (error) {
    return result(false, messageOf(error));
  } finally {
    clearTimeout(timer);
  }
}
