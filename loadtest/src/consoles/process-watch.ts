import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { cpuSecondsOf } from '../process-cpu.js';
import { residentMiB } from '../process-memory.js';

export interface Watched {
  /** Highest resident memory. */
  readonly highestMiB: number;
  /** 99th percentile of the event loop's delay in the worst second. */
  readonly worstLagMs: number;
  /** Of one processor, while it was watched. */
  readonly cpuShare: number;
}

export interface ProcessWatch {
  end(): Promise<Watched>;
}

const SAMPLE_MS = 1_000;
/** Reading the first one is what brings the second one up to date, and begins it anew. */
const NAMES = ['nodejs_eventloop_lag_seconds', 'nodejs_eventloop_lag_p99_seconds'];
const metrics = z.array(z.object({ name: z.string(), values: z.array(z.object({ value: z.number() })) }));

/** Looks at a process every second. */
export function watchProcess(pid: number, opsUrl: string): ProcessWatch {
  const until = new AbortController();
  let highestMiB = 0;
  let worstLagMs = 0;
  let samples = -1;
  const look = async (): Promise<void> => {
    highestMiB = Math.max(highestMiB, await residentMiB([pid]));
    const response = await fetch(`${opsUrl}/metrics.json?${NAMES.map((name) => `name=${name}`).join('&')}`, {
      signal: AbortSignal.timeout(10_000),
    });
    const seconds = metrics.parse(await response.json())[1]?.values[0]?.value ?? 0;
    samples += 1;
    // The first one is of all the time before.
    if (samples > 0) worstLagMs = Math.max(worstLagMs, seconds * 1_000);
  };
  const startedMs = performance.now();
  const cpuBefore = cpuSecondsOf([pid]);
  const watching = (async () => {
    while (!until.signal.aborted) {
      await look().catch(() => undefined);
      await delay(SAMPLE_MS, undefined, { signal: until.signal }).catch(() => undefined);
    }
  })();
  return {
    end: async () => {
      until.abort();
      await watching;
      const seconds = (performance.now() - startedMs) / 1_000;
      return { highestMiB, worstLagMs, cpuShare: ((await cpuSecondsOf([pid])) - (await cpuBefore)) / seconds };
    },
  };
}

const instanceFile = z.object({ ops: z.array(z.object({ role: z.string(), url: z.string() })) });

/** Where the only process of a role, as `npm start` found it, tells its numbers. */
export async function readOpsUrl(dataDir: string, role: string): Promise<string> {
  const { ops } = instanceFile.parse(JSON.parse(await readFile(path.join(dataDir, 'instance.json'), 'utf8')));
  const found = ops.find((one) => one.role === role);
  if (found === undefined) throw new Error(`no process is known as ${role}`);
  return found.url;
}
