import type { Sql } from '@turnpike/db/sql.js';

/** Names of routers by id, and where they are. */
export async function readRouterNames(
  tx: Sql,
  ids: readonly string[],
): Promise<Map<string, { name: string; site: string | null }>> {
  const rows = await tx.$queryRaw<{ id: string; name: string; site: string | null }[]>`
    SELECT id::text AS id, name, site FROM router WHERE id = ANY(${[...ids]}::uuid[])`;
  return new Map(rows.map((row) => [row.id, row]));
}

/** Names of the packages of a customer's entitlements, by entitlement. */
export async function readPackageNames(tx: Sql, customerId: string): Promise<Map<string, string>> {
  const rows = await tx.$queryRaw<{ id: string; name: string }[]>`
    SELECT id::text AS id, package_name AS name FROM entitlement WHERE customer_id = ${customerId}::uuid`;
  return new Map(rows.map((row) => [row.id, row.name]));
}

/** Names that people gave to a customer's devices, by MAC address. */
export async function readDeviceNames(tx: Sql, customerId: string): Promise<Map<string, string>> {
  const rows = await tx.$queryRaw<{ mac: string; name: string }[]>`
    SELECT mac, name FROM customer_device WHERE customer_id = ${customerId}::uuid AND name <> ''`;
  return new Map(rows.map((row) => [row.mac, row.name]));
}
