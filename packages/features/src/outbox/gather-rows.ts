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
  const customers = new Map<OutboxRow, string>();
  for (const row of rows) {
    const customerId = customerToRefresh(row);
    if (customerId !== undefined) customers.set(row, customerId);
  }
  if (customers.size < 2) return rows.map(alone);
  return [refreshOf(customers), ...rows.filter((row) => !customers.has(row)).map(alone)];
}

function alone(row: OutboxRow): Delivery {
  const { id, job, payload, traceparent } = row;
  return { rows: [row], job, payload, jobId: id, traceparent };
}

/** Undefined for a row that stays alone. */
function customerToRefresh({ job, payload, traceparent }: OutboxRow): string | undefined {
  if (job !== 'subject.refresh' || traceparent !== null) return undefined;
  return jobs['subject.refresh'].payload.safeParse(payload).data?.customerId;
}

/** Its id says which rows these are: the same rows make one job, and a job that is over stands for no other rows. */
function refreshOf(customers: ReadonlyMap<OutboxRow, string>): Delivery {
  const rows = [...customers.keys()];
  const jobId = createHash('sha256')
    .update(rows.map((row) => row.id).join())
    .digest('hex');
  const customerIds = [...new Set(customers.values())];
  return { rows, job: 'subjects.refresh', payload: { customerIds }, jobId, traceparent: null };
}
