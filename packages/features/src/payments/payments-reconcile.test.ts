import { checkAgainAt, checkAt } from './check-times.js';
import { openPaymentsRig, type PaymentsRig } from './payments-rig.js';
import { processing, queryAnswer, stkResult } from './test-daraja.js';

let rig: PaymentsRig;
let packageId: string;

beforeAll(async () => {
  rig = await openPaymentsRig();
  packageId = (await rig.newPackage({ priceMinor: 1_000 })).id;
});

afterAll(async () => {
  await rig.close();
});

afterEach(async () => {
  rig.daraja.onQuery = () => processing;
  await rig.forget();
});

const QUERY = '/mpesa/stkpushquery/v1/query';

describe('M4: a payment whose result never comes', () => {
  test('is settled by asking for it, 15 seconds after the request; the receipt that comes later is added', async () => {
    const { reference, token, checkoutId } = await rig.asked(packageId);
    rig.daraja.onQuery = () => queryAnswer('0');
    expect(await rig.later(14)).toBe(0);
    expect(await rig.later(1)).toBe(1);
    const row = await rig.payment(reference);
    expect(row).toMatchObject({ state: 'succeeded', receipt: null, paidMinor: 1_000n, nextCheckAt: null, checks: 1 });
    expect(await rig.purchases.byReference(reference)).toMatchObject({ status: 'paid', credentials: {} });
    await rig.told(token, stkResult({ id: checkoutId }));
    expect(await rig.payment(reference)).toMatchObject({ state: 'succeeded', receipt: 'SGR0000001' });
    expect([await rig.db.entitlement.count(), await rig.db.ledgerEntry.count()]).toEqual([1, 1]);
    expect((await rig.service.get(row.id)).messages).toMatchObject([
      { kind: 'query', state: 'handled', outcome: 'it is paid' },
      { kind: 'callback', state: 'handled', outcome: expect.stringContaining('receipt has been added') },
    ]);
  });

  test('is asked about at 15, 30, 60 seconds, 2, 5, 15 minutes and 24 hours, times out, and goes to a person at last', async () => {
    const { reference } = await rig.asked(packageId);
    const states: string[] = [];
    for (const seconds of [15, 15, 30, 60, 180, 600, 85_500]) {
      expect(await rig.later(seconds)).toBe(1);
      states.push((await rig.payment(reference)).state);
    }
    expect(states).toEqual([...Array(3).fill('requested'), ...Array(3).fill('timed_out'), 'review']);
    expect(rig.daraja.asked.get(QUERY)).toBe(7);
    expect(await rig.payment(reference)).toMatchObject({
      nextCheckAt: null,
      detail: expect.stringContaining('after a day'),
    });
    expect((await rig.purchases.start({ packageId, msisdn: '0712345678', createdBy: 'portal' })).status).toBe(
      'waiting',
    );
  });

  test('that failed, as M-Pesa says too early, is paid when M-Pesa says so later', async () => {
    const { reference } = await rig.asked(packageId);
    rig.daraja.onQuery = () => queryAnswer('1037', 'DS timeout');
    await rig.later(15);
    expect(await rig.payment(reference)).toMatchObject({ state: 'failed', resultCode: '1037' });
    rig.daraja.onQuery = () => queryAnswer('0');
    await rig.later(15);
    expect(await rig.payment(reference)).toMatchObject({ state: 'succeeded' });
    rig.daraja.onQuery = () => queryAnswer('1037');
    expect(await rig.later(86_400)).toBe(0);
    expect(await rig.payment(reference)).toMatchObject({ state: 'succeeded' });
  });

  test('is asked about soon again when M-Pesa cannot be asked', async () => {
    const { reference } = await rig.asked(packageId);
    rig.daraja.onQuery = () => ({ status: 503, body: {} });
    await rig.later(120);
    expect(await rig.payment(reference)).toMatchObject({ state: 'timed_out' });
    rig.daraja.onQuery = () => queryAnswer('0');
    await rig.later(61);
    expect(await rig.payment(reference)).toMatchObject({ state: 'succeeded' });
  });

  test('is asked about once though two look at the same time', async () => {
    await rig.asked(packageId);
    rig.daraja.onQuery = () => queryAnswer('0');
    rig.clock.advance(15_000);
    const looked = await Promise.all([rig.reconcile(), rig.reconcile(), rig.reconcile()]);
    expect(looked.reduce((sum, count) => sum + count, 0)).toBe(1);
    expect(rig.daraja.asked.get(QUERY)).toBe(1);
    expect(await rig.db.entitlement.count()).toBe(1);
  });

  test('120 lost ones are settled by the next two looks', async () => {
    for (let n = 0; n < 120; n += 1) {
      await rig.purchases.start({ packageId, msisdn: `25471000${1_000 + n}`, createdBy: 'portal' });
    }
    await rig.runJobs({ atOnce: 8 });
    rig.daraja.onQuery = () => queryAnswer('0');
    await rig.later(16);
    await rig.later(16);
    expect(await rig.db.payment.count({ where: { state: 'succeeded' } })).toBe(120);
    expect(await rig.balance('sales')).toBe(120_000n);
  }, 120_000);

  test('a message whose job was given up is handled all the same', async () => {
    const { reference, token, checkoutId } = await rig.asked(packageId);
    await rig.intake.callback({ token, raw: stkResult({ id: checkoutId }), ip: '127.0.0.1' });
    await rig.db.outboxMessage.deleteMany();
    const longAgo = new Date(rig.clock.now().getTime() - 3_600_000);
    await rig.db.paymentMessage.updateMany({ data: { createdAt: longAgo } });
    await rig.later(1);
    expect(await rig.payment(reference)).toMatchObject({ state: 'succeeded' });
  });
});

describe('times of checks', () => {
  const requestedAt = new Date('2026-01-01T00:00:00Z');
  const after = (seconds: number): Date => new Date(requestedAt.getTime() + seconds * 1_000);

  test('a process that was away goes on with the next step, not with all it missed', () => {
    expect(checkAt(requestedAt, after(0))).toEqual(after(15));
    expect(checkAt(requestedAt, after(15))).toEqual(after(30));
    expect(checkAt(requestedAt, after(3_000))).toEqual(after(86_400));
    expect(checkAt(requestedAt, after(86_400))).toBeUndefined();
  });

  test('a provider that cannot be asked is asked again within the hour', () => {
    expect(checkAgainAt(requestedAt, after(15))).toEqual(after(30));
    expect(checkAgainAt(requestedAt, after(1_000))).toEqual(after(1_500));
    expect(checkAgainAt(requestedAt, after(40_000))).toEqual(after(43_600));
    expect(checkAgainAt(requestedAt, after(86_399))).toEqual(after(86_400));
  });
});
