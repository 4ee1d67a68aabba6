import { setImmediate } from 'node:timers/promises';

/** How long other work of the process is kept waiting, ms. */
const MOST_MS = 8;

/** For long work in one process with requests of others: call it often, it lets them in whenever their wait gets long. */
export function createBreather(mostMs: number = MOST_MS): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < mostMs) return undefined;
    return setImmediate().then(() => {
      since = performance.now();
    });
  };
}
