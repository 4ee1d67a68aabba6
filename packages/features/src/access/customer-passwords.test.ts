import { jest } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { SecretBox, SecretBoxError } from '@turnpike/core/secret-box.js';
import { createCustomerPasswords } from './customer-passwords.js';
import { createTextMemory } from './text-memory.js';

const box = new SecretBox([randomBytes(32).toString('hex')]);
const sealFor = (customerId: string, plain: string) =>
  box.seal(plain, { table: 'customer', row: customerId, column: 'password' });

describe('passwords of customers', () => {
  test('an opened password is opened once, and a changed one anew', () => {
    const passwords = createCustomerPasswords(box, createTextMemory(10));
    const open = jest.spyOn(box, 'open');
    const password = sealFor('a', 'pässword');
    expect(passwords.open({ customerId: 'a', password }).toString()).toBe('pässword');
    expect(passwords.open({ customerId: 'a', password }).toString()).toBe('pässword');
    expect(open).toHaveBeenCalledTimes(1);
    expect(passwords.open({ customerId: 'a', password: sealFor('a', 'new') }).toString()).toBe('new');
    expect(open).toHaveBeenCalledTimes(2);
    open.mockRestore();
  });

  test('a sealed password moved to another customer is refused, also after it was opened for its own', () => {
    const passwords = createCustomerPasswords(box, createTextMemory(10));
    const password = sealFor('a', 'secret');
    passwords.open({ customerId: 'a', password });
    expect(() => passwords.open({ customerId: 'b', password })).toThrow(SecretBoxError);
  });
});
