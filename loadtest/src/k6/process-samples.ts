import { readdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { z } from 'zod';
import type { OwnInstance } from '../chaos/own-instance.js';
import { residentMiB } from '../process-memory.js';
import type { Say } from '../radius/target.js';

/** All processes of ours together, at one moment. */
export interface Sample {
  readonly rssMiB: number;
  readonly heapMiB: number;
  /** Open file descriptors, sockets included. */
  readonly descriptors: number;
  readonly postgresConnections: number;
  readonly redisConnections: number;
  /** RSS of each, MiB. */
  readonly rssOf: Readonly<Record<string, number>>;
}

export interface Sampling {
  /** Ends it; gives what was seen, and how many processes PM2 had started again. */
  end(): Promise<{ readonly samples: readonly Sample[]; readonly restarts: number }>;
}

const ROLES = ['api', 'worker', 'radius-auth', 'radius-acct'];
const HEAP = /^nodejs_heap_size_used_bytes\{[^}]*\} (\S+)$/gm;
/** Each worker tells the same of both servers. */
const REDIS = /^turnpike_worker_redis_clients\{[^}]*redis="(\w+)"[^}]*\} (\S+)$/gm;
const MIB = 2 ** 20;
const backends = z.array(z.object({ count: z.coerce.number() }));
/** Ours, this look included, are not the service's. */
const BACKENDS = `SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND application_name <> 'turnpike-loadtest'`;

/** Looks at every process of the instance every so often. A look that fails is said and left out. */
export async function sampleProcesses(own: OwnInstance, everyMs: number, say: Say): Promise<Sampling> {
  const before = await processesOf(own);
  const client = new pg.Client({
    connectionString: own.instance.postgresUrl,
    application_name: 'turnpike-loadtest',
  });
  client.on('error', () => undefined);
  await client.connect();
  const until = new AbortController();
  const samples: Sample[] = [];
  const look = async (): Promise<void> => {
    samples.push(await sampleOf(own, before.pids, client));
  };
  const looking = (async () => {
    while (!until.signal.aborted) {
      const startedMs = performance.now();
      await look().catch((error: unknown) => say(`  a look at the processes failed: ${String(error)}`));
      const rest = Math.max(0, everyMs - (performance.now() - startedMs));
      await delay(rest, undefined, { signal: until.signal }).catch(() => undefined);
    }
  })();
  return {
    end: async () => {
      until.abort();
      await looking;
      await client.end().catch(() => undefined);
      const after = await processesOf(own);
      return { samples, restarts: after.pids.filter(({ pid }) => !before.all.has(pid)).length };
    },
  };
}

interface NamedPid {
  readonly name: string;
  readonly pid: number;
}

async function processesOf(own: OwnInstance): Promise<{ pids: NamedPid[]; all: ReadonlySet<number> }> {
  const { processes } = await own.status();
  const pids = processes.flatMap(({ name, pid }) =>
    pid !== undefined && ROLES.some((role) => name === role || name.startsWith(`${role} `)) ? [{ name, pid }] : [],
  );
  if (pids.length < ROLES.length) throw new Error('not every process runs');
  return { pids, all: new Set(pids.map(({ pid }) => pid)) };
}

async function sampleOf(own: OwnInstance, pids: readonly NamedPid[], client: pg.Client): Promise<Sample> {
  const sizes = await Promise.all(pids.map(async ({ pid }) => residentMiB([pid])));
  const rssOf: Record<string, number> = {};
  for (const [index, { name, pid }] of pids.entries()) {
    rssOf[rssOf[name] === undefined ? name : `${name} (${pid})`] = sizes[index] ?? 0;
  }
  const descriptors = await Promise.all(pids.map(({ pid }) => readdir(`/proc/${pid}/fd`)));
  const response = await fetch(`${new URL(own.instance.apiUrl).origin}/metrics`, {
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  const { rows }: { rows: unknown[] } = await client.query(BACKENDS);
  return {
    rssMiB: sum(sizes),
    heapMiB: sum([...text.matchAll(HEAP)].map(([, bytes]) => Number(bytes))) / MIB,
    descriptors: sum(descriptors.map((names) => names.length)),
    postgresConnections: backends.parse(rows)[0]?.count ?? Number.NaN,
    redisConnections: sum([
      ...new Map([...text.matchAll(REDIS)].map(([, role, count]) => [role, Number(count)])).values(),
    ]),
    rssOf,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
