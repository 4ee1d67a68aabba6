import { setTimeout as delay } from 'node:timers/promises';

/** Asks again and again until `look` gives something other than undefined; rejects with a sentence when that takes too long. */
export async function until<Result>(
  what: string,
  withinMs: number,
  look: () => Promise<Result | undefined> | Result | undefined,
): Promise<Result> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const result = await look();
    if (result !== undefined) return result;
    if (performance.now() >= deadline) throw new Error(`${what} did not happen within ${withinMs} ms`);
    await delay(20);
  }
}
