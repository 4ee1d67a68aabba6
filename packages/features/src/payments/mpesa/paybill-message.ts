import { z } from 'zod';
import { fromNairobiTimestamp } from './stk-password.js';
import { jsonOf, receiptOf } from './stk-callback.js';

/** A payment to the paybill (C2B v2), as it is announced. */
export interface PaybillMessage {
  readonly receipt: string;
  readonly shortcode: string;
  /** What the payer typed as account. */
  readonly account: string;
  readonly amount: unknown;
  /** In full, with stars, or hashed. */
  readonly phone: string;
  readonly at: Date | undefined;
}

const texted = z.union([z.string(), z.number()]).transform(String);
const schema = z.object({
  TransID: z.string(),
  TransAmount: z.union([z.string(), z.number()]),
  BusinessShortCode: texted,
  BillRefNumber: texted.default(''),
  MSISDN: texted.default(''),
  TransTime: texted.default(''),
});

/** Undefined for anything that is no announcement of a payment. */
export function parsePaybillMessage(raw: string): PaybillMessage | undefined {
  const parsed = schema.safeParse(jsonOf(raw));
  if (!parsed.success) return undefined;
  const { TransID, TransAmount, BusinessShortCode, BillRefNumber, MSISDN, TransTime } = parsed.data;
  const receipt = receiptOf(TransID);
  if (receipt === undefined) return undefined;
  return {
    receipt,
    shortcode: BusinessShortCode.trim(),
    account: BillRefNumber.trim().slice(0, 64),
    amount: TransAmount,
    phone: MSISDN,
    at: fromNairobiTimestamp(TransTime),
  };
}
