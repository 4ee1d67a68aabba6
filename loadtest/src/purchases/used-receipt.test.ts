import type { TruePush } from './daraja-control.js';
import { findUsedReceipt } from './used-receipt.js';

function push(receipt: string | null): TruePush {
  return {
    checkoutRequestId: `ws_CO_${receipt}`,
    msisdn: '254712345678',
    amount: 50,
    callbackUrl: 'http://127.0.0.1:8080/api/v1/payments/mpesa/callback/token',
    resultCode: receipt === null ? null : 0,
    receipt,
    answeredAt: 1_000,
    callbacks: [],
  };
}

const pushesOf = async () => [push(null), push('PAID'), push('SETTLED')];
const known = (...receipts: string[]) => receipts.map((receipt) => ({ msisdn: '254712345678', receipt }));

test('takes only a payment whose receipt the service knows, not one that a phone has merely paid', async () => {
  expect(await findUsedReceipt({ settled: async () => [], pushesOf })).toBeUndefined();
  expect(await findUsedReceipt({ settled: async () => known('SETTLED'), pushesOf })).toEqual(push('SETTLED'));
  expect(await findUsedReceipt({ settled: async () => known('OTHER', 'SETTLED'), pushesOf })).toEqual(push('SETTLED'));
});

test('finds none while the database is away: the caller looks again', async () => {
  const settled = () => Promise.reject(new Error('connect ECONNREFUSED'));
  expect(await findUsedReceipt({ settled, pushesOf })).toBeUndefined();
});
