import { setTimeout as delay } from 'node:timers/promises';
import { api, type Instance } from '../instance.js';
import { openStatementLog } from '../lists/statement-log.js';
import { percentile } from '../purchases/percentile.js';
import type { Figure } from '../results.js';

const ROUNDS = 5;
const SETTLED_MS = 2_500;
const MAX_P95_MS = 1_000;
/** Words of the query that counts everybody: each round of the dashboard's figures asks it once. */
const THE_QUERY = '"activeEntitlements"';

/** Everybody asks for the dashboard at the same moment when nothing is cached, half of them at each process. */
export async function stampede(
  instance: Instance,
  apiUrls: readonly string[],
  cookies: readonly string[],
  signal: AbortSignal,
): Promise<Figure[]> {
  const tookMs: number[] = [];
  const queries: number[] = [];
  let wrong = 0;
  const askAll = async (): Promise<void> => {
    await Promise.all(
      cookies.map(async (cookie, at) => {
        const startedMs = performance.now();
        const url = `${apiUrls[at % apiUrls.length]}/dashboard/stats`;
        const response = await fetch(url, { headers: { cookie }, signal: AbortSignal.timeout(30_000) });
        await response.arrayBuffer();
        tookMs.push(performance.now() - startedMs);
        if (response.status !== 200) wrong += 1;
      }),
    );
  };
  const log = await openStatementLog(instance.postgresUrl);
  try {
    // Connections of ours and of the service to PostgreSQL are made.
    await askAll();
    tookMs.length = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      await api(instance, 'POST', '/cache/invalidate');
      // Until every process knows, and nothing is on its way any more.
      await delay(SETTLED_MS, undefined, { signal });
      const { texts } = await log.during(askAll);
      queries.push(texts.filter((text) => text.includes(THE_QUERY)).length);
    }
  } finally {
    await log.close();
  }
  const name = `${cookies.length} at once on ${apiUrls.length} processes with nothing cached`;
  return [
    { name: `${name}: p95`, value: percentile(tookMs, 95), unit: 'ms', atMost: MAX_P95_MS },
    { name: `${name}: slowest`, value: percentile(tookMs, 100), unit: 'ms' },
    {
      name: 'times PostgreSQL was asked the same each time, at most',
      value: Math.max(...queries),
      unit: '',
      atMost: apiUrls.length,
      atLeast: 1,
    },
    { name: 'answers other than 200 to them', value: wrong, unit: '', atMost: 0 },
  ];
}
