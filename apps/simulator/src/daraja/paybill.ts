import { z } from 'zod';
import type { SimTime } from '../router/sim-time.js';
import type { CallbackSender } from './callback-sender.js';
import { invalidField } from './daraja-error.js';
import { nairobiTimestamp } from './nairobi-time.js';
import type { PushBook } from './push-book.js';

/** Addresses with the provider's own names in them are not taken. */
const merchantUrl = z.url({ protocol: /^https?$/ }).refine((url) => !/m-?pesa|safaricom/i.test(url));

/** Body of `/mpesa/c2b/v2/registerurl`. */
const registration = z.object({
  ShortCode: z.coerce.string().regex(/^\d{5,7}$/),
  /** What happens to a payment when the merchant cannot be asked. */
  ResponseType: z.enum(['Completed', 'Cancelled']),
  ConfirmationURL: merchantUrl,
  ValidationURL: merchantUrl,
});
export type Registration = z.output<typeof registration>;

/** A customer pays to the paybill number from the M-Pesa menu. */
export const paybillPayment = z
  .object({
    msisdn: z.string().regex(/^254[17]\d{8}$/, 'must look like 254712345678'),
    /** Shillings. */
    amount: z.number().int().min(1).max(250_000),
    /** What the customer types as account number. */
    account: z.string().max(20),
    firstName: z.string().default('JANE'),
    /** Version 2 of the API shows the merchant only parts of the number. */
    masked: z.boolean().default(true),
    /** How often the confirmation is sent. */
    confirmations: z.number().int().min(0).max(100).default(1),
  })
  .strict();
export type PaybillPayment = z.output<typeof paybillPayment>;

export interface PaybillOutcome {
  /** False: the merchant refused it and no money moved. */
  readonly accepted: boolean;
  readonly receipt: string | null;
  readonly validation: number | string;
  readonly confirmations: readonly (number | string)[];
}

export interface Paybill {
  /** The latest registration counts, as in the sandbox. Errors: 400.002.02. */
  register(body: unknown, shortcode: string): object;
  registered(): Registration | undefined;
  pay(payment: PaybillPayment): Promise<PaybillOutcome>;
  reset(): void;
}

function parseRegistration(body: unknown): Registration {
  const parsed = registration.safeParse(body);
  if (parsed.success) return parsed.data;
  throw invalidField(String(parsed.error.issues[0]?.path[0] ?? 'Request Payload'));
}

const resultCode = z.object({ ResultCode: z.coerce.string() });

/** What the merchant said: 0 accepts, anything else refuses. Undefined when it said nothing that can be understood. */
function verdict(text: string): boolean | undefined {
  try {
    return resultCode.parse(JSON.parse(text)).ResultCode === '0';
  } catch {
    return undefined;
  }
}

function bodyOf(payment: PaybillPayment, shortcode: string, transId: string, at: Date, balance: string): object {
  const { msisdn } = payment;
  return {
    TransactionType: 'Pay Bill',
    TransID: transId,
    TransTime: nairobiTimestamp(at),
    TransAmount: payment.amount.toFixed(2),
    BusinessShortCode: shortcode,
    BillRefNumber: payment.account,
    InvoiceNumber: '',
    OrgAccountBalance: balance,
    ThirdPartyTransID: '',
    MSISDN: payment.masked ? `${msisdn.slice(0, 4)} ***** ${msisdn.slice(-3)}` : msisdn,
    FirstName: payment.firstName,
    MiddleName: '',
    LastName: '',
  };
}

export function createPaybill(deps: { book: PushBook; sender: CallbackSender; time: SimTime }): Paybill {
  const { book, sender, time } = deps;
  let urls: Registration | undefined;

  async function validate(payment: PaybillPayment, to: Registration, receipt: string) {
    const { outcome, text } = await sender.post(
      to.ValidationURL,
      bodyOf(payment, to.ShortCode, receipt, time.now(), ''),
    );
    const said = outcome === 200 ? verdict(text) : undefined;
    return { accepted: said ?? to.ResponseType === 'Completed', outcome };
  }

  function enter({ msisdn, amount, account }: PaybillPayment, receipt: string): void {
    book.enter({ receipt, checkoutRequestId: null, msisdn, amount, accountReference: account, at: time.now() });
  }

  return {
    register: (body, shortcode) => {
      const wanted = parseRegistration(body);
      if (wanted.ShortCode !== shortcode) throw invalidField('ShortCode');
      urls = wanted;
      return { OriginatorCoversationID: `c2b-${shortcode}-1`, ResponseCode: '0', ResponseDescription: 'success' };
    },
    registered: () => urls,
    pay: async (payment) => {
      const to = urls;
      const receipt = book.newReceipt();
      if (to === undefined) {
        enter(payment, receipt);
        return { accepted: true, receipt, validation: 'no URL is registered', confirmations: [] };
      }
      const { accepted, outcome: validation } = await validate(payment, to, receipt);
      if (!accepted) return { accepted, receipt: null, validation, confirmations: [] };
      enter(payment, receipt);
      const body = bodyOf(payment, to.ShortCode, receipt, time.now(), '49197.00');
      const confirmations: (number | string)[] = [];
      for (let copy = 0; copy < payment.confirmations; copy += 1) {
        confirmations.push((await sender.post(to.ConfirmationURL, body)).outcome);
      }
      return { accepted, receipt, validation, confirmations };
    },
    reset: () => {
      urls = undefined;
    },
  };
}
