import type { Tx } from '@turnpike/db/database.js';
import { listDeviceRows } from './device.store.js';

export interface ListedDevice {
  readonly id: string;
  readonly mac: string;
  readonly name: string;
}

/** For other features: what is on a customer's list and not blocked, newest first. */
export async function listedDevices(tx: Tx, customerId: string): Promise<ListedDevice[]> {
  const rows = await listDeviceRows(tx, customerId);
  return rows
    .filter(({ blocked }) => !blocked)
    .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime())
    .map(({ id, mac, name }) => ({ id, mac, name }));
}
