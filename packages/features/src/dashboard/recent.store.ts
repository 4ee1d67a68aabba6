import type { Tx } from '@turnpike/db/database.js';
import type { Sites } from './dashboard.store.js';

export interface RecentAct {
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly subjectType: string;
  readonly subjectId: string;
}

export interface RecentRun {
  readonly id: string;
  readonly at: Date;
  readonly state: string;
  readonly routerName: string;
}

/** Newest first, from the audit trail. */
export async function listRecentActs(tx: Tx, limit: number): Promise<RecentAct[]> {
  return tx.auditEntry.findMany({
    orderBy: { id: 'desc' },
    take: limit,
    select: { at: true, actor: true, action: true, subjectType: true, subjectId: true },
  });
}

/** Runs that ended, of the newest that were ordered. */
export async function listRecentRuns(tx: Tx, sites: Sites, limit: number): Promise<RecentRun[]> {
  const rows = await tx.provisioningRun.findMany({
    where: { finishedAt: { not: null }, ...(sites === null ? {} : { router: { site: { in: [...sites] } } }) },
    orderBy: { id: 'desc' },
    take: limit,
    select: { id: true, state: true, finishedAt: true, createdAt: true, router: { select: { name: true } } },
  });
  return rows.map(({ id, state, finishedAt, createdAt, router }) => {
    return { id, state, at: finishedAt ?? createdAt, routerName: router.name };
  });
}

/** What the things of those ids are called; customers by their usernames. */
export async function findNames(
  tx: Tx,
  ids: Readonly<Record<'router' | 'operator' | 'package' | 'customer' | 'agent', readonly string[]>>,
): Promise<Map<string, string>> {
  const named = <Row>(rows: readonly Row[], nameOf: (row: Row) => [string, string]) => rows.map(nameOf);
  const among = (wanted: readonly string[]) => ({ where: { id: { in: [...wanted] } } });
  const select = { id: true, name: true } as const;
  const groups = await Promise.all([
    tx.router.findMany({ ...among(ids.router), select }),
    tx.operator.findMany({ ...among(ids.operator), select }),
    tx.package.findMany({ ...among(ids.package), select }),
    tx.agent.findMany({ ...among(ids.agent), select }),
  ]);
  const customers = await tx.customer.findMany({ ...among(ids.customer), select: { id: true, username: true } });
  return new Map([
    ...groups.flatMap((rows) => named(rows, ({ id, name }) => [id, name])),
    ...named(customers, ({ id, username }): [string, string] => [id, username]),
  ]);
}
