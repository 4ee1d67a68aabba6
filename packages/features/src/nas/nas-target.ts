import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { Tx } from '@turnpike/db/database.js';
import { findStoredNas, unseal, type NasRow } from './nas.store.js';

export type NasTarget = NasRow;

/** Where orders to one NAS go (RFC 5176), and with which secret; undefined when it is gone or has no address. */
export async function findNasTarget(tx: Tx, secretBox: SecretBox, routerId: string): Promise<NasTarget | undefined> {
  const stored = await findStoredNas(tx, routerId);
  return stored === undefined ? undefined : unseal(stored, secretBox);
}
