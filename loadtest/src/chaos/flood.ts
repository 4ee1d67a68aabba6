import { spawn } from 'node:child_process';
import path from 'node:path';
import { z } from 'zod';
import { api } from '../instance.js';
import type { RadiusTarget } from '../radius/target.js';
import { residentMiB } from '../process-memory.js';
import type { Figure } from '../results.js';
import { runStorm } from './login-storm.js';
import { withOwnInstance, type OwnInstance } from './own-instance.js';
import type { ChaosContext } from './scenario.js';

export const FLOOD_WHOLE = { SECONDS: 20, CUSTOMERS: 2_000 };
const GOOD_PER_SECOND = 300;
const STRANGERS_PER_SECOND = 10_000;
const STRANGERS = 256;
const NOISY_PER_SECOND = 5_000;
const NOISY_ADDRESS = '127.99.0.2';
/** What the noisy router may send; a tenth of what it does. */
const NOISY_ALLOWED = 500;
const MAX_P99_MS = 100;
const MAX_GROWTH_MIB = 64;
const SLOTS = 4_096;
const STRIDE = 7_919;

const floodTotals = z.object({
  strangers: z.number(),
  strangersAnswered: z.number(),
  noisy: z.number(),
  noisyAnswered: z.number(),
});

/** Packets from strangers and from one router gone mad; a good router beside them must not notice. Loopback only. */
export async function flood(context: ChaosContext): Promise<Figure[]> {
  const { config, say, signal } = context;
  const durationMs = (config.SECONDS ?? FLOOD_WHOLE.SECONDS) * 1000;
  return withOwnInstance(context, async (own) => {
    const customers = config.CUSTOMERS ?? FLOOD_WHOLE.CUSTOMERS;
    await own.prepare({ customers, nasAddress: NOISY_ADDRESS });
    await limitRouter(own);
    const target = await own.prepare({ customers });
    const good = (signal: AbortSignal) =>
      runStorm({
        target,
        loginOf: (turn) => ({ customer: (turn * STRIDE) % customers }),
        allowance: (elapsedMs) => (elapsedMs / 1000) * GOOD_PER_SECOND,
        slots: SLOTS,
        durationMs,
        signal,
      });
    say(`${GOOD_PER_SECOND} logins/s of a good router for ${durationMs / 1000} s, in peace`);
    const before = await good(signal);
    const [pid = 0] = await own.pids('radius-auth');
    const mibBefore = await residentMiB([pid]);
    say(
      `the same beside ${STRANGERS_PER_SECOND}/s from ${STRANGERS} strangers and ${NOISY_PER_SECOND}/s from one router`,
    );
    const flooded = await withFlood(target, customers, () => good(signal));
    signal.throwIfAborted();
    const { totals, result: during } = flooded;
    const p99 = (run: typeof before): number => run.logins.tally.latencies.percentile(99);
    return [
      { name: 'good router: p99 in peace', value: p99(before), unit: 'ms' },
      { name: 'good router: p99 in the flood', value: p99(during), unit: 'ms', atMost: MAX_P99_MS },
      { name: 'good router: wrong verdicts', value: during.logins.tally.wrongVerdicts, unit: '', atMost: 0 },
      { name: 'good router: unanswered', value: during.logins.tally.lost, unit: '', atMost: 0 },
      { name: 'good router: sent again', value: during.result.lanes[0]?.retransmitted ?? 0, unit: '' },
      { name: 'packets of strangers', value: totals.strangers, unit: '', atLeast: 1 },
      { name: 'of them answered', value: totals.strangersAnswered, unit: '', atMost: 0 },
      { name: 'packets of the noisy router', value: totals.noisy, unit: '', atLeast: 1 },
      {
        name: 'of them answered, a second',
        value: totals.noisyAnswered / (durationMs / 1000),
        unit: '/s',
        // The bucket lets twice the rate through at once, at the start.
        atMost: NOISY_ALLOWED * 1.2 + (NOISY_ALLOWED * 2) / (durationMs / 1000),
      },
      {
        name: 'growth of the process',
        value: Math.max(0, (await residentMiB([pid])) - mibBefore),
        unit: 'MiB',
        atMost: MAX_GROWTH_MIB,
      },
    ];
  });
}

/** Gives the noisy router a rate, as an operator would. */
async function limitRouter({ instance }: OwnInstance): Promise<void> {
  const list = z.object({ items: z.array(z.object({ id: z.string(), nasAddress: z.string().nullable() })) });
  const { items } = list.parse(await api(instance, 'GET', '/routers?limit=200'));
  const noisy = items.find((router) => router.nasAddress === NOISY_ADDRESS);
  if (noisy === undefined) throw new Error(`there is no router at ${NOISY_ADDRESS}`);
  await api(instance, 'PATCH', `/routers/${noisy.id}`, { radiusRateLimit: NOISY_ALLOWED });
}

async function withFlood<Result>(target: RadiusTarget, customers: number, work: () => Promise<Result>) {
  const program = path.join(import.meta.dirname, 'flood-main.js');
  const options = {
    host: target.host,
    port: target.authPort,
    secret: target.secret,
    strangersPerSecond: STRANGERS_PER_SECOND,
    strangers: STRANGERS,
    noisyPerSecond: NOISY_PER_SECOND,
    noisyAddress: NOISY_ADDRESS,
    customers,
  };
  const child = spawn(process.execPath, [program, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  const closed = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
  try {
    const result = await Promise.race([
      work(),
      closed.then(() => Promise.reject(new Error('the flood ended by itself'))),
    ]);
    child.send('stop');
    await closed;
    return { result, totals: floodTotals.parse(JSON.parse(output)) };
  } finally {
    child.kill('SIGKILL');
  }
}
