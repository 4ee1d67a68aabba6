import type { Tx } from '@turnpike/db/database.js';
import type { Package, Prisma } from '@turnpike/db/generated/client.js';

export type PackageRow = Package;

export interface PackageFilter {
  readonly active?: boolean | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

export async function listPackageRows(tx: Tx, filter: PackageFilter): Promise<PackageRow[]> {
  return tx.package.findMany({
    where: {
      archivedAt: null,
      ...(filter.active === undefined ? {} : { active: filter.active }),
      ...(filter.after === undefined ? {} : { id: { lt: filter.after } }),
    },
    orderBy: { id: 'desc' },
    take: filter.limit + 1,
  });
}

export async function findPackageRow(tx: Tx, id: string): Promise<PackageRow | null> {
  return tx.package.findFirst({ where: { id, archivedAt: null } });
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

/** True when an entitlement or a batch of vouchers was ever made of it. */
export async function isPackageSold(tx: Tx, id: string): Promise<boolean> {
  const [{ sold } = { sold: false }] = await tx.$queryRaw<{ sold: boolean }[]>`
    SELECT EXISTS (SELECT FROM entitlement WHERE package_id = ${id}::uuid)
        OR EXISTS (SELECT FROM voucher_batch WHERE package_id = ${id}::uuid) AS sold`;
  return sold;
}

export async function deletePackageRow(tx: Tx, id: string): Promise<void> {
  await tx.package.delete({ where: { id } });
}
