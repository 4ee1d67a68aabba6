import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { Tx } from '@turnpike/db/database.js';
import { createSecretOpener, openNas, secretsToTry } from './nas-row.js';
import { findStoredNas } from './nas.store.js';

export interface NasTarget {
  readonly id: string;
  readonly address: string;
  /** Live secrets in the order to try them: the one last seen in use first. */
  readonly secrets: readonly Buffer[];
}

/** Where orders to one NAS go (RFC 5176), and with which secrets; undefined when it is gone or has no address. */
export async function findNasTarget(tx: Tx, secretBox: SecretBox, routerId: string): Promise<NasTarget | undefined> {
  const stored = await findStoredNas(tx, routerId);
  if (stored === undefined) return undefined;
  const row = openNas(stored, createSecretOpener(secretBox).open, secretBox);
  return { id: row.id, address: row.address, secrets: secretsToTry(row).map(({ secret }) => secret) };
}
