import type { Language } from '@turnpike/contracts/languages.js';
import type { MacAddress } from '@turnpike/core/mac-address.js';
import type { Msisdn } from '@turnpike/core/msisdn.js';
import { AppError } from '@turnpike/core/app-error.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import { randomReadable } from '@turnpike/core/tokens.js';
import type { Tx } from '@turnpike/db/database.js';
import { addToOutbox } from '@turnpike/db/outbox.store.js';
import { v7 as uuidv7 } from 'uuid';
import { adoptMsisdn, findByMsisdn, insertPhoneCustomer, lockCustomer } from './customer.store.js';
import { endListedSessions } from './device-sessions.js';
import { holdCustomer } from './known-customer.js';
import { touchCustomer } from './touch-customer.js';
import { claimDevice, findDeviceOwner, insertDeviceIfNew, removeLongestUnseen } from './device.store.js';

/** A customer has at most so many devices unless configured otherwise. */
export const MOST_DEVICES = 10;

const PASSWORD_LENGTH = 10;
const TRIES = 3;
const MOVED = 'the device belongs to another customer now';
const PUSHED_OUT = 'another device took its place';

/**
 * The customer of a phone number, made with a password nobody knows yet when there is none; one even when many ask at once,
 * for the unique index decides. A customer whose username is the number and who has none yet is the one. `language`: of who is
 * made.
 */
export async function customerOfPhone(
  tx: Tx,
  secretBox: SecretBox,
  msisdn: Msisdn,
  language: Language = 'en',
): Promise<{ id: string; created: boolean }> {
  for (const username of [msisdn, `${msisdn}-${randomReadable(4)}`]) {
    const known = (await findByMsisdn(tx, msisdn)) ?? (await adoptMsisdn(tx, msisdn));
    if (known !== undefined) return { id: known, created: false };
    const id = uuidv7();
    const place = { table: 'customer', row: id, column: 'password' };
    const password = secretBox.seal(randomReadable(PASSWORD_LENGTH), place);
    // Waits for whoever inserts the same number just now; theirs is found below or in the next round.
    if (await insertPhoneCustomer(tx, { id, username, msisdn, password, language })) {
      await addToOutbox(tx, 'subject.refresh', { customerId: id });
      return { id, created: true };
    }
  }
  const winner = await findByMsisdn(tx, msisdn);
  if (winner !== undefined) return { id: winner, created: false };
  throw new AppError('conflict', 'no customer could be made for this phone number: try again');
}

/**
 * Puts a device on the customer's list. Phones change hands: one that is on another list is moved, and what it had open only
 * because of that list ends. One that an operator has blocked stays where it is, blocked. Beyond `most` the device that was
 * unseen longest goes. Locks the customer, then the one it came from; a circle of two such moves is broken by PostgreSQL and
 * tried again by `transact`.
 */
export async function rememberDevice(tx: Tx, customerId: string, mac: MacAddress, most = MOST_DEVICES): Promise<void> {
  await holdCustomer(tx, customerId);
  if (!(await takeDevice(tx, customerId, mac))) return;
  const gone = await removeLongestUnseen(tx, customerId, { keep: mac, most });
  await endListedSessions(tx, customerId, gone, { reason: PUSHED_OUT, actor: 'system' });
  await touchCustomer(tx, customerId);
}

/** False when nothing changes: it is on the list already, or blocked on another one. */
async function takeDevice(tx: Tx, customerId: string, mac: MacAddress): Promise<boolean> {
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const owner = await findDeviceOwner(tx, mac);
    if (owner === undefined) {
      if (await insertDeviceIfNew(tx, customerId, mac)) return true;
      continue;
    }
    if (owner.id === customerId || owner.blocked) return false;
    await lockCustomer(tx, owner.id);
    if (!(await claimDevice(tx, mac, { from: owner.id, to: customerId }))) continue;
    await endListedSessions(tx, owner.id, [mac], { reason: MOVED, actor: 'system' });
    await touchCustomer(tx, owner.id);
    return true;
  }
  throw new AppError('conflict', `the device ${mac} is being moved by others: try again`);
}
