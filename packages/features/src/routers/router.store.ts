import type { Tx } from '@turnpike/db/database.js';
import type { NasActivity, Prisma, Router } from '@turnpike/db/generated/client.js';
import { likeText } from '@turnpike/db/like-text.js';

export type RouterRow = Router;
/** With what its RADIUS side was last seen doing. */
export type WatchedRouterRow = RouterRow & { readonly nasActivity: NasActivity | null };

export interface RouterFilter {
  readonly status?: RouterRow['status'] | undefined;
  /** Part of the name. */
  readonly name?: string | undefined;
  readonly site?: string | undefined;
  /** Only at these; null and undefined: at any. */
  readonly sites?: readonly string[] | null | undefined;
  readonly deployment?: RouterRow['deployment'] | undefined;
  /** How the RouterOS version begins. */
  readonly version?: string | undefined;
  readonly sort?: 'newest' | 'name' | undefined;
  /** Id of the last router shown. */
  readonly after?: string | undefined;
  readonly limit: number;
}

export async function listRouterRows(tx: Tx, filter: RouterFilter): Promise<WatchedRouterRow[]> {
  return tx.router.findMany({
    where: {
      deletedAt: null,
      ...(filter.status === undefined ? {} : { status: filter.status }),
      ...(filter.name === undefined ? {} : { name: { contains: likeText(filter.name), mode: 'insensitive' } }),
      ...(filter.site === undefined ? {} : { site: filter.site }),
      ...(filter.sites === null || filter.sites === undefined ? {} : { AND: [{ site: { in: [...filter.sites] } }] }),
      ...(filter.deployment === undefined ? {} : { deployment: filter.deployment }),
      ...(filter.version === undefined ? {} : { OR: versionsOf(filter.version) }),
      ...(await placeAfter(tx, filter)),
    },
    orderBy: filter.sort === 'name' ? { name: 'asc' } : { id: 'desc' },
    take: filter.limit + 1,
    include: { nasActivity: true },
  });
}

/** Names are unique, so the name of the last router shown is where the next page begins. */
async function placeAfter(tx: Tx, { after, sort }: RouterFilter): Promise<Prisma.RouterWhereInput> {
  if (after === undefined) return {};
  if (sort !== 'name') return { id: { lt: after } };
  const last = await tx.router.findUnique({ where: { id: after }, select: { name: true } });
  return { name: { gt: last?.name ?? '' } };
}

/** `7.1` is 7.1, 7.1.5, 7.1beta6 and `7.1 (stable)`, but not 7.18. */
function versionsOf(version: string): Prisma.RouterWhereInput[] {
  const begins = ['.', ' ', 'b', 'r'].map((next) => ({ version: { startsWith: `${version}${next}` } }));
  return [{ version }, ...begins];
}

export async function findWatchedRouter(tx: Tx, id: string): Promise<WatchedRouterRow | null> {
  return tx.router.findFirst({ where: { id, deletedAt: null }, include: { nasActivity: true } });
}

export async function findRouterRow(tx: Tx, id: string): Promise<RouterRow | null> {
  return tx.router.findFirst({ where: { id, deletedAt: null } });
}

/** Those of `ids` that are there and not deleted. */
export async function findExistingRouterIds(tx: Tx, ids: readonly string[]): Promise<string[]> {
  const rows = await tx.router.findMany({ where: { id: { in: [...ids] }, deletedAt: null }, select: { id: true } });
  return rows.map((row) => row.id);
}

export async function listRouterIdsAt(tx: Tx, sites: readonly string[]): Promise<string[]> {
  const where = { site: { in: [...sites] }, deletedAt: null };
  return (await tx.router.findMany({ where, select: { id: true } })).map((row) => row.id);
}

export async function findRouterByName(tx: Tx, name: string): Promise<RouterRow | null> {
  return tx.router.findUnique({ where: { name } });
}

export async function findRouterByBootstrapToken(tx: Tx, tokenHash: string): Promise<RouterRow | null> {
  return tx.router.findUnique({ where: { bootstrapTokenHash: tokenHash } });
}

/** For a change: nobody else changes, deletes or takes hold of the router until the transaction ends. */
export async function lockRouter(tx: Tx, id: string): Promise<void> {
  await tx.$queryRaw`SELECT FROM router WHERE id = ${id}::uuid FOR UPDATE`;
}

export async function insertRouterRow(tx: Tx, data: Prisma.RouterUncheckedCreateInput): Promise<RouterRow> {
  return tx.router.create({ data });
}

export async function updateRouterRow(tx: Tx, id: string, data: Prisma.RouterUncheckedUpdateInput): Promise<RouterRow> {
  return tx.router.update({ where: { id }, data });
}

/** False when another call has used the token first. */
export async function redeemBootstrapToken(
  tx: Tx,
  id: string,
  tokenHash: string,
  found: Pick<RouterRow, 'address' | 'nasAddress' | 'apiPort' | 'tls'>,
): Promise<boolean> {
  const { count } = await tx.router.updateMany({
    where: { id, bootstrapTokenHash: tokenHash },
    data: { ...found, bootstrapTokenHash: null, loginFailures: 0, lastError: null },
  });
  return count === 1;
}

/** The fingerprint in force: this one, or one that another contact has pinned first. */
export async function pinFirstFingerprint(tx: Tx, id: string, tlsFingerprint: string): Promise<string> {
  await tx.router.updateMany({ where: { id, tlsFingerprint: null }, data: { tlsFingerprint } });
  return (await findRouterRow(tx, id))?.tlsFingerprint ?? tlsFingerprint;
}

/** Stores what a contact gave, unless the router was changed or deleted meanwhile: then it tells nothing about it. */
export async function storeContact(
  tx: Tx,
  dialled: RouterRow,
  data: Prisma.RouterUncheckedUpdateManyInput,
): Promise<RouterRow | undefined> {
  const { id, address, apiPort, apiUsername, apiPassword, tls } = dialled;
  const where = { id, address, apiPort, apiUsername, apiPassword, tls };
  const [row] = await tx.router.updateManyAndReturn({ where, data });
  return row;
}

/** The row stays for the sessions accounted on it; its name, addresses and secrets are free or gone. */
export async function retireRouterRow(tx: Tx, { id, name }: Pick<RouterRow, 'id' | 'name'>, at: Date): Promise<void> {
  await tx.router.update({
    where: { id },
    data: {
      deletedAt: at,
      name: `${name} (deleted ${id.slice(-8)})`,
      status: 'offline',
      address: null,
      nasAddress: null,
      apiPassword: '',
      radiusSecret: '',
      previousRadiusSecret: null,
      bootstrapTokenHash: null,
    },
  });
}

/** By router id; those without any are left out. */
export async function countOpenSessionsOf(tx: Tx, routerIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await tx.session.groupBy({
    by: ['routerId'],
    where: { routerId: { in: [...routerIds] }, state: { in: ['open', 'closing'] } },
    _count: true,
  });
  return new Map(rows.map(({ routerId, _count }) => [routerId, _count]));
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

/** Whether it stands at one of the sites; deleted ones still stand where they stood. */
export async function isRouterAt(tx: Tx, id: string, sites: readonly string[]): Promise<boolean> {
  return (await tx.router.count({ where: { id, site: { in: [...sites] } } })) > 0;
}
