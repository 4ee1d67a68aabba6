import { Secret } from '@turnpike/core/secret.js';
import {
  createDarajaClient,
  type DarajaClient,
  type StkPush,
} from '@turnpike/features/payments/mpesa/daraja-client.js';
import { createDarajaHttp } from '@turnpike/features/payments/mpesa/daraja-http.js';
import { createMetrics } from '@turnpike/runtime/metrics.js';
import { startTestMerchant, type TestMerchant } from './test-merchant.js';

/** The product's own client against the stand-in: each was written from the API's documents, neither from the other. */
let merchant: TestMerchant;
let client: DarajaClient;
const { signal } = new AbortController();

beforeEach(async () => {
  merchant = await startTestMerchant();
  client = createDarajaClient({
    settings: {
      url: merchant.daraja.url,
      consumerKey: new Secret('key'),
      consumerSecret: new Secret('secret'),
      shortcode: '174379',
      passkey: new Secret('pass'),
    },
    http: createDarajaHttp(),
    clock: merchant.time,
    metrics: createMetrics({ role: 'test', instance: 'test', processMetrics: false }),
  });
});

afterEach(() => merchant.stop());

const push = (more: Partial<StkPush> = {}) =>
  client.push(
    {
      amount: 50,
      msisdn: '254712345678',
      callbackUrl: `${merchant.url}/callback`,
      accountReference: 'a reference that is too long',
      description: 'a description that is too long',
      ...more,
    },
    signal,
  );

test('a push is taken, pending, then paid', async () => {
  const id = await push();
  expect(await client.query(id, signal)).toBe('pending');
  await merchant.time.advance(2_000);
  expect(await client.query(id, signal)).toMatchObject({ resultCode: '0' });
  await merchant.until(1);
  expect(merchant.results()).toMatchObject([{ CheckoutRequestID: id, ResultCode: 0 }]);
});

test('a cancelled push is told as such', async () => {
  merchant.daraja.rules.change({ outcome: '1032' });
  const id = await push();
  await merchant.time.advance(2_000);
  expect(await client.query(id, signal)).toMatchObject({ resultCode: '1032', resultDesc: 'Request cancelled by user' });
});

test('a second push on the same phone and a bad amount are refused for sure', async () => {
  await push();
  await expect(push()).rejects.toMatchObject({ kind: 'refused', message: expect.stringContaining('lock subscriber') });
  await expect(push({ msisdn: '254700000001', amount: 0.5 })).rejects.toMatchObject({ kind: 'refused' });
});

test('a token that has ended is renewed without asking the phone twice', async () => {
  await push();
  merchant.daraja.tokens.expireAll();
  await push({ msisdn: '254700000001' });
  expect(merchant.daraja.book.pushes()).toHaveLength(2);
});

test('tokens that are never good are a refusal, not an endless loop', async () => {
  merchant.daraja.faults = { ...merchant.daraja.faults, tokensExpireAtOnce: true };
  await expect(push()).rejects.toMatchObject({ kind: 'refused', code: '404.001.03' });
});

test('a cut answer is unclear: the phone may have been asked', async () => {
  await client.query('ws_CO_1', signal).catch(() => undefined);
  merchant.daraja.faults = { ...merchant.daraja.faults, cutShare: 1 };
  await expect(push()).rejects.toMatchObject({ kind: 'unclear' });
  expect(merchant.daraja.book.pushes()).toHaveLength(1);
});

test('a failing API is unclear too', async () => {
  await client.query('ws_CO_1', signal).catch(() => undefined);
  merchant.daraja.faults = { ...merchant.daraja.faults, failShare: 1 };
  await expect(push()).rejects.toMatchObject({ kind: 'unclear', code: '500.003.1001' });
});

test('registers where payments to the paybill are announced', async () => {
  const urls = { confirmation: `${merchant.url}/confirmation`, validation: `${merchant.url}/validation` };
  await client.registerUrls(urls, signal);
  expect(merchant.daraja.paybill.registered()).toMatchObject({ ConfirmationURL: urls.confirmation });
});
