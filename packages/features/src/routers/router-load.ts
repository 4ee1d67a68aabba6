import type { RouterLoad } from '@turnpike/contracts/routers.js';
import type { RouterRow } from './router.store.js';
import type { BoardFacts } from './board-facts.js';

type LoadColumns = Pick<RouterRow, 'loadReadAt' | 'cpuLoad' | 'memoryFree' | 'memoryTotal' | 'diskFree' | 'diskTotal'>;

const DIGITS = /^\d{1,18}$/;
const MOST_PERCENT = 100;

/** What a contact read of the load of a router, to be kept; null where it said nothing that can be understood. */
export function loadColumns(facts: BoardFacts, at: Date): LoadColumns {
  const { cpuLoadPercent: cpu } = facts;
  const isPercent = cpu !== null && Number.isInteger(cpu) && cpu >= 0 && cpu <= MOST_PERCENT;
  const [memoryFree, memoryTotal] = sizes(facts.freeMemoryBytes, facts.totalMemoryBytes);
  const [diskFree, diskTotal] = sizes(facts.freeDiskBytes, facts.totalDiskBytes);
  return { loadReadAt: at, cpuLoad: isPercent ? cpu : null, memoryFree, memoryTotal, diskFree, diskTotal };
}

export function loadView(row: LoadColumns): RouterLoad {
  return {
    loadReadAt: row.loadReadAt?.toISOString() ?? null,
    cpuLoad: row.cpuLoad,
    memoryFree: row.memoryFree?.toString() ?? null,
    memoryTotal: row.memoryTotal?.toString() ?? null,
    diskFree: row.diskFree?.toString() ?? null,
    diskTotal: row.diskTotal?.toString() ?? null,
  };
}

/** A total of 0 is a router that does not say. */
function sizes(free: string, total: string): [bigint | null, bigint | null] {
  if (!DIGITS.test(free) || !DIGITS.test(total) || BigInt(total) === 0n) return [null, null];
  return [BigInt(free), BigInt(total)];
}
