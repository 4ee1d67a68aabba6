import type { PaymentView } from '@turnpike/contracts/payments.js';
import { moneyText } from '@turnpike/core/money.js';

export type Misfit =
  | { readonly kind: 'misfitAmount'; readonly paid: string; readonly asked: string }
  | { readonly kind: 'misfitPhone'; readonly paid: string; readonly asked: string }
  | { readonly kind: 'misfitReceipt' }
  | { readonly kind: 'misfitNobody' };

/** What the fields of a payment show of why a person has to decide it; its `detail` says the rest. */
export function misfitsOf(payment: PaymentView): Misfit[] {
  const { amountMinor, paidMinor, currency, msisdn, paidMsisdn, receipt, customerId } = payment;
  const found: Misfit[] = [];
  if (paidMinor !== null && paidMinor !== amountMinor) {
    found.push({
      kind: 'misfitAmount',
      paid: moneyText(paidMinor, currency),
      asked: moneyText(amountMinor, currency),
    });
  }
  // Masked numbers are alike when their shown digits are: then nothing can be said of them here.
  if (msisdn !== null && paidMsisdn !== null && msisdn !== paidMsisdn) {
    found.push({ kind: 'misfitPhone', paid: paidMsisdn, asked: msisdn });
  }
  if (receipt === null) found.push({ kind: 'misfitReceipt' });
  if (customerId === null && msisdn === null) found.push({ kind: 'misfitNobody' });
  return found;
}

/** What the server says without a capital and a stop, as a sentence. */
export function sentenceOf(text: string): string {
  const first = text.slice(0, 1).toUpperCase();
  return `${first}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}
