import { parseMacAddress, type MacAddress } from '@turnpike/core/mac-address.js';
import type { Tx } from '@turnpike/db/database.js';
import { listHoldersNow, listOnlineRows } from './online-session.store.js';

export interface OnlineSession {
  readonly id: string;
  readonly routerName: string;
  readonly startedAt: Date;
  /** What tells its device from others. */
  readonly device: string;
  /** Undefined when the NAS did not say which device it is. */
  readonly mac: MacAddress | undefined;
}

const MOST = 100;

/** For other features: what a customer has open now, newest first. */
export async function onlineSessionsOf(tx: Tx, customerId: string): Promise<OnlineSession[]> {
  const rows = await listOnlineRows(tx, customerId, MOST);
  return rows.map(({ id, router, startedAt, callingStationId }) => ({
    id,
    routerName: router.name,
    startedAt,
    device: callingStationId ?? id,
    mac: parseMacAddress(callingStationId ?? ''),
  }));
}

/**
 * For other features: whose device has this address now, going by accounting; undefined when it is nobody's or several
 * routers use it.
 */
export async function holderOfAddress(tx: Tx, address: string): Promise<string | undefined> {
  const holders = await listHoldersNow(tx, address);
  return holders.length === 1 ? (holders[0] ?? undefined) : undefined;
}
