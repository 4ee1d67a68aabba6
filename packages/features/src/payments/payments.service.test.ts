import { balanceOf } from '../ledger/ledger.js';
import { openPaymentsRig, PAYBILL_TOKEN, type PaymentsRig, SHORTCODE } from './payments-rig.js';
import { stkResult } from './test-daraja.js';

let rig: PaymentsRig;
let packageId: string;

const BY = { actor: 'operator-1', requestId: 'request-1' };

beforeAll(async () => {
  rig = await openPaymentsRig();
  packageId = (await rig.newPackage({ name: 'One hour', priceMinor: 1_000, quotaOctets: '1000' })).id;
});

afterAll(async () => {
  await rig.close();
});

afterEach(async () => {
  await rig.forget();
  await rig.db.package.deleteMany({ where: { id: { not: packageId } } });
});

const wallet = (customerId: string) => balanceOf(rig.db, { kind: 'customer_wallet', owner: customerId }, 'KES');

async function newCustomer(msisdn?: string): Promise<string> {
  return msisdn === undefined ? rig.newCustomer() : (await rig.customers.create({ msisdn }, BY)).row.id;
}

async function paid(msisdn = '0712345678', receipt = 'SGR0000001') {
  const asked = await rig.asked(packageId, msisdn);
  const phone = Number(`254${msisdn.slice(1)}`);
  await rig.told(asked.token, stkResult({ id: asked.checkoutId, receipt, phone }));
  return rig.payment(asked.reference);
}

async function inReview() {
  const { token, checkoutId, reference } = await rig.asked(packageId);
  await rig.told(token, stkResult({ id: checkoutId, amount: 9 }));
  return rig.payment(reference);
}

const audited = async (subjectId: string) =>
  (await rig.db.auditEntry.findMany({ where: { subjectId }, orderBy: { id: 'asc' } })).map(({ action }) => action);

describe('selling by hand', () => {
  test('cash begins at once, in one transaction, and is audited', async () => {
    const customerId = await newCustomer();
    const sold = await rig.service.sell('cash', { customerId, packageId }, BY);
    expect(sold).toMatchObject({
      provider: 'cash',
      state: 'succeeded',
      amountMinor: 1_000,
      packageName: 'One hour',
      customerId,
    });
    expect(await rig.entitlements.list(customerId)).toMatchObject([{ id: sold.entitlementId, state: 'active' }]);
    expect(await balanceOf(rig.db, { kind: 'provider', owner: 'cash' }, 'KES')).toBe(-1_000n);
    expect(await audited(sold.id)).toEqual(['payment.sell_cash']);
  });

  test('a wallet pays as far as it reaches, also for many at once', async () => {
    const customerId = await newCustomer('0712345678');
    await rig.service.enter({ msisdn: '0712345678', receipt: 'TOPUP00001', amountMinor: 3_500 }, BY);
    expect(await wallet(customerId)).toBe(3_500n);
    const all = await Promise.allSettled(
      Array.from({ length: 6 }, () => rig.service.sell('wallet', { customerId, packageId }, BY)),
    );
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    for (const one of all) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'conflict' });
    expect(await wallet(customerId)).toBe(500n);
    expect(await rig.db.payment.count({ where: { provider: 'wallet' } })).toBe(3);
    expect(await rig.balance('sales')).toBe(3_000n);
  });

  test('a receipt is entered once, for its price or for the wallet', async () => {
    const entry = { msisdn: '0712 345 678', receipt: 'QWE1234567', amountMinor: 1_000 };
    await expect(rig.service.enter({ ...entry, amountMinor: 900, packageId }, BY)).rejects.toMatchObject({
      message: expect.stringContaining('One hour costs KES 10.00, and KES 9.00 was paid'),
    });
    const entered = await rig.service.enter({ ...entry, packageId }, BY);
    expect(entered).toMatchObject({ state: 'succeeded', receipt: 'QWE1234567', purpose: 'package' });
    await expect(rig.service.enter(entry, BY)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(entered.id),
    });
    expect(await rig.balance('customer_wallet')).toBe(0n);
  });
});

describe('the review queue', () => {
  test('resolved as paid it gives what was bought, and the books have what was paid', async () => {
    const row = await inReview();
    expect((await rig.service.review({ limit: 10 })).items).toMatchObject([
      { id: row.id, state: 'review', paidMinor: 900 },
    ]);
    const done = await rig.service.resolve(row.id, { as: 'paid', note: 'a shilling is fine' }, BY);
    expect(done).toMatchObject({ state: 'succeeded', detail: 'a shilling is fine', entitlementId: expect.any(String) });
    expect(await rig.balance('sales')).toBe(900n);
    expect((await rig.service.review({ limit: 10 })).items).toEqual([]);
    for (const as of ['paid', 'failed'] as const) {
      await expect(rig.service.resolve(row.id, { as, note: 'again' }, BY)).rejects.toMatchObject({ code: 'conflict' });
    }
    expect(await audited(row.id)).toEqual(['payment.resolve']);
  });

  test('resolved as failed it gives nothing, and a success that comes later still counts', async () => {
    const row = await inReview();
    await rig.service.resolve(row.id, { as: 'failed', note: 'a forgery' }, BY);
    expect(await rig.db.entitlement.count()).toBe(0);
    await rig.told(rig.tokens.of(row.id), stkResult({ id: row.providerRequestId ?? '', receipt: 'SGR0000007' }));
    expect(await rig.payment(row.reference)).toMatchObject({ state: 'succeeded', receipt: 'SGR0000007' });
  });

  test('a receipt of another payment is refused with its id', async () => {
    const first = await paid('0712345679');
    const row = await inReview();
    await expect(
      rig.service.resolve(row.id, { as: 'paid', receipt: 'SGR0000001', note: 'x' }, BY),
    ).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining(first.id) });
    expect(await rig.payment(row.reference)).toMatchObject({ state: 'review' });
  });
});

describe('refunds', () => {
  test('into the wallet: access ends, the books are even, once', async () => {
    const row = await paid();
    const customerId = row.customerId ?? '';
    const sessionId = await rig.openSession({ customerId, entitlementId: row.entitlementId ?? '' });
    const all = await Promise.allSettled(
      Array.from({ length: 4 }, () => rig.service.refund(row.id, { to: 'wallet' }, BY)),
    );
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await rig.payment(row.reference)).toMatchObject({ state: 'succeeded', refundedAt: expect.any(Date) });
    expect(await wallet(customerId)).toBe(1_000n);
    expect([await rig.balance('sales'), await rig.balance('provider')]).toEqual([0n, -1_000n]);
    expect(await rig.entitlements.list(customerId)).toMatchObject([{ state: 'refunded' }]);
    expect(await rig.db.sessionCommand.findMany()).toMatchObject([{ sessionId, kind: 'disconnect' }]);
    expect(await rig.purchases.byReference(row.reference)).not.toHaveProperty('credentials');
    expect(await rig.db.notification.count({ where: { template: 'refunded' } })).toBe(1);
  });

  test('to where it came from: nothing is left of it', async () => {
    const row = await paid();
    await rig.service.refund(row.id, { to: 'provider', note: 'paid back in the portal' }, BY);
    expect([await rig.balance('sales'), await rig.balance('provider')]).toEqual([0n, 0n]);
  });

  test('of one of two payments that extended one another: its share of time and data goes, and the rest stays', async () => {
    const [first, second] = [await paid('0712345678', 'SGR0000001'), await paid('0712345678', 'SGR0000002')];
    expect(second.entitlementId).toBe(first.entitlementId);
    await rig.service.refund(second.id, { to: 'wallet' }, BY);
    const inAnHour = new Date(rig.clock.now().getTime() + 3_600_000).toISOString();
    expect(await rig.entitlements.list(first.customerId ?? '')).toMatchObject([
      { state: 'active', endsAt: inAnHour, quotaOctets: '1000' },
    ]);
    await rig.service.refund(first.id, { to: 'wallet' }, BY);
    expect(await rig.entitlements.list(first.customerId ?? '')).toMatchObject([{ state: 'refunded' }]);
  });

  test('what was not paid cannot be refunded', async () => {
    const row = await inReview();
    await expect(rig.service.refund(row.id, { to: 'wallet' }, BY)).rejects.toMatchObject({
      message: expect.stringContaining('nothing has been paid'),
    });
  });
});

describe('looking payments up', () => {
  test('by receipt, phone in any notation, reference, state, provider, time and customer', async () => {
    const row = await paid();
    const customerId = row.customerId ?? '';
    await rig.asked(packageId, '0700000001');
    const list = async (query: object) =>
      (await rig.service.list({ limit: 10, ...query })).items.map(({ reference }) => reference);
    for (const q of ['sgr0000001', '0712 345 678', row.reference]) expect(await list({ q })).toEqual([row.reference]);
    expect(await list({ state: 'succeeded', provider: 'mpesa' })).toEqual([row.reference]);
    expect(await list({})).toHaveLength(2);
    expect(await list({ from: new Date(rig.clock.now().getTime() + 1).toISOString() })).toEqual([]);
    expect(await list({ q: 'nothing' })).toEqual([]);
    expect((await rig.service.ofCustomer(customerId, { limit: 10 })).items).toMatchObject([{ id: row.id }]);
    expect(await rig.service.get(row.id)).toMatchObject({ messages: [{ kind: 'callback', outcome: 'it is paid' }] });
  });

  test('summed up by day and provider, with the rate of success', async () => {
    await paid();
    const { token, checkoutId } = await rig.asked(packageId, '0700000001');
    await rig.told(token, stkResult({ id: checkoutId, code: 1, phone: 254_700_000_001 }));
    const customerId = await newCustomer();
    const cash = await rig.service.sell('cash', { customerId, packageId }, BY);
    await rig.service.refund(cash.id, { to: 'provider' }, BY);
    rig.clock.advance(1);
    const summary = await rig.service.summary({ timeZone: 'Africa/Nairobi' });
    expect(summary.totals).toEqual([
      {
        currency: 'KES',
        attempts: 3,
        succeeded: 2,
        failed: 1,
        review: 0,
        revenueMinor: 1_000,
        refundedMinor: 1_000,
        successRate: 2 / 3,
      },
    ]);
    expect(summary.days).toMatchObject([{ day: '2026-03-01', attempts: 3 }]);
    expect(summary.providers.map(({ provider }) => provider)).toEqual(['cash', 'mpesa']);
    await expect(rig.service.summary({ timeZone: 'Mars/Base' })).rejects.toMatchObject({ code: 'validation_failed' });
  });
});

describe('payments to the paybill', () => {
  const announce = async (fields: Record<string, unknown>) => {
    const raw = JSON.stringify({
      TransactionType: 'Pay Bill',
      TransID: 'RKT0000001',
      TransTime: '20260301150000',
      TransAmount: '10.00',
      BusinessShortCode: SHORTCODE,
      BillRefNumber: '',
      MSISDN: '2547 ***** 678',
      FirstName: 'JANE',
      ...fields,
    });
    await rig.intake.confirmation({ token: PAYBILL_TOKEN, raw, ip: '127.0.0.1' });
    expect(await rig.runJobs()).toEqual([]);
    return rig.db.payment.findMany({ where: { provider: 'paybill' } });
  };

  test('with a phone number as account and the price of one package: it is sold to that phone', async () => {
    const [row] = await announce({ BillRefNumber: '0712 345 678' });
    expect(row).toMatchObject({
      state: 'succeeded',
      receipt: 'RKT0000001',
      purpose: 'package',
      msisdn: '254712345678',
    });
    expect(await rig.db.entitlement.count()).toBe(1);
    await announce({ BillRefNumber: '0712 345 678' });
    expect([await rig.db.payment.count(), await rig.db.entitlement.count()]).toEqual([1, 1]);
  });

  test('with any other amount it goes into the wallet', async () => {
    const [row] = await announce({ BillRefNumber: '0712345678', TransAmount: '250' });
    expect(row).toMatchObject({ state: 'succeeded', purpose: 'top_up', entitlementId: null });
    expect(await wallet(row?.customerId ?? '')).toBe(25_000n);
  });

  test('with a username, or the name of a package, in whatever spelling', async () => {
    const customerId = await rig.newCustomer();
    const { username } = await rig.customers.get(customerId);
    const [row] = await announce({ BillRefNumber: username.toUpperCase() });
    expect(row).toMatchObject({ customerId, state: 'succeeded', purpose: 'package' });
    await announce({ TransID: 'RKT0000002', BillRefNumber: 'onehour', MSISDN: '254712345678' });
    expect(await rig.db.payment.findUnique({ where: { receipt: 'RKT0000002' } })).toMatchObject({
      state: 'succeeded',
      msisdn: '254712345678',
    });
  });

  test.each([
    ['an account that nobody has', { BillRefNumber: 'nobody' }, 'no customer and no package'],
    [
      'too little for the package it names',
      { BillRefNumber: 'One hour', TransAmount: 5 },
      'costs KES 10.00, and KES 5.00',
    ],
    ['a hidden phone that is to get the package', { BillRefNumber: 'One hour' }, 'hides the number'],
  ])('with %s it waits for a person', async (_what, fields, why) => {
    const [row] = await announce(fields);
    expect(row).toMatchObject({ state: 'review', receipt: 'RKT0000001', detail: expect.stringContaining(why) });
    const customerId = await newCustomer('0712345678');
    await rig.service.resolve(row?.id ?? '', { as: 'paid', customerId, packageId, note: 'asked her' }, BY);
    expect(await rig.entitlements.list(customerId)).toHaveLength(1);
  });

  test('of another paybill, without sense, or without the token, it is nothing', async () => {
    expect(await announce({ BusinessShortCode: '999999', BillRefNumber: '0712345678' })).toEqual([]);
    expect(await announce({ TransAmount: '0' })).toEqual([]);
    const stranger = { token: 'wrong', raw: '{}', ip: '127.0.0.1' };
    await expect(rig.intake.confirmation(stranger)).rejects.toMatchObject({ code: 'not_found' });
    expect(rig.callbacks).toContain('unknown_token');
  });
});
