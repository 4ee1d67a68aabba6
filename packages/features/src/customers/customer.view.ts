import type { CustomerView } from '@turnpike/contracts/customers.js';
import type { Role } from '@turnpike/contracts/permissions.js';
import { maskMsisdn, parseMsisdn } from '@turnpike/core/msisdn.js';
import type { CustomerRow } from './customer.store.js';

/** Viewers see enough of a phone number to recognise it, not enough to call it. */
export function customerView(row: CustomerRow, role: Role): CustomerView {
  const hide = (text: string): string => (role === 'viewer' ? maskMsisdn(text) : text);
  return {
    id: row.id,
    username: parseMsisdn(row.username) === undefined ? row.username : hide(row.username),
    msisdn: row.msisdn === null ? null : hide(row.msisdn),
    status: row.status,
    devicesOnly: row.devicesOnly,
    createdAt: row.createdAt.toISOString(),
  };
}
