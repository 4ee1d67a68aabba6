import type { SecretBox } from '@turnpike/core/secret-box.js';
import { randomReadable } from '@turnpike/core/tokens.js';
import type { Tx } from '@turnpike/db/database.js';
import { addToOutbox } from '@turnpike/db/outbox.store.js';
import { v7 as uuidv7 } from 'uuid';
import { findCustomerRow, findCustomersByIds, insertCustomerRow, renameCustomerRow } from './customer.store.js';
import { findDeviceWithOwner } from './device.store.js';

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

/** Who has the time of a voucher. */
export interface VoucherHolder {
  readonly id: string;
  readonly username: string;
  readonly msisdn: string | null;
}

export async function voucherHolder(tx: Tx, id: string): Promise<VoucherHolder | undefined> {
  return (await findCustomerRow(tx, id)) ?? undefined;
}

/** By id; who is gone is not in it. */
export async function voucherHolders(tx: Tx, ids: readonly string[]): Promise<Map<string, VoucherHolder>> {
  const rows = ids.length === 0 ? [] : await findCustomersByIds(tx, ids);
  return new Map(rows.map((row) => [row.id, row]));
}

/** The customer on whose list the device is, when both may use what they are given. */
export async function accountOfDevice(tx: Tx, mac: string): Promise<string | undefined> {
  const device = await findDeviceWithOwner(tx, mac);
  if (device === undefined || device.blocked || device.customer.status !== 'active') return undefined;
  return device.customer.id;
}

/** The same code has another username under another key. */
export async function renameVoucherCustomer(tx: Tx, id: string, from: string, to: string): Promise<void> {
  if (await renameCustomerRow(tx, id, from, to)) await addToOutbox(tx, 'subject.refresh', { customerId: id });
}
