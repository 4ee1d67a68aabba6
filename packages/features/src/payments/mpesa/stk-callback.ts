import { z } from 'zod';

/** The result of a push, as M-Pesa sends it to the address that the push named. */
export interface StkCallback {
  readonly checkoutRequestId: string;
  readonly resultCode: string;
  readonly resultDesc: string;
  /** As it was sent: a number or text. */
  readonly amount: unknown;
  /** Upper case. */
  readonly receipt: string | undefined;
  readonly phone: string | undefined;
}

const item = z.object({ Name: z.string(), Value: z.union([z.number(), z.string()]).optional() });
const schema = z.object({
  Body: z.object({
    stkCallback: z.object({
      CheckoutRequestID: z.string().min(1).max(128),
      ResultCode: z.union([z.number().int(), z.string().regex(/^\d{1,8}$/)]).transform(String),
      ResultDesc: z.string().default(''),
      CallbackMetadata: z.object({ Item: z.array(item).max(32) }).optional(),
    }),
  }),
});

/** Undefined for anything that is no such result. */
export function parseStkCallback(raw: string): StkCallback | undefined {
  const parsed = schema.safeParse(jsonOf(raw));
  if (!parsed.success) return undefined;
  const { CheckoutRequestID, ResultCode, ResultDesc, CallbackMetadata } = parsed.data.Body.stkCallback;
  const values = new Map((CallbackMetadata?.Item ?? []).map(({ Name, Value }) => [Name, Value]));
  const phone = values.get('PhoneNumber');
  return {
    checkoutRequestId: CheckoutRequestID,
    resultCode: ResultCode,
    resultDesc: ResultDesc.slice(0, 300),
    amount: values.get('Amount'),
    receipt: receiptOf(values.get('MpesaReceiptNumber')),
    phone: phone === undefined ? undefined : String(phone),
  };
}

/** M-Pesa's receipts are ten letters and digits; undefined for what cannot be one. */
export function receiptOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.trim().toUpperCase() : '';
  return /^[A-Z0-9]{4,32}$/.test(text) ? text : undefined;
}

export function jsonOf(raw: string): unknown {
  try {
    const value: unknown = JSON.parse(raw);
    return value;
  } catch {
    return undefined;
  }
}
