import type { Tx } from '@turnpike/db/database.js';
import type { Session } from '@turnpike/db/generated/client.js';

export type RunningRow = Pick<Session, 'id' | 'username' | 'callingStationId'>;

/** In order of their keys, in which sessions are locked everywhere. */
export async function listRunningRows(tx: Tx, customerId: string): Promise<RunningRow[]> {
  return tx.session.findMany({
    where: { customerId, state: { in: ['open', 'closing', 'stale'] } },
    select: { id: true, username: true, callingStationId: true },
    orderBy: { key: 'asc' },
  });
}
