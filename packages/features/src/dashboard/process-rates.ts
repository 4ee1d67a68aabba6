import type { OpsTarget } from '@turnpike/runtime/ops-server.js';
import type { Sample } from '@turnpike/runtime/metrics-fanout.js';
import type { Rates } from './dashboard.service.js';

interface Deps {
  readonly listTargets: () => Promise<readonly OpsTarget[]>;
  readonly readSamples: (targets: readonly OpsTarget[], names: readonly string[]) => Promise<readonly Sample[]>;
}

const REQUESTS = ['turnpike_api_requests_per_second', 'turnpike_radius_requests_per_second'];
const CACHE_READS = 'turnpike_cache_requests_total';

/** Asks every process; who does not answer is left out, and nothing at all is null rather than an error. */
export function createProcessRates({ listTargets, readSamples }: Deps): () => Promise<Rates> {
  return async () => {
    const samples = await listTargets()
      .then((targets) => readSamples(targets, [...REQUESTS, CACHE_READS]))
      .catch(() => []);
    const rates = samples.filter(({ name }) => REQUESTS.includes(name));
    const reads = samples.filter(({ name }) => name === CACHE_READS);
    const hits = sumOf(reads.filter(({ labels }) => labels['outcome'] === 'hit'));
    const all = sumOf(reads);
    return {
      tps: rates.length === 0 ? null : Math.round(sumOf(rates) * 10) / 10,
      cacheHitRate: all === 0 ? null : hits / all,
    };
  };
}

function sumOf(samples: readonly Sample[]): number {
  return samples.reduce((sum, { value }) => sum + value, 0);
}
