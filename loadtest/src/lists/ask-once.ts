import { seededRandom } from '../chaos/seeded-random.js';
import type { Instance } from '../instance.js';
import type { Ask } from './ask-maker.js';

/** So many paths of one list, the same with each seed. */
export function pathsOf(ask: Ask, times: number, seed: number): string[] {
  const random = seededRandom(seed);
  const pick = (many: number): number => Math.floor(random() * Math.max(1, many));
  return Array.from({ length: times }, () => ask.path(pick));
}

/** Undefined when it answers 200, else what it said. */
export async function askOnce(instance: Instance, path: string, signal: AbortSignal): Promise<string | undefined> {
  const response = await fetch(instance.apiUrl + path, {
    headers: { authorization: `Bearer ${instance.apiToken}` },
    signal: AbortSignal.any([signal, AbortSignal.timeout(60_000)]),
  });
  const text = await response.text();
  return response.status === 200 ? undefined : `${response.status} ${text.slice(0, 300)}`;
}
