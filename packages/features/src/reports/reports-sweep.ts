import { languageOf } from '@turnpike/contracts/languages.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { Database, Tx } from '@turnpike/db/database.js';
import { newNotification, storeNotices } from '../notifications/notify.js';
import { dueAfter, periodBefore } from './due-times.js';
import { lockDueSchedule, updateScheduleRow, type ReportScheduleRow } from './report-schedule.store.js';

export interface ReportsSweepDeps extends Pick<Database, 'transact'> {
  readonly clock: Clock;
  readonly timeZone: () => string;
  readonly wake: () => void;
}

/** Of what was due while nothing ran, the newest are sent. */
const MOST_AT_ONCE = 7;

/**
 * Job `reports.mail`: makes the mails of every schedule that is due, one a recipient. The mail, its job and the next due time
 * are one transaction, so that each due time is mailed once, however many workers there are. Gives how many were made.
 */
export function createReportsSweep({ transact, clock, timeZone, wake }: ReportsSweepDeps) {
  return async (signal: AbortSignal): Promise<number> => {
    let made = 0;
    for (;;) {
      signal.throwIfAborted();
      const stored = await transact(async (tx) => {
        const row = await lockDueSchedule(tx, clock.now());
        return row === undefined ? undefined : storeMails(tx, row, clock.now(), timeZone());
      });
      if (stored === undefined) break;
      made += stored;
    }
    if (made > 0) wake();
    return made;
  };
}

async function storeMails(tx: Tx, row: ReportScheduleRow, now: Date, timeZone: string): Promise<number> {
  const { id, every, atHour, recipients, language } = row;
  const times = { every, atHour, timeZone };
  const due: Date[] = [];
  let next = row.nextAt;
  for (; next <= now; next = dueAfter(next, times)) due.push(next);
  const mails = due.slice(-MOST_AT_ONCE).flatMap((at) =>
    recipients.map((recipient) => {
      const params = { scheduleId: id, ...periodBefore(at, times) };
      const dedupKey = `report:${id}:${at.toISOString()}:${recipient.toLowerCase()}`;
      const mail = newNotification({ template: 'report', recipient, params, dedupKey }, null);
      return { ...mail, language: languageOf(language) };
    }),
  );
  const stored = await storeNotices(tx, mails);
  await updateScheduleRow(tx, id, { nextAt: next });
  return stored;
}
