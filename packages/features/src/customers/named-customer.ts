import type { Tx } from '@turnpike/db/database.js';
import { findByUsername } from './customer.store.js';

/** The customer with this username as people type it on a phone, in whatever case; undefined when it is not clear who. */
export async function customerNamed(tx: Tx, username: string): Promise<string | undefined> {
  if (username === '') return undefined;
  const exact = await findByUsername(tx, [username]);
  return exact ?? findByUsername(tx, [...new Set([username.toLowerCase(), username.toUpperCase()])]);
}
