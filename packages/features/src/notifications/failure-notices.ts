import { languageOf } from '@turnpike/contracts/languages.js';
import type { Tx } from '@turnpike/db/database.js';
import { customerWithPhone } from '../customers/known-customer.js';
import { untoldFailures } from '../payments/untold-failures.js';
import { findAddressee, listToldSince, type NewNotification } from './notification.store.js';
import { newNotification } from './notify.js';

/** A phone is told of one failure in so long. */
const ONE_IN_MS = 600_000;

/** SMS for who went away from the page before the payment failed, unless the phone has just got one. */
export async function failureNotices(tx: Tx, now: Date, limit: number): Promise<NewNotification[]> {
  const failures = await untoldFailures(tx, now, limit);
  const phones = failures.map(({ msisdn }) => msisdn);
  const told = await listToldSince(tx, 'payment_failed', phones, new Date(now.getTime() - ONE_IN_MS));
  const rows: NewNotification[] = [];
  for (const { id, msisdn, language, why } of failures) {
    if (told.has(msisdn)) continue;
    const customerId = await customerWithPhone(tx, msisdn);
    const addressee = customerId === undefined ? null : await findAddressee(tx, customerId);
    const notice = {
      template: 'payment_failed',
      ...(customerId === undefined ? {} : { customerId }),
      recipient: msisdn,
      params: { en: why.en, sw: why.sw },
      dedupKey: `payment:${id}:failed`,
    } as const;
    const row = newNotification(notice, addressee);
    // What the payment was made in is what its payer reads; strangers to us have no other language.
    rows.push(language === null ? row : { ...row, language: languageOf(language) });
  }
  return rows;
}
