import { createHash } from 'node:crypto';
import type { OutboxRow } from '@turnpike/db/outbox.store.js';
import { jobs } from '@turnpike/queue/catalogue.js';

/** One job, and the rows that it does. */
export interface Delivery {
  readonly rows: readonly OutboxRow[];
  readonly job: string;
  readonly payload: unknown;
  readonly jobId: string;
  readonly traceparent: string | null;
}

/**
 * What the rows of one round become: each its own job, but customers to refresh go together, because a job costs more than what
 * it does for one of them. Rows that are traced stay alone: a job belongs to one trace.
 */
export function gatherRows(rows: readonly OutboxRow[]): Delivery[] {
  const together = rows.filter(mayGoTogether);
  if (together.length < 2) return rows.map(alone);
  return [refreshOf(together), ...rows.filter((row) => !mayGoTogether(row)).map(alone)];
}

function alone(row: OutboxRow): Delivery {
  const { id, job, payload, traceparent } = row;
  return { rows: [row], job, payload, jobId: id, traceparent };
}

const mayGoTogether = (row: OutboxRow): boolean =>
  row.job === 'subject.refresh' &&
  row.traceparent === null &&
  jobs['subject.refresh'].payload.safeParse(row.payload).success;

/** Its id says which rows these are: the same rows make one job, and a job that is over stands for no other rows. */
function refreshOf(rows: readonly OutboxRow[]): Delivery {
  const customerIds = rows.map((row) => jobs['subject.refresh'].payload.parse(row.payload).customerId);
  const jobId = createHash('sha256')
    .update(rows.map((row) => row.id).join())
    .digest('hex');
  return {
    rows,
    job: 'subjects.refresh',
    payload: { customerIds: [...new Set(customerIds)] },
    jobId,
    traceparent: null,
  };
}
