import { randomInt } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { askHttp, type HttpAnswer, TrafficCount } from '../http-ask.js';
import { type HttpAsk, runHttpLoad } from '../http-load.js';
import { api, type Instance } from '../instance.js';
import { type Buyer, makeBuyers } from '../purchases/buyers.js';
import type { RequestFrom } from '../purchases/request-from.js';
import { buy, type Goods, look, putOnSale, takeOffSale } from '../purchases/shop.js';
import type { Done } from './meter.js';

export interface HttpWork {
  readonly instance: Instance;
  readonly perSecond: number;
  readonly seconds: number;
  readonly signal: AbortSignal;
}

const CONNECTIONS = 16;
const PHONES = 100_000_000;
const LOOK_EVERY_MS = 2_000;
const PAID_WITHIN_MS = 120_000;
const ANSWER_WITHIN_MS = 30_000;

/** The list of packages, whose answer is kept. */
export function cachedReads(work: HttpWork): Promise<Done> {
  return reads(work, () => ({ path: '/packages', expected: 200 }));
}

/** Customers one by one, which are read from PostgreSQL each time. */
export async function uncachedReads(work: HttpWork): Promise<Done> {
  const page = z.object({ items: z.array(z.object({ id: z.string() })) });
  const { items } = page.parse(await api(work.instance, 'GET', '/customers?limit=200'));
  if (items.length === 0) throw new Error('there is no customer to read');
  return reads(work, (turn) => ({ path: `/customers/${items[turn % items.length]?.id ?? ''}`, expected: 200 }));
}

async function reads(
  { instance, perSecond, seconds, signal }: HttpWork,
  ask: (turn: number) => HttpAsk,
): Promise<Done> {
  const { apiUrl, apiToken: token } = instance;
  const durationMs = seconds * 1_000;
  const run = await runHttpLoad({ apiUrl, token, perSecond, connections: CONNECTIONS, ask, durationMs, signal });
  if (run.failed > 0) throw new Error(`${run.failed} of ${run.sent} reads failed: ${run.examples[0] ?? ''}`);
  return { count: run.sent, networkBytes: run.bytes };
}

/** Customers who buy over the portal and look, as its page does, until they have paid. Each has an address of its own. */
export async function purchases({ instance, perSecond, seconds, signal }: HttpWork): Promise<Done> {
  const goods = await putOnSale(instance);
  // Everybody who waits listens to it.
  setMaxListeners(0, signal);
  const traffic = new TrafficCount();
  const from: RequestFrom = (localAddress, method, url, body): Promise<HttpAnswer> => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
    return askHttp({ url, method, body, localAddress, signal: limit }, traffic);
  };
  const buyers = makeBuyers(Math.ceil(perSecond * seconds), randomInt(PHONES));
  const startedMs = performance.now();
  const bought = buyers.map(async (buyer, turn) => {
    const waitMs = startedMs + (turn * 1_000) / perSecond - performance.now();
    await delay(Math.max(0, waitMs), undefined, { signal });
    await buyAndWait({ from, instance, goods, buyer, signal });
  });
  const ended = await Promise.allSettled(bought);
  signal.throwIfAborted();
  await takeOffSale(instance, goods);
  const failed = ended.find((each) => each.status === 'rejected');
  if (failed !== undefined) throw new Error('a purchase failed', { cause: failed.reason });
  return { count: buyers.length, networkBytes: traffic.bytes };
}

async function buyAndWait(options: {
  readonly from: RequestFrom;
  readonly instance: Instance;
  readonly goods: Goods;
  readonly buyer: Buyer;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { from, instance, goods, buyer, signal } = options;
  const { reference } = await buy(from, instance, goods, buyer);
  const endMs = performance.now() + PAID_WITHIN_MS;
  for (;;) {
    await delay(LOOK_EVERY_MS, undefined, { signal });
    const seen = await look(from, instance, buyer, reference);
    if (seen?.status === 'paid') return;
    if (performance.now() > endMs) throw new Error(`a purchase is ${seen?.status ?? 'unknown'} after two minutes`);
  }
}
