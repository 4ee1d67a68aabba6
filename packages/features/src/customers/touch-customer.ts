import type { Tx } from '@turnpike/db/database.js';
import { addToOutbox } from '@turnpike/db/outbox.store.js';
import { moveRevision } from './customer.store.js';
import { unknownCustomer } from './known-customer.js';

/** Locks the customer, moves the revision and has the RADIUS snapshot rewritten. Throws `not_found`. */
export async function touchCustomer(tx: Tx, id: string): Promise<void> {
  if (!(await moveRevision(tx, id))) throw unknownCustomer(id);
  await addToOutbox(tx, 'subject.refresh', { customerId: id });
}
