import type { Tx } from '@turnpike/db/database.js';

/** Each reads only which router a thing is of, and where that router stands; deleted routers still stand where they stood. */
const atSites = (sites: readonly string[]) => ({ router: { site: { in: [...sites] } } });

export async function isRouterAt(tx: Tx, id: string, sites: readonly string[]): Promise<boolean> {
  return (await tx.router.count({ where: { id, site: { in: [...sites] } } })) > 0;
}

export async function isRunAt(tx: Tx, id: string, sites: readonly string[]): Promise<boolean> {
  return (await tx.provisioningRun.count({ where: { id, ...atSites(sites) } })) > 0;
}

export async function isSessionAt(tx: Tx, id: string, sites: readonly string[]): Promise<boolean> {
  return (await tx.session.count({ where: { id, ...atSites(sites) } })) > 0;
}

export async function isSessionCommandAt(tx: Tx, id: string, sites: readonly string[]): Promise<boolean> {
  return (await tx.sessionCommand.count({ where: { id, session: atSites(sites) } })) > 0;
}

/** Valid everywhere, at one of the sites, or on a router that stands at one of them. */
export async function isPackageAt(tx: Tx, id: string, sites: readonly string[]): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ valid: boolean }[]>`
    SELECT (p.sites = '{}' AND p.router_ids = '{}') OR p.sites && ${[...sites]}::text[]
      OR EXISTS (SELECT FROM router r WHERE r.id = ANY(p.router_ids) AND r.site = ANY(${[...sites]}::text[])) AS valid
    FROM package p WHERE p.id = ${id}::uuid`;
  return row?.valid === true;
}
