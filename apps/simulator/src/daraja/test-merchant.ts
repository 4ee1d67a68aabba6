import { z } from 'zod';
import { startHttpServer } from '../http/http-server.js';
import { steerableTime, type SteerableTime } from '../router/sim-time.js';
import { type Daraja, startDaraja } from './daraja.js';

const told = z.object({
  Body: z.object({
    stkCallback: z.object({
      MerchantRequestID: z.string(),
      CheckoutRequestID: z.string(),
      ResultCode: z.number(),
      ResultDesc: z.string(),
      CallbackMetadata: z
        .object({ Item: z.array(z.object({ Name: z.string(), Value: z.union([z.string(), z.number()]).optional() })) })
        .optional(),
    }),
  }),
});
export type ToldResult = z.output<typeof told>['Body']['stkCallback'];

export interface Answered {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

export interface Call {
  readonly token?: string;
  readonly method?: string;
}

const PASSWORD = { shortcode: '174379', passkey: 'pass' };
const STAMP = '20260101030000';

/** A merchant of a few lines, with the stand-in it talks to: calls the API as a program would and keeps what it is told. */
export interface TestMerchant {
  readonly daraja: Daraja;
  readonly time: SteerableTime;
  /** Everything POSTed to it: path and body. */
  readonly heard: { readonly path: string; readonly body: unknown }[];
  /** What it answers to a validation. */
  validation: object;
  readonly url: string;
  token(): Promise<string>;
  call(path: string, body?: unknown, how?: Call): Promise<Answered>;
  push(msisdn: string, more?: Record<string, unknown>): Promise<Answered>;
  query(checkoutRequestId: unknown): Promise<Answered>;
  /** Waits until so many requests have arrived in all. */
  until(count: number): Promise<void>;
  results(): ToldResult[];
  stop(): Promise<void>;
}

async function jsonOf(response: Response): Promise<Answered> {
  return { status: response.status, body: z.record(z.string(), z.unknown()).parse(await response.json()) };
}

export async function startTestMerchant(): Promise<TestMerchant> {
  const time = steerableTime();
  const credentials = { consumerKey: 'key', consumerSecret: 'secret', ...PASSWORD };
  const daraja = await startDaraja({ port: 0, seed: 1, ...credentials, time });
  const heard: TestMerchant['heard'] = [];
  const waiting: { readonly count: number; readonly wake: () => void }[] = [];
  const server = await startHttpServer('a merchant', 0, async ({ path, text }) => {
    heard.push({ path, body: JSON.parse(text) });
    for (const one of waiting) if (heard.length >= one.count) one.wake();
    return { status: 200, body: path === '/validation' ? merchant.validation : { ResultCode: 0, ResultDesc: 'ok' } };
  });
  const password = Buffer.from(`${PASSWORD.shortcode}${PASSWORD.passkey}${STAMP}`).toString('base64');
  const signed = { BusinessShortCode: PASSWORD.shortcode, Password: password, Timestamp: STAMP };
  const merchant: TestMerchant = {
    daraja,
    time,
    heard,
    validation: { ResultCode: '0', ResultDesc: 'Accepted' },
    url: server.url,
    token: async () => {
      const basic = Buffer.from('key:secret').toString('base64');
      const response = await fetch(`${daraja.url}/oauth/v1/generate?grant_type=client_credentials`, {
        headers: { authorization: `Basic ${basic}` },
      });
      return z.object({ access_token: z.string() }).parse(await response.json()).access_token;
    },
    call: async (path, body, { token, method = 'POST' } = {}) => {
      const bearer = token ?? (await merchant.token());
      return jsonOf(
        await fetch(daraja.url + path, {
          method,
          headers: { authorization: `Bearer ${bearer}` },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
      );
    },
    push: (msisdn, more = {}) =>
      merchant.call('/mpesa/stkpush/v1/processrequest', {
        ...signed,
        TransactionType: 'CustomerPayBillOnline',
        Amount: 50,
        PartyA: msisdn,
        PartyB: PASSWORD.shortcode,
        PhoneNumber: msisdn,
        CallBackURL: `${server.url}/callback`,
        AccountReference: 'WiFi',
        TransactionDesc: '1 hour',
        ...more,
      }),
    query: (CheckoutRequestID) => merchant.call('/mpesa/stkpushquery/v1/query', { ...signed, CheckoutRequestID }),
    until: (count) =>
      heard.length >= count ? Promise.resolve() : new Promise((wake) => waiting.push({ count, wake })),
    results: () =>
      heard.filter(({ path }) => path === '/callback').map(({ body }) => told.parse(body).Body.stkCallback),
    stop: async () => {
      await daraja.stop();
      await server.stop();
    },
  };
  return merchant;
}
