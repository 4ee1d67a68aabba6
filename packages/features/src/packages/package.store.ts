import type { Tx } from '@turnpike/db/database.js';
import type { Package, Prisma } from '@turnpike/db/generated/client.js';
import { likeText } from '@turnpike/db/like-text.js';

export type PackageRow = Package;

/** Some of the places where packages can be valid. */
export interface ValidAt {
  readonly sites: readonly string[];
  readonly routerIds: readonly string[];
}

export interface PackageFilter {
  readonly active?: boolean | undefined;
  /** Default false. */
  readonly archived?: boolean | undefined;
  readonly visibility?: PackageRow['visibility'] | undefined;
  /** Part of the name or the description. */
  readonly text?: string | undefined;
  readonly validAt?: ValidAt | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

export async function listPackageRows(tx: Tx, filter: PackageFilter): Promise<PackageRow[]> {
  const contains =
    filter.text === undefined ? undefined : ({ contains: likeText(filter.text), mode: 'insensitive' } as const);
  return tx.package.findMany({
    where: {
      archivedAt: filter.archived === true ? { not: null } : null,
      ...(contains === undefined ? {} : { OR: [{ name: contains }, { description: contains }] }),
      ...(filter.visibility === undefined ? {} : { visibility: filter.visibility }),
      ...(filter.active === undefined ? {} : { active: filter.active }),
      ...(filter.after === undefined ? {} : { id: { lt: filter.after } }),
      ...(filter.validAt === undefined ? {} : { AND: [{ OR: placesOf(filter.validAt) }] }),
    },
    orderBy: { id: 'desc' },
    take: filter.limit + 1,
  });
}

/** Valid everywhere, at one of these sites, or on one of these routers. */
function placesOf({ sites, routerIds }: ValidAt) {
  return [
    { sites: { isEmpty: true }, routerIds: { isEmpty: true } },
    { sites: { hasSome: [...sites] } },
    { routerIds: { hasSome: [...routerIds] } },
  ];
}

export async function findPackageRow(tx: Tx, id: string): Promise<PackageRow | null> {
  return tx.package.findUnique({ where: { id } });
}

export async function insertPackageRow(tx: Tx, data: Prisma.PackageUncheckedCreateInput): Promise<PackageRow> {
  return tx.package.create({ data });
}

export async function updatePackageRow(
  tx: Tx,
  id: string,
  data: Prisma.PackageUncheckedUpdateInput,
): Promise<PackageRow> {
  return tx.package.update({ where: { id }, data });
}

/** For a change: waits for sales under way and makes new ones wait, until the transaction ends. */
export async function lockPackage(tx: Tx, id: string): Promise<void> {
  await tx.$queryRaw`SELECT FROM package WHERE id = ${id}::uuid FOR UPDATE`;
}

/** For a sale: the package stays as it is until the transaction ends; many sales may do so at once. */
export async function keepPackage(tx: Tx, id: string): Promise<void> {
  await tx.$queryRaw`SELECT FROM package WHERE id = ${id}::uuid FOR KEY SHARE`;
}

/** True when an entitlement, a batch of vouchers or a payment was ever made of it. */
export async function isPackageSold(tx: Tx, id: string): Promise<boolean> {
  const [{ sold } = { sold: false }] = await tx.$queryRaw<{ sold: boolean }[]>`
    SELECT EXISTS (SELECT FROM entitlement WHERE package_id = ${id}::uuid)
        OR EXISTS (SELECT FROM voucher_batch WHERE package_id = ${id}::uuid)
        OR EXISTS (SELECT FROM payment WHERE package_id = ${id}::uuid) AS sold`;
  return sold;
}

/** Those of `names` that are taken; archived packages keep theirs. */
export async function takenNames(tx: Tx, names: readonly string[]): Promise<Set<string>> {
  const rows = await tx.package.findMany({ where: { name: { in: [...names] } }, select: { name: true } });
  return new Set(rows.map((row) => row.name));
}

export async function deletePackageRow(tx: Tx, id: string): Promise<void> {
  await tx.package.delete({ where: { id } });
}

/** On sale to everybody, cheapest first. */
export async function listPublicRows(tx: Tx, type: PackageRow['type'], limit: number): Promise<PackageRow[]> {
  return tx.package.findMany({
    where: { active: true, archivedAt: null, visibility: 'public', type },
    orderBy: [{ priceMinor: 'asc' }, { validForSeconds: 'asc' }, { id: 'asc' }],
    take: limit,
  });
}

/** Whether it is valid everywhere, at one of the sites, or on a router that stands at one of them. */
export async function isPackageAt(tx: Tx, id: string, sites: readonly string[]): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ valid: boolean }[]>`
    SELECT (p.sites = '{}' AND p.router_ids = '{}') OR p.sites && ${[...sites]}::text[]
      OR EXISTS (SELECT FROM router r WHERE r.id = ANY(p.router_ids) AND r.site = ANY(${[...sites]}::text[])) AS valid
    FROM package p WHERE p.id = ${id}::uuid`;
  return row?.valid === true;
}
