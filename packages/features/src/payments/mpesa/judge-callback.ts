import { moneyText } from '@turnpike/core/money.js';
import { parseAmount } from '../payment-amount.js';
import type { PaymentRow } from '../payment.store.js';
import { phoneFits, plainPhone } from './phone-fits.js';
import { isUndecided } from './result-codes.js';
import type { StkCallback } from './stk-callback.js';

export interface CallbackMoney {
  readonly receipt: string;
  readonly paidMinor: bigint;
  readonly paidMsisdn: string | undefined;
}

/** What a callback means for the payment whose token it came with. `why` is for operators. */
export type CallbackVerdict =
  | { readonly kind: 'settle'; readonly money: CallbackMoney }
  | { readonly kind: 'fail'; readonly code: string; readonly detail: string }
  /** It says nothing that is not known, or nothing to go by. */
  | { readonly kind: 'ignore'; readonly why: string }
  /** It was paid before by another sign; now the receipt is known as well. */
  | { readonly kind: 'add_receipt'; readonly money: CallbackMoney }
  /** Money that does not fit: a person decides. */
  | { readonly kind: 'review'; readonly why: string; readonly money: Partial<CallbackMoney> }
  /** Money beside the one that was asked for: it becomes a payment of its own, for a person. */
  | { readonly kind: 'second_payment'; readonly why: string; readonly money: CallbackMoney }
  /** The push has no known CheckoutRequestID to compare with: its answer is under way, or was lost. */
  | { readonly kind: 'unmatched' };

/** Decides by what was asked for alone: the same callback means the same however often and in whatever order it comes. */
export function judgeCallback(payment: PaymentRow, said: StkCallback): CallbackVerdict {
  if (payment.providerRequestId === null && payment.state !== 'succeeded') return { kind: 'unmatched' };
  if (payment.providerRequestId !== null && payment.providerRequestId !== said.checkoutRequestId) {
    return { kind: 'ignore', why: 'its CheckoutRequestID is not the one that M-Pesa gave for this payment' };
  }
  if (isUndecided(said.resultCode)) return { kind: 'ignore', why: 'M-Pesa says that nothing is decided yet' };
  return said.resultCode === '0' ? judgeMoney(payment, said) : judgeFailure(payment, said);
}

function judgeFailure({ state, resultCode }: PaymentRow, said: StkCallback): CallbackVerdict {
  if (state === 'succeeded')
    return { kind: 'ignore', why: 'it was paid: a failure that comes after that changes nothing' };
  if (state === 'review') return { kind: 'ignore', why: 'a person looks at this payment: a failure changes nothing' };
  if (state === 'failed' && resultCode !== null) return { kind: 'ignore', why: 'it is known to have failed' };
  return { kind: 'fail', code: said.resultCode, detail: said.resultDesc };
}

function judgeMoney(payment: PaymentRow, said: StkCallback): CallbackVerdict {
  const { receipt, phone } = said;
  const paidMinor = parseAmount(said.amount, payment.currency);
  const paidMsisdn = phone === undefined ? undefined : plainPhone(phone);
  const known = { ...(paidMinor === undefined ? {} : { paidMinor }), ...(receipt === undefined ? {} : { receipt }) };
  const review = (why: string): CallbackVerdict =>
    payment.state === 'succeeded' ? { kind: 'ignore', why } : { kind: 'review', why, money: { ...known, paidMsisdn } };
  if (receipt === undefined) return review('M-Pesa says that it was paid and names no receipt');
  if (paidMinor === undefined) return review('M-Pesa says that it was paid and names no amount that can be read');
  const money = { receipt, paidMinor, paidMsisdn };
  if (payment.state === 'succeeded') return judgeRepeat(payment, money);
  if (paidMinor !== payment.amountMinor) {
    const [paid, asked] = [paidMinor, payment.amountMinor].map((minor) => moneyText(minor, payment.currency));
    return review(`${paid} was paid instead of the ${asked} that was asked for`);
  }
  if (phone !== undefined && !phoneFits(phone, payment.msisdn ?? '')) {
    return review('another phone paid than the one that was asked');
  }
  return { kind: 'settle', money };
}

function judgeRepeat(payment: PaymentRow, money: CallbackMoney): CallbackVerdict {
  if (payment.receipt === money.receipt) return { kind: 'ignore', why: 'known already' };
  const fits = money.paidMinor === payment.amountMinor;
  if (payment.receipt === null && fits) return { kind: 'add_receipt', money };
  return { kind: 'second_payment', why: 'another receipt for a payment that was paid already', money };
}
