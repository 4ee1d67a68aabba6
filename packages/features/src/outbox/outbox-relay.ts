import type { Transact } from '@turnpike/db/database.js';
import { lockUnpublished, markPublished, type OutboxRow } from '@turnpike/db/outbox.store.js';
import type { Clock } from '@turnpike/core/clock.js';
import { type CrashPoints, noCrashPoints } from '@turnpike/core/crash-points.js';
import { finishes } from '@turnpike/core/finishes.js';
import { isJobName, jobs, type JobName } from '@turnpike/queue/catalogue.js';
import type { Producer } from '@turnpike/queue/producer.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import type { Metrics } from '@turnpike/runtime/metrics.js';
import type { Redis } from '@turnpike/runtime/redis.js';
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
 * Brings committed outbox rows to the queue, each at least once: the job's id is the row's, so a row that is brought twice
 * while its job exists makes one job. Any number of relays may run; each takes rows that no other holds.
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
      const brought = await Promise.all(rows.map(bring));
      const ids = rows.filter((_row, index) => brought[index]).map((row) => row.id);
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

  /** False for a row this version does not understand: it stays, a newer process beside us may know its job. */
  async function bring(row: OutboxRow): Promise<boolean> {
    const fits = isJobName(row.job) && (await enqueueIfValid(producer, row.job, row));
    if (!fits && !refused.has(row.id)) {
      refused.add(row.id);
      logger.error({ outboxId: row.id, job: row.job }, 'outbox row does not fit the job catalogue');
    }
    return fits;
  }

  async function run(): Promise<void> {
    let waitMs = pollMs;
    while (!stopping) {
      try {
        const count = await relayOnce();
        waitMs = count >= BATCH ? 0 : pollMs;
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

async function enqueueIfValid<Name extends JobName>(producer: Producer, job: Name, row: OutboxRow): Promise<boolean> {
  const payload = jobs[job].payload.safeParse(row.payload);
  if (!payload.success) return false;
  await producer.enqueue(job, payload.data, { jobId: row.id, traceparent: row.traceparent });
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
