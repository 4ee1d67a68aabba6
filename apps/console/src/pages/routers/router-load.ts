import type { RouterLoad } from '@turnpike/contracts/routers.js';

export interface LoadPart {
  readonly key: 'cpu' | 'memory' | 'disk';
  /** Of the whole, 0 to 100. */
  readonly percent: number;
  /** Bytes; null for the processor. */
  readonly used: bigint | null;
  readonly total: bigint | null;
}

/** Routers are contacted every 30 seconds: what is older than four of these is not how they are now. */
const OLD_MS = 120_000;
const CENT = 100n;

/** What is known of the load of a router, in the order it is shown in; what it does not say is left out. */
export function loadParts(load: Omit<RouterLoad, 'loadReadAt'>): LoadPart[] {
  return [
    ...(load.cpuLoad === null ? [] : [{ key: 'cpu', percent: load.cpuLoad, used: null, total: null } as const]),
    ...sizePart('memory', load.memoryFree, load.memoryTotal),
    ...sizePart('disk', load.diskFree, load.diskTotal),
  ];
}

export function isOld(loadReadAt: string, nowMs: number): boolean {
  return nowMs - Date.parse(loadReadAt) > OLD_MS;
}

function sizePart(key: 'memory' | 'disk', free: string | null, whole: string | null): LoadPart[] {
  if (free === null || whole === null || BigInt(whole) === 0n) return [];
  const total = BigInt(whole);
  const used = BigInt(free) > total ? 0n : total - BigInt(free);
  return [{ key, percent: Number((used * CENT) / total), used, total }];
}
