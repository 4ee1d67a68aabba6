import { parseMacAddress, type MacAddress } from '@turnpike/core/mac-address.js';
import type { Tx } from '@turnpike/db/database.js';
import { listRunningRows } from './running-session.store.js';

export interface RunningSession {
  readonly id: string;
  /** As the NAS was told: of a device that logs in by its address, that address. */
  readonly username: string;
  /** Undefined when the NAS did not say which device it is. */
  readonly mac: MacAddress | undefined;
}

/** For other features: sessions of a customer that run as far as we know. */
export async function runningSessionsOf(tx: Tx, customerId: string): Promise<RunningSession[]> {
  const rows = await listRunningRows(tx, customerId);
  return rows.map(({ id, username, callingStationId }) => ({
    id,
    username,
    mac: parseMacAddress(callingStationId ?? ''),
  }));
}
