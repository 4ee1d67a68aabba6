import type { TruePush } from './daraja-control.js';
import { tokenHashOf } from './purchase-check.js';
import type { PaymentRow } from './purchase-rows.js';
import { statementOf, unknowable } from './statement.js';

const push = (token: string, more: Partial<TruePush> = {}): TruePush => ({
  checkoutRequestId: `ws_CO_${token}`,
  msisdn: '254712345678',
  amount: 50,
  callbackUrl: `http://127.0.0.1:8080/api/v1/payments/mpesa/callback/${token}`,
  resultCode: 0,
  receipt: `R${token}`,
  answeredAt: Date.parse('2026-03-01T21:30:15.500Z'),
  callbacks: [{ at: 1_100, outcome: 'fetch failed' }],
  ...more,
});

const row = (of: TruePush, more: Partial<PaymentRow> = {}): PaymentRow => ({
  id: of.checkoutRequestId,
  state: 'timed_out',
  msisdn: of.msisdn,
  tokenHash: tokenHashOf(of.callbackUrl),
  requestId: null,
  amountMinor: 5_000n,
  paidMinor: null,
  receipt: null,
  entitlementId: null,
  customerId: null,
  settledMs: null,
  checks: 0,
  ...more,
});

test('only what was paid, has no id to ask about, was told to nobody and is no success waits for the statement', () => {
  const pushes = [
    push('a'),
    push('b', { callbacks: [{ at: 1_100, outcome: 200 }] }),
    push('c', { receipt: null }),
    push('d'),
    push('e'),
  ];
  const rows = pushes.map((one, index) =>
    row(one, { ...(index === 3 ? { requestId: 'ws_CO_d' } : {}), ...(index === 4 ? { state: 'succeeded' } : {}) }),
  );
  expect(unknowable(rows, pushes)).toEqual([pushes[0]]);
});

test('the statement is in the words and the time of Nairobi', () => {
  expect(
    statementOf([push('a')])
      .split('\n')
      .slice(1),
  ).toEqual(['Ra,2026-03-02 00:30:15,Pay Bill from 254712345678,Completed,50.00,254712345678 - CUSTOMER', '']);
});
