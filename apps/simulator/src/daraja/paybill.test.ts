import { paybillPayment } from './paybill.js';
import { startTestMerchant, type TestMerchant } from './test-merchant.js';

let merchant: TestMerchant;

beforeEach(async () => {
  merchant = await startTestMerchant();
});

afterEach(() => merchant.stop());

function register(more: Record<string, unknown> = {}) {
  return merchant.call('/mpesa/c2b/v2/registerurl', {
    ShortCode: '174379',
    ResponseType: 'Completed',
    ConfirmationURL: `${merchant.url}/confirmation`,
    ValidationURL: `${merchant.url}/validation`,
    ...more,
  });
}

const payment = paybillPayment.parse({ msisdn: '254712345678', amount: 50, account: '0712345678' });

test('asks for validation, then confirms, with the bodies of the API', async () => {
  expect(await register()).toMatchObject({ status: 200, body: { ResponseCode: '0', ResponseDescription: 'success' } });
  const outcome = await merchant.daraja.paybill.pay({ ...payment, confirmations: 2 });
  expect(outcome).toMatchObject({ accepted: true, validation: 200, confirmations: [200, 200] });
  expect(merchant.heard.map(({ path }) => path)).toEqual(['/validation', '/confirmation', '/confirmation']);
  const common = {
    TransactionType: 'Pay Bill',
    TransID: outcome.receipt,
    TransTime: '20260101030000',
    TransAmount: '50.00',
    BusinessShortCode: '174379',
    BillRefNumber: '0712345678',
    InvoiceNumber: '',
    ThirdPartyTransID: '',
    MSISDN: '2547 ***** 678',
    FirstName: 'JANE',
    MiddleName: '',
    LastName: '',
  };
  expect(merchant.heard[0]?.body).toEqual({ ...common, OrgAccountBalance: '' });
  expect(merchant.heard[1]?.body).toEqual({ ...common, OrgAccountBalance: '49197.00' });
  expect(merchant.daraja.book.paid()).toMatchObject([
    { receipt: outcome.receipt, checkoutRequestId: null, amount: 50 },
  ]);
});

test('moves no money when the merchant refuses', async () => {
  await register();
  merchant.validation = { ResultCode: 'C2B00012', ResultDesc: 'Invalid Account Number' };
  expect(await merchant.daraja.paybill.pay(payment)).toMatchObject({ accepted: false, receipt: null });
  expect(merchant.daraja.book.paid()).toEqual([]);
  expect(merchant.heard).toHaveLength(1);
});

test('does as ResponseType says when the merchant cannot be asked', async () => {
  const ValidationURL = 'http://127.0.0.1:1/validation';
  await register({ ValidationURL, ResponseType: 'Cancelled' });
  expect(await merchant.daraja.paybill.pay(payment)).toMatchObject({ accepted: false });
  await register({ ValidationURL });
  expect(await merchant.daraja.paybill.pay(payment)).toMatchObject({ accepted: true, confirmations: [200] });
});

test('takes money also where no URL is registered: only the statement tells', async () => {
  expect(await merchant.daraja.paybill.pay(payment)).toMatchObject({ accepted: true, confirmations: [] });
  expect(merchant.daraja.book.paid()).toHaveLength(1);
});

test('refuses a registration with a bad URL, one with its own name in it, or another shortcode', async () => {
  expect((await register({ ValidationURL: `${merchant.url}/mpesa/validation` })).body['errorMessage']).toBe(
    'Bad Request - Invalid ValidationURL',
  );
  expect((await register({ ConfirmationURL: 'nowhere' })).body['errorMessage']).toBe(
    'Bad Request - Invalid ConfirmationURL',
  );
  expect((await register({ ShortCode: '600000' })).body['errorMessage']).toBe('Bad Request - Invalid ShortCode');
});
