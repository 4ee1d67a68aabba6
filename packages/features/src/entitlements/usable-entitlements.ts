import type { Tx } from '@turnpike/db/database.js';
import { hasMacLoginRow, listUsableRows, type EntitlementRow } from './entitlement.store.js';

const MOST = 50;

/** For other features: what a customer may use at hotspots now or later, running or waiting for its first login. */
export async function usableHotspotEntitlements(tx: Tx, customerId: string): Promise<EntitlementRow[]> {
  return listUsableRows(tx, customerId, 'hotspot', MOST);
}

/** For other features: whether what the customer runs on lets known devices in by their address. */
export async function letsDevicesIn(tx: Tx, customerId: string, now: Date): Promise<boolean> {
  return hasMacLoginRow(tx, customerId, now);
}
