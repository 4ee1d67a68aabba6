import type { Clock } from '@turnpike/core/clock.js';
import type { Tx } from '@turnpike/db/database.js';
import type { Metrics } from '@turnpike/runtime/metrics.js';
import type { Redis } from '@turnpike/runtime/redis.js';
import type { Sample } from '@turnpike/runtime/sampling.js';
import { paidSince, type PaidPhone } from './paid-online.store.js';

interface Deps {
  readonly db: Tx;
  /** Of several workers one counts a payment: which one is agreed here. */
  readonly redis: Redis;
  readonly prefix: string;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

/** Who is not online by then has been let down, or has walked away. */
const PATIENCE_MS = 300_000;
/** How far back it looks: twice as long, so that none is missed while workers restart. */
const LOOK_BACK_MS = 2 * PATIENCE_MS;
const REMEMBERED_SECONDS = 1_800;
const BUCKETS = [1, 2, 3, 5, 8, 10, 15, 20, 30, 45, 60, 120, 300];

/** What people feel: the time from the payment being known until their phone is online. */
export function paidOnlineFigures({ db, redis, prefix, clock, metrics }: Deps): Sample {
  const seconds = metrics.histogram(
    'turnpike_worker_paid_online_seconds',
    'Time from a payment being known until the phone that paid is online; phones at a router only',
    [],
    BUCKETS,
  );
  const never = metrics.counter(
    'turnpike_worker_paid_not_online_total',
    'Payments whose phone was not online five minutes later',
  );

  async function claim(paymentId: string): Promise<boolean> {
    const key = `${prefix}paid-online:${paymentId}`;
    return (await redis.set(key, '1', 'EX', REMEMBERED_SECONDS, 'NX')) === 'OK';
  }

  async function count({ paymentId, settledAt, onlineAt }: PaidPhone): Promise<void> {
    const isOverdue = clock.now().getTime() - settledAt.getTime() >= PATIENCE_MS;
    if (onlineAt === null && !isOverdue) return;
    if (!(await claim(paymentId))) return;
    if (onlineAt === null) never.inc();
    else seconds.observe(Math.max(0, onlineAt.getTime() - settledAt.getTime()) / 1_000);
  }

  return {
    name: 'paid-online',
    take: async () => {
      const since = new Date(clock.now().getTime() - LOOK_BACK_MS);
      await Promise.all((await paidSince(db, since)).map(count));
    },
    forget: () => undefined,
  };
}
