import type { Tx } from '@turnpike/db/database.js';

export interface OnlineRow {
  readonly id: string;
  readonly callingStationId: string | null;
  readonly startedAt: Date;
  readonly router: { readonly name: string };
}

/** Newest first. */
export async function listOnlineRows(tx: Tx, customerId: string, limit: number): Promise<OnlineRow[]> {
  return tx.session.findMany({
    where: { customerId, state: { in: ['open', 'closing'] } },
    select: { id: true, callingStationId: true, startedAt: true, router: { select: { name: true } } },
    orderBy: { startedAt: 'desc' },
    take: limit,
  });
}

/** The customers of open sessions with this address, two at most. */
export async function listHoldersNow(tx: Tx, address: string): Promise<(string | null)[]> {
  const rows = await tx.session.findMany({
    where: { framedIpAddress: address, state: 'open' },
    select: { customerId: true },
    take: 2,
  });
  return rows.map(({ customerId }) => customerId);
}
