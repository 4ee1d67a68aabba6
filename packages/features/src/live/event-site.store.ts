import type { Tx } from '@turnpike/db/database.js';

/** Where a router stands, deleted ones too; undefined: there is none, or it has no site. */
export async function findSiteOfRouter(tx: Tx, id: string): Promise<string | undefined> {
  const router = await tx.router.findUnique({ where: { id }, select: { site: true } });
  return router?.site ?? undefined;
}

export async function findSiteOfSession(tx: Tx, id: string): Promise<string | undefined> {
  const session = await tx.session.findUnique({ where: { id }, select: { router: { select: { site: true } } } });
  return session?.router.site ?? undefined;
}
