import type { CustomerView, updateCustomer } from '@turnpike/contracts/customers.js';
import type { Language } from '@turnpike/contracts/languages.js';
import type { z } from 'zod';

/** As it stands in the form. */
export interface CustomerDraft {
  readonly username: string;
  readonly msisdn: string;
  readonly email: string;
  readonly password: string;
  readonly language: Language;
  readonly notices: boolean;
  readonly devicesOnly: boolean;
}

type Change = z.input<(typeof updateCustomer)['body']>;

/** Only what is different: a masked number or address that nobody touched must not be stored as it is shown. */
export function customerChange(before: CustomerView, draft: CustomerDraft): Change {
  const changed = <Value>(now: Value, then: Value) => now !== then;
  return {
    ...(changed(draft.username, before.username) ? { username: draft.username } : {}),
    ...(changed(draft.msisdn, before.msisdn ?? '') ? { msisdn: draft.msisdn === '' ? null : draft.msisdn } : {}),
    ...(changed(draft.email, before.email ?? '') ? { email: draft.email === '' ? null : draft.email } : {}),
    ...(draft.password === '' ? {} : { password: draft.password }),
    ...(changed(draft.language, before.language) ? { language: draft.language } : {}),
    ...(changed(draft.notices, before.notices) ? { notices: draft.notices } : {}),
    ...(changed(draft.devicesOnly, before.devicesOnly) ? { devicesOnly: draft.devicesOnly } : {}),
  };
}
