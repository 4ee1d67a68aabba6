import type { Tx } from '@turnpike/db/database.js';
import type { Prisma, Router } from '@turnpike/db/generated/client.js';

export type RouterRow = Router;

export interface RouterFilter {
  readonly status?: RouterRow['status'] | undefined;
  /** Part of the name. */
  readonly name?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

export async function listRouterRows(tx: Tx, filter: RouterFilter): Promise<RouterRow[]> {
  return tx.router.findMany({
    where: {
      ...(filter.status === undefined ? {} : { status: filter.status }),
      ...(filter.name === undefined ? {} : { name: { contains: filter.name, mode: 'insensitive' } }),
      ...(filter.after === undefined ? {} : { id: { lt: filter.after } }),
    },
    orderBy: { id: 'desc' },
    take: filter.limit + 1,
  });
}

export async function findRouterRow(tx: Tx, id: string): Promise<RouterRow | null> {
  return tx.router.findUnique({ where: { id } });
}

export async function findRouterByName(tx: Tx, name: string): Promise<RouterRow | null> {
  return tx.router.findUnique({ where: { name } });
}

export async function findRouterByBootstrapToken(tx: Tx, tokenHash: string): Promise<RouterRow | null> {
  return tx.router.findUnique({ where: { bootstrapTokenHash: tokenHash } });
}

/** Another router that sends RADIUS from this address. */
export async function findRouterByNasAddress(tx: Tx, nasAddress: string, exceptId?: string): Promise<RouterRow | null> {
  return tx.router.findFirst({ where: { nasAddress, ...(exceptId === undefined ? {} : { id: { not: exceptId } }) } });
}

export async function insertRouterRow(tx: Tx, data: Prisma.RouterUncheckedCreateInput): Promise<RouterRow> {
  return tx.router.create({ data });
}

export async function updateRouterRow(tx: Tx, id: string, data: Prisma.RouterUncheckedUpdateInput): Promise<RouterRow> {
  return tx.router.update({ where: { id }, data });
}

export async function deleteRouterRow(tx: Tx, id: string): Promise<void> {
  await tx.router.delete({ where: { id } });
}

export async function countOpenSessions(tx: Tx, routerId: string): Promise<number> {
  return tx.session.count({ where: { routerId, state: { in: ['open', 'closing'] } } });
}

/** Ids of the routers that the poller dials: with an address, and not refused twice for their credentials. */
export async function listPollableRouterIds(tx: Tx, maxLoginFailures: number): Promise<string[]> {
  const rows = await tx.router.findMany({
    where: { address: { not: null }, loginFailures: { lt: maxLoginFailures } },
    select: { id: true },
  });
  return rows.map((row) => row.id);
}
