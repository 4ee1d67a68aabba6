import type { RejectReason } from '@turnpike/core/reject-reasons.js';
import { durationWords } from '../packages/term-words.js';
import type { AccessOutcome } from './decision-note.js';
import type { SnapshotEntitlement } from './subject-snapshot.js';

/** A decision in words, for people who help customers. */
export const DECISION_WORDS: Readonly<Record<AccessOutcome, string>> = {
  accept: 'was let in',
  unknown_user: 'was refused: nobody has this username',
  unsupported_method: 'was refused: the router used a way of logging in other than PAP, CHAP or MS-CHAPv2',
  eap_unsupported: 'was refused: the device wanted EAP (WPA-Enterprise), which is not supported',
  wrong_password: 'was refused: the password was wrong',
  suspended: 'was refused: the customer or the package was suspended',
  device_blocked: 'was refused: this device is blocked',
  device_not_allowed: 'was refused: this device is not on the customer’s list',
  no_entitlement: 'was refused: there was no package that could be used',
  mac_login_off: 'was refused: the package does not log devices in by their address alone',
  wrong_service: 'was refused: the package is for another kind of connection (hotspot or PPPoE)',
  wrong_site: 'was refused: the package is not valid at this router or site',
  outside_schedule: 'was refused: it was outside the hours of the package',
  exhausted: 'was refused: the package was used up',
  expired: 'was refused: the package had expired',
  not_started: 'was refused: the package had not started yet',
  too_many_devices: 'was refused: the package was in use on as many devices as it allows',
  voucher_revoked: 'was refused: the voucher was revoked',
  voucher_expired: 'was refused: the voucher had expired before it was used',
  voucher_used: 'was refused: the time of the voucher was given to a customer, and this device is not on their list',
  too_many_guesses: 'was refused: this device tried too many voucher codes that do not exist',
};

/** What to do about it. */
export const REMEDIES: Readonly<Record<RejectReason, string>> = {
  unknown_user: 'Ask for the exact spelling: capital letters and spaces count.',
  unsupported_method: 'Allow PAP, CHAP or MS-CHAPv2 on the router: deploy its services again.',
  eap_unsupported: 'Have the device join the hotspot’s open network, or use PPPoE, in place of WPA-Enterprise.',
  wrong_password: 'Have the customer type the password again, or set a new one for the customer.',
  suspended: 'Resume the customer, or the package, once the matter is settled.',
  device_blocked: 'Unblock the device in the customer’s list, or have the customer use another one.',
  device_not_allowed: 'Add the device to the customer’s list, or allow devices that are not on it.',
  no_entitlement: 'Sell or grant a package.',
  mac_login_off: 'Have the customer log in with username and password, or sell a package with login by address.',
  wrong_service: 'Sell a package of the other kind, or have the customer connect the way the package is for.',
  wrong_site: 'Have the customer go where the package is valid, or sell one that is valid there.',
  outside_schedule: 'Have the customer try again in the hours of the package, or sell one without hours.',
  exhausted: 'Sell or grant a new package.',
  expired: 'Sell or grant a new package.',
  not_started: 'Have the customer wait until the package starts.',
  too_many_devices: 'End one of the open sessions, wait until a place is free, or sell a package for more devices.',
  voucher_revoked: 'Check with whoever sold the voucher, and give another one.',
  voucher_expired: 'Sell a new voucher.',
  voucher_used: 'Have the customer log in with username and password, or add the device to the customer’s list.',
  too_many_guesses:
    'Compare the code with the card; the device may try again a quarter of an hour after its first wrong code.',
};

/** An instant as people read it: to the minute, UTC. */
export function timeWords(at: Date | number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** What is left of a package, or how it ended. */
export function packageWords(name: string, entitlement: SnapshotEntitlement): string {
  const { schedule, timeZone, sites } = entitlement;
  const hours = schedule === null ? '' : `, only ${scheduleWords(schedule)} (${timeZone})`;
  const places = sites.length === 0 ? '' : `, only at ${sites.join(', ')}`;
  return `“${name}” (${timesWords(entitlement)}${usageWords(entitlement)}${hours}${places})`;
}

function timesWords({ startsAt, endsAt, validForSeconds }: SnapshotEntitlement): string {
  return validForSeconds === null
    ? `${timeWords(startsAt)} to ${timeWords(endsAt)}`
    : `${durationWords(validForSeconds)} from its first login, which may come from ${timeWords(startsAt)} on`;
}

const DAYS = ['', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** `Mon Tue 08:00-18:00, Sun 10:00-12:00` */
export function scheduleWords(schedule: NonNullable<SnapshotEntitlement['schedule']>): string {
  if (schedule.length === 0) return 'never';
  return schedule
    .map(({ days, from, to }) => `${days.map((day) => DAYS[day] ?? '').join(' ')} ${from}-${to}`)
    .join(', ');
}

function usageWords({ quotaOctets, usedOctets, onlineSeconds, usedSeconds }: SnapshotEntitlement): string {
  const data = quotaOctets === null ? '' : `, ${megabytes(usedOctets)} of ${megabytes(quotaOctets)} MB used`;
  const time =
    onlineSeconds === null ? '' : `, ${minutes(usedSeconds)} of ${minutes(onlineSeconds)} minutes online used`;
  return data + time;
}

function megabytes(octets: string): string {
  return (BigInt(octets) / 1_000_000n).toString();
}

function minutes(seconds: number): number {
  return Math.floor(seconds / 60);
}
