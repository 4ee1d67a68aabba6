import { moneyText } from '@turnpike/core/money.js';
import type { CallbackTokens } from '../callback-token.js';
import { offerName } from '../payment-offer.js';
import type { PaymentRow } from '../payment.store.js';
import type { PaymentProvider, QueryOutcome, RequestOutcome } from '../provider.js';
import { priceNotPayable } from '../purchase-refusal.js';
import type { DarajaClient, StkResult } from './daraja-client.js';
import { DarajaError } from './daraja-error.js';
import { isUndecided } from './result-codes.js';

export const MPESA_CURRENCY = 'KES';
/** What one transaction may be, by Safaricom's tariff. */
const MOST_SHILLINGS = 250_000;
const CENTS = 100;
const ACCOUNT = { kind: 'provider', owner: 'mpesa' } as const;

export interface MpesaProviderDeps {
  /** Asked once for each request. Gives undefined where M-Pesa is not set up: it is refused with that reason. */
  readonly client: () => Pick<DarajaClient, 'push' | 'query'> | undefined;
  readonly tokens: CallbackTokens;
  /** Where M-Pesa reaches us, without a slash at the end. */
  readonly publicUrl: string;
}

/** STK push: the payer's phone asks for the M-Pesa PIN. */
export function createMpesaProvider({ client: currentClient, tokens, publicUrl }: MpesaProviderDeps): PaymentProvider {
  return {
    name: 'mpesa',
    account: () => ACCOUNT,
    refuse: refuseAmount,
    request: async (payment, signal) => {
      const client = currentClient();
      if (client === undefined) return NOT_SET_UP;
      const token = tokens.matching(payment.id, payment.callbackTokenHash ?? '');
      if (token === undefined || payment.msisdn === null) return NO_TOKEN;
      try {
        const providerRequestId = await client.push(
          {
            amount: Number(payment.amountMinor) / CENTS,
            msisdn: payment.msisdn,
            callbackUrl: `${publicUrl}/api/v1/payments/mpesa/callback/${token}`,
            accountReference: accountReference(payment),
            description: 'Internet',
          },
          signal,
        );
        return { kind: 'asked', providerRequestId };
      } catch (error) {
        return requestFailure(error);
      }
    },
    query: async (payment, signal) => {
      const client = currentClient();
      if (client === undefined) return { kind: 'unknown', detail: NOT_SET_UP.detail };
      if (payment.providerRequestId === null) return { kind: 'unknown', detail: 'M-Pesa gave no CheckoutRequestID' };
      try {
        return queryOutcome(await client.query(payment.providerRequestId, signal));
      } catch (error) {
        return { kind: 'unknown', detail: error instanceof Error ? error.message : 'M-Pesa cannot be asked' };
      }
    },
  };
}

/** Money that came to the paybill by itself: nobody asks for it. It lies where that of the pushes lies. */
export const paybillProvider: PaymentProvider = {
  name: 'paybill',
  account: () => ACCOUNT,
  request: async () => ({
    kind: 'refused',
    code: 'paybill',
    detail: 'a payment to the paybill is made by the payer: nobody can be asked for it',
  }),
};

const NOT_SET_UP = {
  kind: 'refused',
  code: 'not_set_up',
  detail: 'M-Pesa is not set up: enter its keys in the console under Settings, M-Pesa',
} as const satisfies RequestOutcome;

const NO_TOKEN = {
  kind: 'refused',
  code: 'not_asked',
  detail: 'the callback token cannot be made again: keep the old key in ENCRYPTION_KEYS while it is rotated out',
} as const satisfies RequestOutcome;

function refuseAmount({ amountMinor, currency }: { amountMinor: number; currency: string }): void {
  const isPayable =
    currency === MPESA_CURRENCY &&
    amountMinor % CENTS === 0 &&
    amountMinor >= CENTS &&
    amountMinor <= MOST_SHILLINGS * CENTS;
  if (isPayable) return;
  throw priceNotPayable(MOST_SHILLINGS, moneyText(amountMinor, currency));
}

/** Letters and digits are what every phone shows. */
function accountReference(payment: PaymentRow): string {
  const name = (offerName(payment) ?? '').replace(/[^A-Za-z0-9 ]/g, '').trim();
  return name === '' ? 'Internet' : name;
}

function requestFailure(error: unknown): RequestOutcome {
  if (!(error instanceof DarajaError)) return { kind: 'unknown', detail: 'the request was cut short' };
  const { kind, code, message } = error;
  if (kind === 'unclear') return { kind: 'unknown', detail: message };
  return { kind: 'refused', code: kind === 'not_sent' ? 'not_asked' : code, detail: message };
}

function queryOutcome(result: StkResult | 'pending'): QueryOutcome {
  if (result === 'pending') return { kind: 'pending', raw: '' };
  const { resultCode: code, resultDesc: detail, raw } = result;
  if (isUndecided(code)) return { kind: 'pending', raw };
  return code === '0' ? { kind: 'paid', code, raw } : { kind: 'failed', code, detail, raw };
}
