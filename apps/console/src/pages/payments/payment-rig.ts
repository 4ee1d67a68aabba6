import type { PaymentView } from '@turnpike/contracts/payments.js';

/** For tests: a package that was asked for and paid, in full and from the phone that was asked. */
export function aPayment(changes: Partial<PaymentView> = {}): PaymentView {
  return {
    id: '0199a000-0000-7000-8000-000000000001',
    reference: 'r',
    provider: 'mpesa',
    state: 'succeeded',
    purpose: 'package',
    customerId: null,
    packageId: null,
    packageName: 'Hour',
    amountMinor: 2_000,
    currency: 'KES',
    msisdn: '254712345678',
    mac: null,
    receipt: 'SGR7A1B2C3',
    paidMinor: 2_000,
    paidMsisdn: '254712345678',
    resultCode: '0',
    detail: null,
    entitlementId: null,
    createdBy: 'system',
    createdAt: '2026-11-23T05:00:00.000Z',
    requestedAt: '2026-11-23T05:00:01.000Z',
    settledAt: '2026-11-23T05:00:20.000Z',
    refundedAt: null,
    ...changes,
  };
}
