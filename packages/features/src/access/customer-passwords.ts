import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { SubjectSnapshot } from './subject-snapshot.js';
import type { TextMemory } from './text-memory.js';

/** Service passwords in the clear; opening a sealed one costs as much as half of all else that a login takes. */
export interface CustomerPasswords {
  /** Throws SecretBoxError for what was not sealed for this customer. */
  open(customer: Pick<SubjectSnapshot, 'customerId' | 'password'>): Buffer;
}

/** `memory`: for passwords opened before. They lie beside the key that opens them, in this process only. */
export function createCustomerPasswords(secretBox: SecretBox, memory: TextMemory): CustomerPasswords {
  return {
    open({ customerId, password }) {
      // With the customer, as a sealed text that was moved to somebody else must be refused.
      const key = customerId + password;
      let opened = memory.get(key);
      if (opened === undefined) {
        opened = secretBox.open(password, { table: 'customer', row: customerId, column: 'password' });
        memory.put(key, opened);
      }
      return Buffer.from(opened, 'utf8');
    },
  };
}
