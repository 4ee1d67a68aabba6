import type { purchaseStatuses } from '@turnpike/contracts/portal.js';
import { assertNever } from '@turnpike/core/assert-never.js';
import { customerSentence, type CustomerSentence } from './mpesa/result-codes.js';
import type { PaymentRow } from './payment.store.js';

type PurchaseStatus = (typeof purchaseStatuses)[number];

/** How a payment stands for who pays it. */
export function purchaseStatus({ state }: Pick<PaymentRow, 'state'>): PurchaseStatus {
  switch (state) {
    case 'created':
    case 'requested':
      return 'waiting';
    case 'succeeded':
      return 'paid';
    case 'failed':
      return 'failed';
    case 'timed_out':
    case 'review':
      return 'checking';
    default:
      return assertNever(state);
  }
}

/** What happened and what to do, for who pays. */
export function purchaseMessage(row: Pick<PaymentRow, 'state' | 'resultCode' | 'refundedAt'>): CustomerSentence {
  switch (row.state) {
    case 'created':
      return {
        en: 'We are asking M-Pesa to send the request to your phone. Keep the phone at hand.',
        sw: 'Tunaiomba M-Pesa itume ombi kwenye simu yako. Kaa karibu na simu.',
      };
    case 'requested':
      return {
        en: 'Look at your phone and enter your M-Pesa PIN. You are online as soon as it is paid.',
        sw: 'Angalia simu yako na uweke PIN ya M-Pesa. Utaunganishwa mara tu ukilipa.',
      };
    case 'succeeded':
      return row.refundedAt === null ? PAID : REFUNDED;
    case 'failed':
      return customerSentence(row.resultCode);
    case 'timed_out':
      return {
        en: 'M-Pesa has not answered yet. If you have paid you will be online without doing anything: do not pay again. If nothing came to your phone, try again.',
        sw: 'M-Pesa haijajibu bado. Ikiwa umelipa utaunganishwa bila kufanya chochote: usilipe tena. Ikiwa hakuna ombi lililofika kwenye simu, jaribu tena.',
      };
    case 'review':
      return {
        en: 'Something about this payment does not fit, and our staff is looking at it. Do not pay again; show them the M-Pesa SMS.',
        sw: 'Kuna jambo halilingani kwenye malipo haya na wahudumu wetu wanayaangalia. Usilipe tena; waonyeshe SMS ya M-Pesa.',
      };
    default:
      return assertNever(row.state);
  }
}

const PAID: CustomerSentence = {
  en: 'Payment received. You can go online now.',
  sw: 'Malipo yamepokelewa. Unaweza kutumia intaneti sasa.',
};

const REFUNDED: CustomerSentence = {
  en: 'This payment was refunded. Buy a package to go online.',
  sw: 'Malipo haya yamerudishwa. Nunua kifurushi ili kutumia intaneti.',
};
