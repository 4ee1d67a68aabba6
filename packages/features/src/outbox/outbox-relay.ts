import { setTimeout as delay } from 'node:timers/promises';
import type { Transact } from '@turnpike/db/database.js';
import { lockUnpublished, markPublished } from '@turnpike/db/outbox.store.js';
import type { Clock } from '@turnpike/core/clock.js';
import { type CrashPoints, noCrashPoints } from '@turnpike/core/crash-points.js';
import { finishes } from '@turnpike/core/finishes.js';
import { isJobName, jobs, type JobName } from '@turnpike/queue/catalogue.js';
import type { Producer } from '@turnpike/queue/producer.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import type { Metrics } from '@turnpike/runtime/metrics.js';
import type { Redis } from '@turnpike/runtime/redis.js';
import { gatherRows, type Delivery } from './gather-rows.js';
import { outboxChannel } from './outbox-wake.js';

export interface OutboxRelayOptions {
  readonly transact: Transact;
  readonly producer: Producer;
  /** Opened with the use `subscriber`; hears the pokes of `outboxWake`. Without it the relay only polls. */
  readonly subscriber?: Redis;
  readonly prefix: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** How often it looks without being poked, ms. */
  readonly pollMs?: number;
  readonly crash?: CrashPoints;
}

/**
 * Brings committed outbox rows to the queue, each at least once: the job's id is the row's (see gatherRows for those that go
 * together), so a row that is brought twice while its job exists makes one job. Any number of relays may run; each takes rows
 * that no other holds.
 */
export interface OutboxRelay {
  start(): Promise<void>;
  /** Looks now. */
  wake(): void;
  /** One batch; gives the number of rows brought. Rejects when a store is away: the rows stay for the next time. */
  relayOnce(): Promise<number>;
  stop(): Promise<void>;
}

const BATCH = 200;
const SLOWEST_POLL_MS = 5_000;
/** Rest after a round that brought something. Who comes alone does not wait; what many write meanwhile is one round. */
const REST_MS = 20;
const SUBSCRIBE_WAIT_MS = 1_000;

export function createOutboxRelay(options: OutboxRelayOptions): OutboxRelay {
  const { transact, producer, subscriber, clock, logger, pollMs = 500, crash = noCrashPoints } = options;
  const channel = outboxChannel(options.prefix);
  const published = options.metrics.counter('turnpike_worker_outbox_published_total', 'Outbox rows brought to a queue');
  const failures = options.metrics.counter(
    'turnpike_worker_outbox_failures_total',
    'Batches that could not be brought',
  );
  const refused = new Set<string>();
  const alarm = createAlarm();
  let stopping = false;
  let loop: Promise<void> = Promise.resolve();

  const bringBatch = (): Promise<number> =>
    transact(async (tx) => {
      const rows = await lockUnpublished(tx, BATCH);
      if (rows.length > 0) crash.pass('relay.row-taken');
      const brought = await Promise.all(gatherRows(rows).map(bring));
      const ids = brought.flat();
      if (ids.length > 0) {
        crash.pass('relay.queued');
        await markPublished(tx, ids, clock.now());
      }
      published.inc(ids.length);
      return ids.length;
    });

  async function relayOnce(): Promise<number> {
    const count = await bringBatch();
    if (count > 0) crash.pass('relay.marked');
    return count;
  }

  /** Ids of the rows that are in the queue now. What this version does not understand stays: a newer process may know its job. */
  async function bring(delivery: Delivery): Promise<string[]> {
    const { rows, job } = delivery;
    const ids = rows.map((row) => row.id);
    if (isJobName(job) && (await enqueueIfValid(producer, job, delivery))) return ids;
    for (const id of ids) {
      if (refused.has(id)) continue;
      refused.add(id);
      logger.error({ outboxId: id, job }, 'outbox row does not fit the job catalogue');
    }
    return [];
  }

  async function run(): Promise<void> {
    let waitMs = pollMs;
    while (!stopping) {
      try {
        const count = await relayOnce();
        waitMs = count >= BATCH ? 0 : pollMs;
        if (count > 0) await delay(REST_MS);
      } catch (error) {
        failures.inc();
        if (waitMs <= pollMs) logger.warn({ err: error }, 'outbox cannot be brought to the queue');
        waitMs = Math.min(SLOWEST_POLL_MS, Math.max(waitMs, pollMs) * 2);
      }
      await alarm.sleep(waitMs);
    }
  }

  const onMessage = (from: string): void => {
    if (from === channel) alarm.ring();
  };

  /** A Redis that is away must not keep the process from starting: the subscription is made when it is back. */
  async function listen(redis: Redis): Promise<void> {
    const subscribed = redis.subscribe(channel).catch((error: unknown) => {
      logger.warn({ err: error }, 'outbox pokes cannot be heard, polling only');
    });
    await finishes(subscribed, SUBSCRIBE_WAIT_MS);
  }

  return {
    relayOnce,
    wake: alarm.ring,
    start: async () => {
      loop = run();
      subscriber?.on('message', onMessage);
      if (subscriber !== undefined) await listen(subscriber);
    },
    stop: async () => {
      stopping = true;
      subscriber?.off('message', onMessage);
      alarm.ring();
      await loop;
    },
  };
}

async function enqueueIfValid<Name extends JobName>(
  producer: Producer,
  job: Name,
  delivery: Delivery,
): Promise<boolean> {
  const payload = jobs[job].payload.safeParse(delivery.payload);
  if (!payload.success) return false;
  const { jobId, traceparent } = delivery;
  await producer.enqueue(job, payload.data, { jobId, traceparent });
  return true;
}

/** A sleep that can be cut short; a ring while awake makes the next sleep return at once. */
function createAlarm() {
  let rung = false;
  let wakeUp = (): void => undefined;
  return {
    ring: (): void => {
      rung = true;
      wakeUp();
    },
    sleep: async (ms: number): Promise<void> => {
      if (!rung && ms > 0) {
        let timer: NodeJS.Timeout | undefined;
        await new Promise<void>((resolve) => {
          wakeUp = resolve;
          timer = setTimeout(resolve, ms);
        });
        clearTimeout(timer);
      }
      rung = false;
    },
  };
}
