import { AppError } from '@turnpike/core/app-error.js';
import type { Tx } from '@turnpike/db/database.js';
import { lockCustomer } from './customer.store.js';

/** For other features: nobody changes or deletes the customer until the transaction ends. Throws `not_found`. */
export async function holdCustomer(tx: Tx, id: string): Promise<void> {
  if (!(await lockCustomer(tx, id))) throw new AppError('not_found', `there is no customer ${id}`);
}
