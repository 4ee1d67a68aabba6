import { AppError } from '@turnpike/core/app-error.js';
import type { Tx } from '@turnpike/db/database.js';
import { findByMsisdn, findCustomerRow, lockCustomer, type CustomerRow } from './customer.store.js';

/** Throws `not_found`. */
export async function existingCustomer(tx: Tx, id: string): Promise<CustomerRow> {
  const row = await findCustomerRow(tx, id);
  if (row === null) throw unknownCustomer(id);
  return row;
}

/** For other features: the id of who has this number. */
export async function customerWithPhone(tx: Tx, msisdn: string): Promise<string | undefined> {
  return findByMsisdn(tx, msisdn);
}

/** Nobody changes or deletes the customer until the transaction ends. Throws `not_found`. */
export async function holdCustomer(tx: Tx, id: string): Promise<void> {
  if (!(await lockCustomer(tx, id))) throw unknownCustomer(id);
}

export function unknownCustomer(id: string): AppError {
  return new AppError('not_found', `there is no customer ${id}`);
}
