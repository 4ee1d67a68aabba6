import { parseMsisdn } from '@turnpike/core/msisdn.js';
import type { Tx } from '@turnpike/db/database.js';
import { findCustomerRow, findUnerased, type CustomerRow } from './customer.store.js';

/** A customer as far as signing in goes; the password is sealed. */
export type SignInCustomer = Pick<CustomerRow, 'id' | 'username' | 'password' | 'status'>;

/** For other features: who signs in with this username, or else this phone number in any notation. */
export async function customerToSignIn(tx: Tx, name: string): Promise<SignInCustomer | undefined> {
  const byName = await findUnerased(tx, { username: name });
  if (byName !== undefined) return byName;
  const msisdn = parseMsisdn(name);
  return msisdn === undefined ? undefined : findUnerased(tx, { msisdn });
}

/** For other features: whether there is such a customer, not erased. */
export async function customerIsKnown(tx: Tx, id: string): Promise<boolean> {
  const row = await findCustomerRow(tx, id);
  return row !== null && row.erasedAt === null;
}
