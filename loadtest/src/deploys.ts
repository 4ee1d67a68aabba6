import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { api, type Instance } from './instance.js';
import { withLedger } from './ledger/open-ledger.js';
import { inLanes } from './purchases/in-lanes.js';
import type { RunningSimulator } from './simulator.js';

const POLL_MS = 200;
const STUCK_MS = 120_000;
const LANES = 8;

const created = z.object({ id: z.string() });
const counted = z.object({
  finished: z.coerce.number(),
  succeeded: z.coerce.number(),
  seconds: z.coerce.number().nullable(),
  error: z.string().nullable(),
});

export interface Deployed {
  readonly routers: number;
  /** From the first that was ordered until the last was done. */
  readonly seconds: number;
}

/** Makes simulated routers known to an instance; gives their ids. */
export async function registerRouters(
  instance: Instance,
  routers: RunningSimulator['routers'],
  signal: AbortSignal,
): Promise<string[]> {
  const ids: string[] = [];
  await inLanes(routers, LANES, async (router) => {
    signal.throwIfAborted();
    const body = {
      name: `load test ${router.name}`,
      address: router.host,
      apiPort: router.apiPort,
      apiUsername: router.username,
      apiPassword: router.password,
      nasAddress: router.nasAddress,
    };
    ids.push(created.parse(await api(instance, 'POST', '/routers', body)).id);
  });
  return ids;
}

/** Orders a hotspot for each and waits until all are there; rejects when one is not, or none is for two minutes. */
export async function deployAll(instance: Instance, ids: readonly string[], signal: AbortSignal): Promise<Deployed> {
  await inLanes(ids, LANES, async (id) => {
    signal.throwIfAborted();
    const services = [{ type: 'hotspot', interfaces: ['ether3'] }];
    await api(instance, 'POST', `/routers/${id}/deploy-service-config`, { services });
  });
  return withLedger(instance.postgresUrl, async (ledger) => {
    let moved = { finished: -1, atMs: performance.now() };
    for (;;) {
      const { finished, succeeded, seconds, error } = counted.parse((await ledger.query(COUNT, [ids])).rows[0]);
      if (finished > succeeded)
        throw new Error(`${finished - succeeded} deploys failed: ${error ?? 'nobody said why'}`);
      if (succeeded === ids.length && seconds !== null) return { routers: ids.length, seconds };
      if (finished > moved.finished) moved = { finished, atMs: performance.now() };
      if (performance.now() - moved.atMs > STUCK_MS)
        throw new Error(`only ${succeeded} of ${ids.length} deploys ended`);
      await delay(POLL_MS, undefined, { signal });
    }
  });
}

const COUNT = `
  SELECT count(finished_at) AS finished, count(*) FILTER (WHERE state = 'succeeded') AS succeeded,
         extract(epoch FROM max(finished_at) - min(created_at)) AS seconds,
         min(error ->> 'message') AS error
  FROM provisioning_run WHERE router_id = ANY($1::uuid[])`;
