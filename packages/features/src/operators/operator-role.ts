import type { Role } from '@turnpike/contracts/permissions.js';
import type { Tx } from '@turnpike/db/database.js';
import { findOperator } from './operator.store.js';

/** The role of an operator who can sign in; undefined when there is none of this id, or a disabled one. */
export async function roleOfOperator(tx: Tx, id: string): Promise<Role | undefined> {
  const row = await findOperator(tx, id);
  return row === null || row.disabledAt !== null ? undefined : row.role;
}
