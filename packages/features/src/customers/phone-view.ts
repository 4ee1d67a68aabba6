import type { Role } from '@turnpike/contracts/permissions.js';
import { maskMsisdn, parseMsisdn } from '@turnpike/core/msisdn.js';

const SEE_WHOLE: ReadonlySet<Role> = new Set(['owner', 'admin']);

/** Phone numbers as a role sees them: owners and admins whole, everybody else enough to recognise them. */
export function phoneFor(role: Role, msisdn: string): string {
  return SEE_WHOLE.has(role) ? msisdn : maskMsisdn(msisdn);
}

/** The same for e-mail addresses: others see `a••••@example.net`. */
export function emailFor(role: Role, email: string): string {
  return SEE_WHOLE.has(role) ? email : maskEmail(email);
}

/** `a••••@example.net` */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return `${email.slice(0, Math.min(1, at))}••••${email.slice(Math.max(0, at))}`;
}

/** A username may be a phone number: then it is one. */
export function usernameFor(role: Role, username: string): string {
  return parseMsisdn(username) === undefined ? username : phoneFor(role, username);
}
