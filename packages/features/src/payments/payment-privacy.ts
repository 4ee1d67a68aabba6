import type { PaymentView } from '@turnpike/contracts/payments.js';
import type { Role } from '@turnpike/contracts/permissions.js';
import { phoneFor } from '../customers/phone-view.js';

/** Kenyan numbers inside what providers and we wrote of a payment. */
const NUMBERS = /(?<!\d)(?:\+?254|0)[17]\d{8}(?!\d)/g;

type Told = PaymentView & { readonly messages?: readonly { readonly body: string }[] };

/** A payment as a role sees it: phone numbers may be masked, also in texts. */
export function paymentFor<View extends Told>(role: Role, view: View): View {
  const inText = (text: string): string => text.replaceAll(NUMBERS, (number) => phoneFor(role, number));
  return {
    ...view,
    msisdn: view.msisdn === null ? null : phoneFor(role, view.msisdn),
    paidMsisdn: view.paidMsisdn === null ? null : phoneFor(role, view.paidMsisdn),
    detail: view.detail === null ? null : inText(view.detail),
    ...(view.messages === undefined
      ? {}
      : { messages: view.messages.map((message) => ({ ...message, body: inText(message.body) })) }),
  };
}

export function paymentsFor<List extends { readonly items: readonly PaymentView[] }>(
  role: Role,
  list: List,
): Omit<List, 'items'> & { items: PaymentView[] } {
  return { ...list, items: list.items.map((item) => paymentFor(role, item)) };
}
