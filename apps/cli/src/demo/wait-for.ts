import { setTimeout as delay } from 'node:timers/promises';

export interface WaitOptions {
  readonly what: string;
  readonly withinMs: number;
  readonly everyMs?: number;
}

/** Asks again and again until `look` gives something; rejects with a sentence when it takes too long. */
export async function waitFor<Result>(options: WaitOptions, look: () => Promise<Result | undefined>): Promise<Result> {
  const deadline = performance.now() + options.withinMs;
  for (;;) {
    const result = await look();
    if (result !== undefined) return result;
    if (performance.now() >= deadline) {
      throw new Error(`${options.what} did not happen within ${options.withinMs / 1000} s`);
    }
    await delay(options.everyMs ?? 100);
  }
}
