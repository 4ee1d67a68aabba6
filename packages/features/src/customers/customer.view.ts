import type { CustomerView } from '@turnpike/contracts/customers.js';
import { languageOf } from '@turnpike/contracts/languages.js';
import type { Role } from '@turnpike/contracts/permissions.js';
import type { CustomerRow } from './customer.store.js';
import { emailFor, phoneFor, usernameFor } from './phone-view.js';

/** Whoever may not see phone numbers whole sees enough of them to recognise them, not enough to call. */
export function customerView(row: CustomerRow, role: Role): CustomerView {
  return {
    id: row.id,
    username: usernameFor(role, row.username),
    msisdn: row.msisdn === null ? null : phoneFor(role, row.msisdn),
    email: row.email === null ? null : emailFor(role, row.email),
    language: languageOf(row.language),
    notices: row.notices,
    status: row.status,
    devicesOnly: row.devicesOnly,
    createdAt: row.createdAt.toISOString(),
    erasedAt: row.erasedAt?.toISOString() ?? null,
  };
}
