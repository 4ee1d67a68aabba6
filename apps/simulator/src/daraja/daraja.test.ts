import { startTestMerchant, type TestMerchant } from './test-merchant.js';

const PHONE = '254712345678';
let merchant: TestMerchant;

beforeEach(async () => {
  merchant = await startTestMerchant();
});

afterEach(() => merchant.stop());

async function pushed(msisdn = PHONE, more?: Record<string, unknown>): Promise<string> {
  const { status, body } = await merchant.push(msisdn, more);
  expect({ status, code: body['ResponseCode'] }).toEqual({ status: 200, code: '0' });
  return String(body['CheckoutRequestID']);
}

describe('access tokens', () => {
  const generate = (authorization: string, grant = 'client_credentials') =>
    fetch(`${merchant.daraja.url}/oauth/v1/generate?grant_type=${grant}`, { headers: { authorization } });
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

  test('are given for the right key and secret, with their life as text', async () => {
    const answer = await (await generate(basic('key:secret'))).json();
    expect(answer).toEqual({ access_token: expect.any(String), expires_in: '3599' });
  });

  test('are refused for a wrong secret and for another grant, in the words of the API', async () => {
    const wrong = await generate(basic('key:guess'));
    expect([wrong.status, await wrong.json()]).toEqual([
      400,
      {
        requestId: expect.any(String),
        errorCode: '400.008.01',
        errorMessage: 'Invalid Authentication passed',
      },
    ]);
    expect(await (await generate(basic('key:secret'), 'password')).json()).toMatchObject({ errorCode: '400.008.02' });
  });

  test('end after an hour, at once when told so, and when all are ended', async () => {
    const token = await merchant.token();
    const ask = (how: string) => merchant.call('/mpesa/stkpushquery/v1/query', {}, { token: how });
    expect((await ask(token)).body['errorCode']).toBe('400.002.02');
    await merchant.time.advance(3_600_000);
    const invalid = { errorCode: '404.001.03', errorMessage: 'Invalid Access Token' };
    expect(await ask(token)).toMatchObject({ status: 401, body: invalid });
    const second = await merchant.token();
    merchant.daraja.tokens.expireAll();
    expect(await ask(second)).toMatchObject({ status: 401, body: invalid });
    merchant.daraja.faults = { ...merchant.daraja.faults, tokensExpireAtOnce: true };
    expect(await ask(await merchant.token())).toMatchObject({ status: 401, body: invalid });
  });
});

describe('a push', () => {
  test('is accepted, paid after the delay and told in the exact shape of the API', async () => {
    const { status, body } = await merchant.push(PHONE);
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        MerchantRequestID: expect.stringMatching(/^\d+-\d+-1$/),
        CheckoutRequestID: expect.stringMatching(/^ws_CO_\d+$/),
        ResponseCode: '0',
        ResponseDescription: 'Success. Request accepted for processing',
        CustomerMessage: 'Success. Request accepted for processing',
      },
    });
    await merchant.time.advance(1_999);
    expect(merchant.daraja.book.paid()).toEqual([]);
    await merchant.time.advance(1);
    await merchant.until(1);
    const [paid] = merchant.daraja.book.paid();
    expect(merchant.heard).toEqual([
      {
        path: '/callback',
        body: {
          Body: {
            stkCallback: {
              MerchantRequestID: body['MerchantRequestID'],
              CheckoutRequestID: body['CheckoutRequestID'],
              ResultCode: 0,
              ResultDesc: 'The service request is processed successfully.',
              CallbackMetadata: {
                Item: [
                  { Name: 'Amount', Value: 50 },
                  { Name: 'MpesaReceiptNumber', Value: paid?.receipt },
                  { Name: 'Balance' },
                  { Name: 'TransactionDate', Value: 20260101030002 },
                  { Name: 'PhoneNumber', Value: 254712345678 },
                ],
              },
            },
          },
        },
      },
    ]);
    expect(paid).toMatchObject({ receipt: expect.stringMatching(/^[A-Z][A-Z0-9]{9}$/), msisdn: PHONE, amount: 50 });
  });

  test.each([
    ['PhoneNumber', '0712345678'],
    ['PhoneNumber', '254812345678'],
    ['Amount', '0'],
    ['Amount', 10.5],
    ['CallBackURL', 'nowhere'],
    ['Timestamp', '2026-01-01'],
    ['AccountReference', 'longer than twelve'],
    ['TransactionType', 'Gift'],
  ])('with %s = %p is refused and names the field', async (field, value) => {
    expect(await merchant.push(PHONE, { [field]: value })).toMatchObject({
      status: 400,
      body: { errorCode: '400.002.02', errorMessage: `Bad Request - Invalid ${field}` },
    });
  });

  test('takes phones of both Kenyan number ranges and an amount as text', async () => {
    await pushed('254112345678', { Amount: '7' });
    await pushed('254798765432');
    expect(merchant.daraja.book.pushes().map(({ request }) => request.Amount)).toEqual([7, 50]);
  });

  test('with a wrong password or shortcode is refused', async () => {
    const refused = (errorMessage: string) => ({ status: 500, body: { errorCode: '500.001.1001', errorMessage } });
    expect(await merchant.push(PHONE, { Password: 'bm8=' })).toMatchObject(refused('Wrong credentials'));
    expect(await merchant.push(PHONE, { BusinessShortCode: '600000' })).toMatchObject(
      refused('Merchant does not exist'),
    );
  });

  test('is refused while another one is on the same phone, and not afterwards', async () => {
    await pushed();
    expect(await merchant.push(PHONE)).toMatchObject({
      status: 500,
      body: {
        errorCode: '500.001.1001',
        errorMessage: 'Unable to lock subscriber, a transaction is already in process for the current subscriber',
      },
    });
    await merchant.time.advance(2_000);
    await pushed();
    merchant.daraja.rules.change({ outcome: 'silent' });
    await merchant.time.advance(2_000);
    await pushed();
    await merchant.time.advance(59_000);
    expect((await merchant.push(PHONE)).status).toBe(500);
    await merchant.time.advance(1_000);
    await pushed();
  });

  test.each(['1', '1032', '1037', '2001'] as const)('that ends as %s is told without metadata', async (outcome) => {
    merchant.daraja.rules.changePhone(PHONE, { outcome });
    const id = await pushed();
    await merchant.time.advance(2_000);
    await merchant.until(1);
    const [result] = merchant.results();
    expect(result).toMatchObject({ CheckoutRequestID: id, ResultCode: Number(outcome) });
    expect(result?.CallbackMetadata).toBeUndefined();
    expect(await merchant.query(id)).toMatchObject({ status: 200, body: { ResponseCode: '0', ResultCode: outcome } });
    expect(merchant.daraja.book.paid()).toEqual([]);
  });

  test('that nobody answers is told to nobody and stays in process', async () => {
    merchant.daraja.rules.change({ outcome: 'silent' });
    const id = await pushed();
    await merchant.time.advance(600_000);
    expect(await merchant.query(id)).toMatchObject({
      status: 500,
      body: { errorCode: '500.001.1001', errorMessage: 'The transaction is being processed' },
    });
    expect(merchant.heard).toEqual([]);
  });
});

describe('a query', () => {
  test('says in process, then paid; an unknown id is refused', async () => {
    const id = await pushed();
    expect((await merchant.query(id)).body['errorMessage']).toBe('The transaction is being processed');
    await merchant.time.advance(2_000);
    expect(await merchant.query(id)).toMatchObject({
      status: 200,
      body: { CheckoutRequestID: id, ResultCode: '0', ResultDesc: 'The service request is processed successfully.' },
    });
    expect((await merchant.query('ws_CO_1')).body['errorMessage']).toBe('Bad Request - Invalid CheckoutRequestID');
  });

  test('lies about a paid push when told so', async () => {
    merchant.daraja.rules.change({ queryLies: true });
    const id = await pushed();
    await merchant.time.advance(2_000);
    expect((await merchant.query(id)).body['ResultCode']).toBe('1032');
    expect(merchant.daraja.book.paid()).toHaveLength(1);
  });
});

describe('the news of a payment', () => {
  test('comes as often as wished, late, and never', async () => {
    merchant.daraja.rules.change({ callbacks: 3 });
    await pushed();
    await merchant.time.advance(2_000);
    await merchant.until(3);
    merchant.daraja.rules.change({ callbacks: 1, lateShare: 1, lateMs: 40_000 });
    await pushed();
    await merchant.time.advance(41_999);
    expect(merchant.heard).toHaveLength(3);
    await merchant.time.advance(1);
    await merchant.until(4);
    merchant.daraja.rules.change({ lateShare: 0, lostShare: 1 });
    await pushed();
    await merchant.time.advance(2_000);
    expect(merchant.daraja.sender.waiting).toBe(0);
    expect(merchant.daraja.book.paid()).toHaveLength(3);
  });

  test('may say failed before it says paid, and name another amount or phone', async () => {
    merchant.daraja.rules.change({ failsFirst: true, wrongAmount: 5, wrongPhone: '254700000009' });
    await pushed();
    await merchant.time.advance(2_000);
    await merchant.until(2);
    const results = merchant.results().sort((a, b) => b.ResultCode - a.ResultCode);
    expect(results.map(({ ResultCode }) => ResultCode)).toEqual([1037, 0]);
    expect(results[1]?.CallbackMetadata?.Item).toEqual(
      expect.arrayContaining([
        { Name: 'Amount', Value: 5 },
        { Name: 'PhoneNumber', Value: 254700000009 },
      ]),
    );
    expect(merchant.daraja.book.paid()).toMatchObject([{ amount: 50, msisdn: PHONE }]);
  });

  test('overtakes older news when shuffled', async () => {
    merchant.daraja.rules.change({ shuffleMs: 60_000 });
    const asked: string[] = [];
    for (let phone = 0; phone < 8; phone += 1) asked.push(await pushed(`25471000000${phone}`));
    await merchant.time.advance(2_000);
    await merchant.time.advance(60_000);
    await merchant.until(8);
    const told = merchant.results().map(({ CheckoutRequestID }) => CheckoutRequestID);
    expect([...told].sort()).toEqual([...asked].sort());
    expect(told).not.toEqual(asked);
  });

  test('is not repeated by itself when the merchant is away, and the try is kept', async () => {
    const id = await pushed(PHONE, { CallBackURL: 'http://127.0.0.1:1/callback' });
    await merchant.time.advance(2_000);
    const push = merchant.daraja.book.find(id);
    while (push?.deliveries.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(push?.deliveries).toMatchObject([{ outcome: expect.any(String) }]);
    expect(merchant.daraja.sender.waiting).toBe(0);
  });

  test('has the same fate for the same phone and seed', async () => {
    const other = await startTestMerchant();
    try {
      const phones = Array.from({ length: 20 }, (_, index) => `2547200000${String(index).padStart(2, '0')}`);
      for (const one of [merchant, other]) {
        one.daraja.rules.change({ lostShare: 0.5 });
        await Promise.all(phones.map((phone) => one.push(phone)));
        await one.time.advance(2_000);
        while (one.daraja.sender.waiting > 0) await new Promise((resolve) => setImmediate(resolve));
      }
      const lost = ({ daraja }: TestMerchant): string[] =>
        daraja.book
          .pushes()
          .filter(({ deliveries }) => deliveries.length === 0)
          .map(({ request }) => request.PhoneNumber)
          .sort();
      expect(lost(merchant).length).toBeGreaterThan(3);
      expect(lost(merchant).length).toBeLessThan(17);
      expect(lost(other)).toEqual(lost(merchant));
    } finally {
      await other.stop();
    }
  });
});

describe('faults of the API', () => {
  const set = (faults: Partial<TestMerchant['daraja']['faults']>) => {
    merchant.daraja.faults = { ...merchant.daraja.faults, ...faults };
  };

  test('down cuts every connection and nothing reaches a phone', async () => {
    const token = await merchant.token();
    set({ down: true });
    await expect(merchant.call('/mpesa/stkpush/v1/processrequest', {}, { token })).rejects.toThrow('fetch failed');
    expect(merchant.daraja.book.pushes()).toEqual([]);
  });

  test('a cut answer leaves a push that the merchant does not know of', async () => {
    set({ cutShare: 1 });
    await expect(merchant.push(PHONE)).rejects.toThrow('fetch failed');
    await merchant.time.advance(2_000);
    await merchant.until(1);
    expect(merchant.results()).toMatchObject([{ ResultCode: 0 }]);
  });

  test('a failing API answers 500 and does nothing; a slow one answers later', async () => {
    const token = await merchant.token();
    const path = '/mpesa/stkpushquery/v1/query';
    set({ failShare: 1 });
    expect(await merchant.call(path, {}, { token })).toMatchObject({
      status: 500,
      body: { errorCode: '500.003.1001', errorMessage: 'Internal Server Error' },
    });
    set({ failShare: 0, slowMs: 5_000 });
    let answered = false;
    const slow = merchant.call(path, {}, { token }).then(() => (answered = true));
    await merchant.time.advance(4_000);
    expect(answered).toBe(false);
    while (!answered) await merchant.time.advance(1_000);
    await slow;
  });
});

test('says what it is to whoever opens its address', async () => {
  expect(await (await fetch(merchant.daraja.url)).json()).toMatchObject({ name: expect.stringContaining('stand-in') });
  expect(await merchant.call('/mpesa/b2c/v1/paymentrequest', {})).toMatchObject({ status: 404 });
});
