import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { Tx } from '@turnpike/db/database.js';

/** A router as RADIUS sees it. */
export interface NasRow {
  readonly id: string;
  /** Source address of its packets. */
  readonly address: string;
  readonly identifier: string | null;
  readonly secret: Buffer;
  readonly messageAuthenticator: 'required' | 'optional';
}

interface StoredNas {
  readonly id: string;
  readonly address: string;
  readonly identifier: string | null;
  readonly sealedSecret: string;
  readonly messageAuthenticator: 'required' | 'optional';
}

/** Every NAS with a known address; until one is set, the management address is taken for it unless it is another's. */
export async function readNasRows(tx: Tx): Promise<StoredNas[]> {
  return tx.$queryRaw<StoredNas[]>`
    SELECT id::text AS id, coalesce(nas_address, address) AS address, nas_identifier AS identifier,
           radius_secret AS "sealedSecret", message_authenticator::text AS "messageAuthenticator"
    FROM router r
    WHERE nas_address IS NOT NULL
       OR (address IS NOT NULL AND NOT EXISTS (SELECT FROM router o WHERE o.nas_address = r.address))
    ORDER BY created_at, id`;
}

export async function findStoredNas(tx: Tx, routerId: string): Promise<StoredNas | undefined> {
  const rows = await tx.$queryRaw<StoredNas[]>`
    SELECT id::text AS id, coalesce(nas_address, address) AS address, nas_identifier AS identifier,
           radius_secret AS "sealedSecret", message_authenticator::text AS "messageAuthenticator"
    FROM router
    WHERE id = ${routerId}::uuid AND coalesce(nas_address, address) IS NOT NULL`;
  return rows[0];
}

/** Throws SecretBoxError when the row's secret cannot be opened. */
export function unseal(row: StoredNas, secretBox: SecretBox): NasRow {
  const { sealedSecret, ...rest } = row;
  const secret = secretBox.open(sealedSecret, { table: 'router', row: row.id, column: 'radius_secret' });
  return { ...rest, secret: Buffer.from(secret, 'utf8') };
}
