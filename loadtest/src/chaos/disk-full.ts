import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runName } from '../radius-scenarios.js';
import { createTraffic } from '../radius/traffic.js';
import type { Figure } from '../results.js';
import { refuseWithoutNamespaces, startCrampedRedis, type CrampedRedis } from './cramped-redis.js';
import { withOwnInstance } from './own-instance.js';
import type { ChaosContext } from './scenario.js';
import { settleLedger } from './settle-ledger.js';

const SIZE_MIB = 8;
export const DISK_FULL_WHOLE = { RATE: 1_000, CUSTOMERS: 500 };
const STEPS = 12;
const AWAY_MS = 15_000;
const AFTER_MS = 5_000;
const FULL_WITHIN_MS = 180_000;
/** Logging the sessions of these in has to leave room on the disk, or it would be full before any accounting came. */
const SPARE_SECONDS = 75;

/** The disk of the durable Redis fills up under accounting; Redis ends itself; later the disk gets room and Redis is started. */
export async function diskFull(context: ChaosContext): Promise<Figure[]> {
  const { config } = context;
  const env = { PATH: config.PATH, HOME: config.HOME };
  refuseWithoutNamespaces(env);
  const directory = await mkdtemp(path.join(tmpdir(), 'turnpike-cramped-'));
  const redis = await startCrampedRedis({ directory, sizeMiB: SIZE_MIB, env });
  try {
    return await fill(context, redis);
  } finally {
    await redis.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

async function fill(context: ChaosContext, redis: CrampedRedis): Promise<Figure[]> {
  const { config, say, signal } = context;
  const perSecond = config.RATE ?? DISK_FULL_WHOLE.RATE;
  return withOwnInstance({ ...context, env: { REDIS_DURABLE_URL: redis.url } }, async (own) => {
    const target = await own.prepare({ customers: config.CUSTOMERS ?? DISK_FULL_WHOLE.CUSTOMERS });
    const active = target.customers.count;
    const turns = perSecond * SPARE_SECONDS;
    const traffic = await createTraffic({ target, run: runName(), active, steps: STEPS, turns, say, signal });
    const until = new AbortController();
    const rates = { loginsPerSecond: 50, accountingPerSecond: perSecond, durationMs: Infinity };
    const running = traffic.run({ ...rates, until: until.signal });
    const breaking = async () => {
      say(`${perSecond} accounting/s until the ${SIZE_MIB} MiB disk of the durable Redis is full`);
      const startedMs = performance.now();
      await waitUntil(() => !redis.isRunning(), FULL_WITHIN_MS, signal);
      const fullAfterS = (performance.now() - startedMs) / 1000;
      const ackedBefore = traffic.book.ackedCount;
      say(`the disk is full and Redis has ended, after ${fullAfterS.toFixed(0)} s; accounting goes on`);
      await delay(AWAY_MS, undefined, { signal });
      const acked = traffic.book.ackedCount - ackedBefore;
      await redis.grow();
      say('the disk has room and Redis is started again');
      await delay(AFTER_MS, undefined, { signal });
      return { fullAfterS, acked };
    };
    const { fullAfterS, acked } = await breaking().finally(() => until.abort());
    await running;
    const { figures } = await settleLedger(context, own.instance.postgresUrl, traffic);
    return [
      { name: 'accounting until the disk was full', value: fullAfterS, unit: 's', atLeast: 1 },
      {
        name: 'accounting acknowledged while it was full',
        value: acked,
        unit: '',
        atLeast: (perSecond * AWAY_MS) / 2000,
      },
      ...traffic.figures(),
      ...figures,
    ];
  });
}

const POLL_MS = 50;

async function waitUntil(condition: () => boolean, withinMs: number, signal: AbortSignal): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > endMs) throw new Error(`the disk was not full within ${withinMs / 1000} s`);
    await delay(POLL_MS, undefined, { signal });
  }
}
