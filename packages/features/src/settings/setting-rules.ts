import { isLoopback, type SettingGroup } from '@turnpike/contracts/settings.js';
import { AppError, messageOf, type FieldIssue } from '@turnpike/core/app-error.js';
import { addressCheck } from '../payments/address-check.js';

/** Values of a group, secrets in the clear. */
export type PlainGroup = Readonly<Record<string, unknown>>;

/** Where a group's secrets are sent to, and which of them. */
const destinations: Readonly<Partial<Record<SettingGroup, { to: readonly string[]; secrets: readonly string[] }>>> = {
  mpesa: { to: ['url'], secrets: ['consumerKey', 'consumerSecret', 'passkey'] },
  sms: { to: ['url'], secrets: ['apiKey'] },
  mail: { to: ['host', 'port', 'tls'], secrets: ['password'] },
};

const NEEDED_FOR_MPESA = {
  shortcode: 'is needed for M-Pesa: the number of your paybill',
  consumerKey: "is needed for M-Pesa: it is on your app's page at developer.safaricom.co.ke",
  consumerSecret: "is needed for M-Pesa: it is on your app's page at developer.safaricom.co.ke",
  passkey: 'is needed for M-Pesa: Safaricom sends it when the paybill goes live',
} as const;

/**
 * A stored secret must not be led to a server of somebody's choice by changing the address alone: who changes where it goes has
 * to know it. Gives what is to be said beside which field.
 */
export function secretsToEnterAgain(group: SettingGroup, before: PlainGroup, patch: PlainGroup): FieldIssue[] {
  const destination = destinations[group];
  const moves = destination?.to.some((name) => patch[name] !== undefined && patch[name] !== before[name]);
  // Nothing goes anywhere when it is switched off.
  const isOff = destination !== undefined && destination.to.some((name) => patch[name] === null);
  if (destination === undefined || !moves || isOff) return [];
  return destination.secrets
    .filter((name) => typeof before[name] === 'string' && patch[name] === undefined)
    .map((path) => ({ path, message: 'enter it again: the address that it is sent to is another one now' }));
}

/** What is missing or makes no sense in a group as it would be, field by field. */
export function faultsOf(group: SettingGroup, after: PlainGroup): FieldIssue[] {
  return [...missing(group, after), ...badAddresses(group, after)];
}

/** Throws `validation_failed` with what is to be mended; nothing for an empty list. */
export function refuse(issues: readonly FieldIssue[]): void {
  const [first] = issues;
  if (first === undefined) return;
  throw new AppError('validation_failed', issues.map(({ path, message }) => `${path} ${message}`).join('; '), {
    issues,
  });
}

function missing(group: SettingGroup, after: PlainGroup): FieldIssue[] {
  if (group !== 'mpesa' || after['url'] === null) return [];
  return Object.entries(NEEDED_FOR_MPESA)
    .filter(([path]) => after[path] === null)
    .map(([path, message]) => ({ path, message }));
}

function badAddresses(group: SettingGroup, after: PlainGroup): FieldIssue[] {
  const list = after['callbackAllow'];
  if (group !== 'mpesa' || !Array.isArray(list)) return [];
  try {
    addressCheck(list.map(String));
    return [];
  } catch (error) {
    return [{ path: 'callbackAllow', message: `must be addresses or networks: ${messageOf(error)}` }];
  }
}

/** Our own services on this machine are none of a provider's, whatever is entered. */
export function ownMachine({ url }: PlainGroup, allowLoopback: boolean): FieldIssue[] {
  if (allowLoopback || typeof url !== 'string' || !isLoopback(url)) return [];
  return [{ path: 'url', message: 'must not lead to this machine' }];
}
