import type { TruePush } from './daraja-control.js';
import { checkPurchases, tokenHashOf } from './purchase-check.js';
import type { PurchaseRows } from './purchase-rows.js';

const goods = { packageId: 'p', priceMinor: 5_000, validForSeconds: 3_600 };

function push(token: string, more: Partial<TruePush> = {}): TruePush {
  return {
    checkoutRequestId: `ws_CO_${token}`,
    msisdn: '254712345678',
    amount: 50,
    callbackUrl: `http://127.0.0.1:8080/api/v1/payments/mpesa/callback/${token}`,
    resultCode: 0,
    receipt: `R${token}`,
    answeredAt: 1_000,
    callbacks: [{ at: 1_100, outcome: 200 }],
    ...more,
  };
}

/** What a database says in which all of these were settled. */
function rowsOf(pushes: readonly TruePush[]): PurchaseRows {
  const ids = pushes.map(({ checkoutRequestId }) => checkoutRequestId);
  return {
    payments: pushes.map((one, index) => ({
      id: ids[index] ?? '',
      state: 'succeeded',
      msisdn: one.msisdn,
      tokenHash: tokenHashOf(one.callbackUrl),
      requestId: one.checkoutRequestId,
      amountMinor: 5_000n,
      paidMinor: 5_000n,
      receipt: one.receipt,
      entitlementId: `e${index}`,
      customerId: `c${index}`,
      settledMs: 3_000,
      checks: 0,
    })),
    entries: ids.map((paymentId) => ({ paymentId, entries: 1, soldMinor: 5_000n, sumMinor: 0n })),
    access: ids.map((_, index) => ({ customerId: `c${index}`, seconds: 3_600, count: 1 })),
    unbalanced: 0,
  };
}

const pushes = [push('a'), push('b'), push('c', { callbacks: [{ at: 1_100, outcome: 'refused' }] })];
const good = rowsOf(pushes);
const others = good.payments.slice(1);

/** The same with its first payment changed. */
const withFirst = (change: Partial<PurchaseRows['payments'][number]>): PurchaseRows => ({
  ...good,
  payments: good.payments.map((payment, index) => (index === 0 ? { ...payment, ...change } : payment)),
});

test('finds nothing where everything that was paid was given once', () => {
  expect(checkPurchases(good, pushes, goods)).toEqual({
    purchases: 3,
    paid: 3,
    lost: 1,
    succeeded: 3,
    paidWithoutAccess: 0,
    accessWithoutPayment: 0,
    doubleEntries: 0,
    wrongAccess: 0,
    wrongAmounts: 0,
    wrongReceipts: 0,
    askedTwice: 0,
    unbalanced: 0,
    toldSettledMs: [2_000, 2_000],
    lostSettledMs: [2_000],
    examples: [],
  });
});

test('finds a payment that nothing came of, whether its row is missing, open or has no ledger entry', () => {
  expect(checkPurchases(withFirst({ state: 'requested' }), pushes, goods)).toMatchObject({ paidWithoutAccess: 1 });
  expect(checkPurchases({ ...good, payments: others }, pushes, goods)).toMatchObject({ paidWithoutAccess: 1 });
  expect(checkPurchases({ ...good, entries: good.entries.slice(1) }, pushes, goods)).toMatchObject({
    paidWithoutAccess: 1,
    wrongAmounts: 1,
  });
});

test('finds access that nobody paid for', () => {
  const unpaid = pushes.map((one, index) => (index === 0 ? { ...one, receipt: null } : one));
  expect(checkPurchases(good, unpaid, goods)).toMatchObject({ accessWithoutPayment: 1, paid: 2 });
});

test('finds what was entered or given twice, and other amounts and receipts', () => {
  const entries = good.entries.map((entry, index) => (index === 0 ? { ...entry, entries: 2 } : entry));
  expect(checkPurchases({ ...good, entries }, pushes, goods)).toMatchObject({ doubleEntries: 1 });
  const access = good.access.map((one, index) => (index === 0 ? { ...one, seconds: 7_200 } : one));
  expect(checkPurchases({ ...good, access }, pushes, goods)).toMatchObject({
    wrongAccess: 1,
    examples: ['customer c0 paid for 3600 s and was given 7200 s'],
  });
  expect(checkPurchases(withFirst({ paidMinor: 100n, receipt: 'OTHER' }), pushes, goods)).toMatchObject({
    wrongAmounts: 1,
    wrongReceipts: 1,
  });
});

test('finds a phone that was asked twice for one purchase', () => {
  expect(checkPurchases(good, [...pushes, push('a', { checkoutRequestId: 'again' })], goods)).toMatchObject({
    askedTwice: 1,
  });
});
