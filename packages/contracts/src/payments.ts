import { z } from 'zod';
import { id, idParams, instant, isStorable, NOT_STORABLE, page, pageQueryShape, searchText } from './common.js';
import { endpoint } from './endpoint.js';

const tag = 'payments';

export const paymentStates = ['created', 'requested', 'succeeded', 'failed', 'timed_out', 'review'] as const;
export const paymentProviders = ['mpesa', 'paybill', 'cash', 'wallet'] as const;
export type PaymentProviderName = (typeof paymentProviders)[number];

export const MAX_CALLBACK_BYTES = 16_384;
export const MAX_STATEMENT_BYTES = 4 * 1_048_576;

const minor = z.number().int();
const note = z.string().trim().max(500).refine(isStorable, NOT_STORABLE);
const phone = z.string().min(1).max(32);
/** What M-Pesa prints on a receipt, `SGR7A1B2C3`; compared in upper case. */
const receipt = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9]{4,32}$/, 'must be a receipt such as SGR7A1B2C3: letters and digits only')
  .transform((text) => text.toUpperCase());

export const payment = z.object({
  id,
  reference: z.string(),
  provider: z.enum(paymentProviders),
  state: z.enum(paymentStates),
  purpose: z.enum(['package', 'top_up']),
  customerId: id.nullable(),
  packageId: id.nullable(),
  packageName: z.string().nullable(),
  amountMinor: minor,
  currency: z.string(),
  msisdn: z.string().nullable(),
  mac: z.string().nullable(),
  receipt: z.string().nullable(),
  /** What was paid, and by which phone, as the provider says. */
  paidMinor: minor.nullable(),
  paidMsisdn: z.string().nullable(),
  /** The provider's own code, and what it means. */
  resultCode: z.string().nullable(),
  detail: z.string().nullable(),
  entitlementId: id.nullable(),
  createdBy: z.string(),
  createdAt: instant,
  requestedAt: instant.nullable(),
  settledAt: instant.nullable(),
  refundedAt: instant.nullable(),
});
export type PaymentView = z.infer<typeof payment>;

export const paymentMessage = z.object({
  id,
  kind: z.string(),
  /** Raw, as it arrived. */
  body: z.string(),
  sourceAddress: z.string().nullable(),
  state: z.enum(['waiting', 'handled', 'ignored']),
  outcome: z.string().nullable(),
  createdAt: instant,
});

export const paymentWithMessages = payment.extend({ messages: z.array(paymentMessage) });
export type PaymentWithMessages = z.infer<typeof paymentWithMessages>;

export const listPayments = endpoint({
  method: 'get',
  path: '/payments',
  tag,
  summary: 'Payments, newest first; q is a receipt, a reference or a phone number in any notation',
  allow: 'payments:read',
  query: z.strictObject({
    ...pageQueryShape,
    state: z.enum(paymentStates).optional(),
    provider: z.enum(paymentProviders).optional(),
    q: searchText(64).optional(),
    /** Made at this instant or later, and before that one. */
    from: instant.optional(),
    to: instant.optional(),
  }),
  response: page(payment),
});

export const getPayment = endpoint({
  method: 'get',
  path: '/payments/{id}',
  tag,
  summary: 'One payment with everything its provider said of it',
  allow: 'payments:read',
  params: idParams,
  response: paymentWithMessages,
});

const counts = {
  attempts: z.number().int(),
  succeeded: z.number().int(),
  failed: z.number().int(),
  review: z.number().int(),
  /** Paid and not refunded, minor units. */
  revenueMinor: minor,
  refundedMinor: minor,
};

export const paymentSummary = z.object({
  from: instant,
  to: instant,
  /** One per currency. */
  totals: z.array(
    z.object({
      currency: z.string(),
      ...counts,
      /** Part of the attempts that have ended which succeeded, 0 to 1; null: none has ended. */
      successRate: z.number().nullable(),
    }),
  ),
  days: z.array(z.object({ day: z.iso.date(), currency: z.string(), ...counts })),
  providers: z.array(z.object({ provider: z.enum(paymentProviders), currency: z.string(), ...counts })),
});
export type PaymentSummary = z.infer<typeof paymentSummary>;

export const getPaymentSummary = endpoint({
  method: 'get',
  path: '/payments/summary',
  tag,
  summary: 'Attempts, successes and revenue by day (of timeZone) and by provider; without dates the last 30 days',
  allow: 'payments:read',
  query: z.strictObject({
    from: instant.optional(),
    to: instant.optional(),
    timeZone: z.string().max(64).default('Africa/Nairobi'),
  }),
  response: paymentSummary,
});

export const listPaymentReview = endpoint({
  method: 'get',
  path: '/payments/review',
  tag,
  summary: 'Payments that a person has to look at, oldest first',
  allow: 'payments:read',
  query: z.strictObject(pageQueryShape),
  response: page(payment),
});

export const resolvePayment = endpoint({
  method: 'post',
  path: '/payments/{id}/resolve',
  tag,
  summary: 'Decide a payment by hand: paid gives what was bought, failed closes it; a success is never taken back',
  allow: 'payments:write',
  stepUp: true,
  params: idParams,
  body: z.strictObject({
    as: z.enum(['paid', 'failed']),
    /** Of the provider, when it is known. */
    receipt: receipt.optional(),
    /** Paid by whom, when the payment itself does not say. */
    customerId: id.optional(),
    /** What the money is for, when the payment itself does not say; left out then: for the wallet. */
    packageId: id.optional(),
    note: note.min(1, 'say why: it stays with the payment'),
  }),
  response: payment,
});

export const enterPayment = endpoint({
  method: 'post',
  path: '/payments/manual',
  tag,
  summary:
    'Enter a receipt that reached us outside of the system; with a package it is sold, else the wallet is topped up',
  allow: 'payments:write',
  stepUp: true,
  body: z.strictObject({
    msisdn: phone,
    receipt,
    amountMinor: minor.min(1).max(Number.MAX_SAFE_INTEGER),
    packageId: id.optional(),
    note: note.optional(),
  }),
  status: 201,
  response: payment,
});

export const sellForCash = endpoint({
  method: 'post',
  path: '/payments/cash',
  tag,
  summary: 'Sell a package for cash: it begins at once',
  allow: 'payments:write',
  body: z.strictObject({ customerId: id, packageId: id }),
  status: 201,
  response: payment,
});

export const sellFromWallet = endpoint({
  method: 'post',
  path: '/payments/wallet',
  tag,
  summary: "Sell a package for money in the customer's wallet; 409 when it is not enough",
  allow: 'payments:write',
  body: z.strictObject({ customerId: id, packageId: id }),
  status: 201,
  response: payment,
});

export const refundPayment = endpoint({
  method: 'post',
  path: '/payments/{id}/refund',
  tag,
  summary: 'Take access back and give the money to the wallet, or note that it was paid out where it came from',
  allow: 'payments:write',
  stepUp: true,
  params: idParams,
  body: z.strictObject({
    /** `provider`: you pay it back yourself (M-Pesa portal, till); the books follow. */
    to: z.enum(['wallet', 'provider']).default('wallet'),
    note: note.optional(),
  }),
  response: payment,
});

export const importStatement = endpoint({
  method: 'post',
  path: '/payments/statements',
  tag,
  summary:
    'Compare a statement of the M-Pesa organisation portal with our payments; money we know nothing of goes to review',
  allow: 'payments:write',
  body: z.strictObject({
    provider: z.literal('mpesa'),
    csv: z.string().min(1).max(MAX_STATEMENT_BYTES),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .default('KES'),
  }),
  bodyLimitBytes: MAX_STATEMENT_BYTES + 65_536,
  response: z.object({
    /** Lines that are money for us. */
    lines: z.number().int(),
    matched: z.number().int(),
    missing: z.number().int(),
    amount: z.number().int(),
    /** Lines without money for us, or not completed. */
    skipped: z.number().int(),
    /** Lines that were imported before. */
    known: z.number().int(),
    problems: z.array(
      z.object({
        line: z.number().int(),
        receipt: z.string(),
        verdict: z.enum(['missing', 'amount', 'unreadable']),
        detail: z.string(),
        paymentId: id.nullable(),
      }),
    ),
  }),
});
export type StatementImport = z.infer<(typeof importStatement)['response']>;

export const listCustomerPayments = endpoint({
  method: 'get',
  path: '/customers/{id}/payments',
  tag,
  summary: 'Payments of a customer, newest first',
  allow: 'payments:read',
  params: idParams,
  query: z.strictObject(pageQueryShape),
  response: page(payment),
});

/** 256 bits, base64url. */
const token = z.string().max(256);
const accepted = z.object({ ResultCode: z.union([z.number().int(), z.string()]), ResultDesc: z.string() });

/** What a provider sends is kept as it is, whatever it is, and answered at once; what it means is found out later. */
const said = {
  method: 'post',
  tag,
  allow: 'public',
  params: z.strictObject({ token }),
  rawBody: true,
  bodyLimitBytes: MAX_CALLBACK_BYTES,
  body: z.object({ raw: z.string() }),
  response: accepted,
} as const;

export const mpesaCallback = endpoint({
  ...said,
  path: '/payments/mpesa/callback/{token}',
  summary: 'Result of an STK push; the token is of one payment',
});

export const mpesaConfirmation = endpoint({
  ...said,
  path: '/payments/mpesa/confirmation/{token}',
  summary: 'A payment to the paybill (C2B confirmation)',
});

export const mpesaValidation = endpoint({
  ...said,
  path: '/payments/mpesa/validation/{token}',
  summary: 'Asked before a payment to the paybill is taken (C2B validation)',
});

/** Safaricom registers no address with its own names in it: these are the same two without them. */
export const paybillConfirmation = endpoint({
  ...said,
  path: '/payments/paybill/confirmation/{token}',
  summary: 'A payment to the paybill (C2B confirmation), at an address that can be registered',
});

export const paybillValidation = endpoint({
  ...said,
  path: '/payments/paybill/validation/{token}',
  summary: 'Asked before a payment to the paybill is taken (C2B validation), at an address that can be registered',
});
