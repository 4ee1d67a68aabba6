import type { SecretBox } from '@turnpike/core/secret-box.js';
import { randomReadable } from '@turnpike/core/tokens.js';
import type { Tx } from '@turnpike/db/database.js';
import { addToOutbox } from '@turnpike/db/outbox.store.js';
import { v7 as uuidv7 } from 'uuid';
import { insertCustomerRow, renameCustomerRow } from './customer.store.js';

const PASSWORD_LENGTH = 32;

/** For vouchers: a customer who logs in with a code, and whose password nobody knows. Gives the id. */
export async function insertVoucherCustomer(tx: Tx, secretBox: SecretBox, username: string): Promise<string> {
  const id = uuidv7();
  const place = { table: 'customer', row: id, column: 'password' };
  const password = secretBox.seal(randomReadable(PASSWORD_LENGTH), place);
  await insertCustomerRow(tx, { id, username, msisdn: null, password });
  await addToOutbox(tx, 'subject.refresh', { customerId: id });
  return id;
}

/** The same code has another username under another key. */
export async function renameVoucherCustomer(tx: Tx, id: string, from: string, to: string): Promise<void> {
  if (await renameCustomerRow(tx, id, from, to)) await addToOutbox(tx, 'subject.refresh', { customerId: id });
}
