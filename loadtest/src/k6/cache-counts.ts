/** Reads of the cache by all API processes since they were started. */
export interface CacheCounts {
  readonly hits: number;
  readonly misses: number;
}

const LINE = /^turnpike_cache_requests_total\{([^}]*)\} (\S+)$/gm;

/** As /metrics of the API's port tells it for all processes. */
export async function readCacheCounts(apiUrl: string): Promise<CacheCounts> {
  const url = `${new URL(apiUrl).origin}/metrics`;
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return parseCacheCounts(await response.text());
}

export function parseCacheCounts(text: string): CacheCounts {
  const counts = { hits: 0, misses: 0 };
  for (const [, labels = '', value] of text.matchAll(LINE)) {
    if (!labels.includes('role="api"')) continue;
    if (labels.includes('outcome="hit"')) counts.hits += Number(value);
    else if (labels.includes('outcome="miss"')) counts.misses += Number(value);
  }
  return counts;
}

/** Hits among the reads between two looks, %; NaN when there was none. */
export function hitRate(before: CacheCounts, after: CacheCounts): number {
  const hits = after.hits - before.hits;
  return (hits / (hits + after.misses - before.misses)) * 100;
}
