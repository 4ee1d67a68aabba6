import type { Tx } from '@turnpike/db/database.js';
import { LATEST_END } from './entitlement-start.js';
import {
  listQueuedRows,
  listRunningRows,
  updateEntitlementRow,
  type EntitlementRow,
  type ServiceType,
} from './entitlement.store.js';

/** When everything of this kind of service that runs or waits in line is over; undefined: nothing runs. */
export async function busyUntil(tx: Tx, customerId: string, type: ServiceType, at: Date): Promise<Date | undefined> {
  const running = await listRunningRows(tx, customerId, type, at);
  const queued = await listQueuedRows(tx, customerId, type, at);
  return latest([...running, ...queued.filter((row) => row.validForSeconds === null)].map((row) => row.endsAt));
}

/**
 * After what runs has come to end later: those that wait begin later too, one after the other. Nobody's turn comes earlier by
 * this; where what runs ended early, the sweep lets the next one begin.
 */
export async function delayQueued(tx: Tx, customerId: string, type: ServiceType, at: Date): Promise<void> {
  let until = latest((await listRunningRows(tx, customerId, type, at)).map((row) => row.endsAt));
  if (until === undefined) return;
  for (const row of await listQueuedRows(tx, customerId, type, at)) {
    if (row.startsAt < until) await updateEntitlementRow(tx, row.id, startingAt(row, until));
    // How long one lasts that waits for its first login, nobody knows.
    if (row.validForSeconds === null) until = new Date(Math.max(until.getTime(), endStartingAt(row, until).getTime()));
  }
}

function startingAt(row: EntitlementRow, startsAt: Date) {
  return row.validForSeconds === null ? { startsAt, endsAt: endStartingAt(row, startsAt) } : { startsAt };
}

function endStartingAt({ startsAt, endsAt }: EntitlementRow, from: Date): Date {
  const begins = Math.max(from.getTime(), startsAt.getTime());
  return new Date(Math.min(begins + endsAt.getTime() - startsAt.getTime(), LATEST_END.getTime()));
}

function latest(dates: readonly Date[]): Date | undefined {
  return dates.reduce<Date | undefined>((last, date) => (last === undefined || date > last ? date : last), undefined);
}
