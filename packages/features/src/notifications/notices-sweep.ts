import type { Clock } from '@turnpike/core/clock.js';
import type { Database, Tx } from '@turnpike/db/database.js';
import type { Producer } from '@turnpike/queue/producer.js';
import { listExpiring, listUsed, type DueNotice } from './due-notices.store.js';
import { failureNotices } from './failure-notices.js';
import { listForgotten, type NewNotification } from './notification.store.js';
import { newNotification, storeNotices, type Notice } from './notify.js';

export interface NoticesSweepDeps extends Pick<Database, 'db' | 'transact'> {
  readonly producer: Pick<Producer, 'enqueue'>;
  readonly wake: () => void;
  readonly clock: Clock;
}

const BATCH = 500;
/** All tries of a job are over after that. */
const FORGOTTEN_MS = 45 * 60_000;

/**
 * Tells customers whose access ends soon or whose data is nearly used and whose payment failed behind their backs, each once,
 * and takes up messages whose jobs were lost. A batch a transaction, until nothing is due. Gives how many notices were made.
 */
export async function sweepNotices(deps: NoticesSweepDeps, signal: AbortSignal): Promise<number> {
  let made = 0;
  for (const list of [expiringNotices, usageNotices, failedNotices]) {
    for (;;) {
      signal.throwIfAborted();
      const { found, stored } = await deps.transact(async (tx) => {
        const due = await list(tx, deps.clock.now());
        return { found: due.length, stored: await storeNotices(tx, due) };
      });
      made += stored;
      // None stored of those found: another worker is at it.
      if (found < BATCH || stored === 0) break;
    }
  }
  if (made > 0) deps.wake();
  await enqueueForgotten(deps);
  return made;
}

async function expiringNotices(tx: Tx, now: Date): Promise<NewNotification[]> {
  return (await listExpiring(tx, now, BATCH)).map((to) =>
    rowOf(to, {
      template: 'expiring',
      customerId: to.customerId,
      params: { package: to.packageName, endsAt: to.endsAt.toISOString() },
      dedupKey: to.dedupKey,
    }),
  );
}

async function usageNotices(tx: Tx, now: Date): Promise<NewNotification[]> {
  return (await listUsed(tx, now, BATCH)).map((to) =>
    rowOf(to, {
      template: 'usage',
      customerId: to.customerId,
      params: { package: to.packageName, percent: to.percent },
      dedupKey: to.dedupKey,
    }),
  );
}

function rowOf({ customerId: id, msisdn, email, language }: DueNotice, notice: Notice): NewNotification {
  return newNotification(notice, { id, msisdn, email, language, notices: true, erasedAt: null });
}

function failedNotices(tx: Tx, now: Date): Promise<NewNotification[]> {
  return failureNotices(tx, now, BATCH);
}

/** The job's id is the message's: while a job of it is there, it is not queued twice. */
async function enqueueForgotten({ db, producer, clock }: NoticesSweepDeps): Promise<void> {
  const ids = await listForgotten(db, new Date(clock.now().getTime() - FORGOTTEN_MS), BATCH);
  for (const notificationId of ids) {
    await producer.enqueue('notification.send', { notificationId }, { jobId: `again-${notificationId}` });
  }
}
