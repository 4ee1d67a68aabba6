import { customerSentence } from '../payments/mpesa/result-codes.js';
import { openPaymentsRig, type PaymentsRig } from '../payments/payments-rig.js';
import { stkResult } from '../payments/test-daraja.js';
import { sweepNotices } from './notices-sweep.js';

let rig: PaymentsRig;
let packageId: string;

beforeAll(async () => {
  rig = await openPaymentsRig();
  packageId = (await rig.newPackage({ priceMinor: 1_000 })).id;
});

afterAll(() => rig.close());

afterEach(() => rig.forget());

const PHONE = '254712345678';

async function sweep(): Promise<number> {
  const { db, transact, clock } = rig;
  const producer = { enqueue: async () => undefined };
  const made = await sweepNotices(
    { db, transact, clock, producer, wake: () => undefined },
    AbortSignal.timeout(10_000),
  );
  // The database has a clock of its own.
  await db.notification.updateMany({ where: { createdAt: { gt: clock.now() } }, data: { createdAt: clock.now() } });
  return made;
}

const minutes = (n: number): void => rig.clock.advance(n * 60_000);

async function failed(code = 2001, msisdn = PHONE, language?: 'en' | 'sw') {
  const { reference } = await rig.purchases.start({ packageId, msisdn, createdBy: 'portal', language });
  await rig.runJobs();
  const { id, providerRequestId } = await rig.payment(reference);
  await rig.told(rig.tokens.of(id), stkResult({ id: providerRequestId ?? '', code }));
  return { id, reference };
}

const notices = () => rig.db.notification.findMany({ orderBy: { id: 'asc' } });

describe('who has left the page when the payment fails', () => {
  test('gets one SMS a minute later, in the words of the page, through the outbox', async () => {
    const { id } = await failed(2001, PHONE, 'sw');
    expect(await sweep()).toBe(0);
    minutes(1);
    expect((await Promise.all([sweep(), sweep(), sweep()])).reduce((a, b) => a + b)).toBe(1);
    expect(await sweep()).toBe(0);
    const [row] = await notices();
    expect(row).toMatchObject({
      ...{ template: 'payment_failed', channel: 'sms', recipient: PHONE, language: 'sw', state: 'queued' },
      ...{ customerId: null, params: customerSentence('2001'), dedupKey: `payment:${id}:failed` },
    });
    expect(await rig.jobs('notification.send')).toEqual([{ notificationId: row?.id }]);
  });

  test.each(['1', '17', '26', '1001', '1019', '1025', '1037', '2001', '9999', '4711'])(
    'is told why with the result %s',
    async (code) => {
      await failed(Number(code));
      minutes(1);
      expect(await sweep()).toBe(1);
      expect(await notices()).toMatchObject([{ language: 'en', params: customerSentence(code) }]);
    },
  );

  test('is told also of a request that no worker took and nobody was asked', async () => {
    await rig.purchases.start({ packageId, msisdn: PHONE, createdBy: 'portal' });
    await rig.later(121);
    minutes(1);
    expect(await sweep()).toBe(1);
    expect(await notices()).toMatchObject([{ params: customerSentence('not_asked') }]);
  });

  test('is told in the language of the customer where the page is not known, unless no notices are wanted', async () => {
    const input = { username: 'amina', msisdn: PHONE, language: 'sw' as const };
    const { row } = await rig.customers.create(input, { actor: 'operator-1', requestId: 'r' });
    await failed();
    minutes(1);
    await sweep();
    expect(await notices()).toMatchObject([{ language: 'sw', customerId: row.id, state: 'queued' }]);
    minutes(11);
    await rig.customers.update(row.id, { notices: false }, { actor: 'operator-1', requestId: 'r' });
    await failed();
    minutes(1);
    await sweep();
    expect((await notices()).map(({ state }) => state)).toEqual(['queued', 'suppressed']);
    expect(await rig.jobs('notification.send')).toHaveLength(1);
  });
});

describe('nobody is bothered', () => {
  test('who cancelled on the phone, or saw on the page what happened', async () => {
    await failed(1032);
    const { reference } = await failed(2001, '254712345679');
    await rig.purchases.byReference(reference);
    minutes(1);
    expect(await sweep()).toBe(0);
  });

  test('who has tried again meanwhile, be it paid, open or cancelled', async () => {
    await failed();
    minutes(1);
    await failed(1032);
    minutes(5);
    expect(await sweep()).toBe(0);
  });

  test('twice within ten minutes', async () => {
    for (const expected of [1, 0, 1]) {
      await failed();
      minutes(1);
      expect(await sweep()).toBe(expected);
      minutes(5);
    }
    expect(await notices()).toHaveLength(2);
  });

  test('about what was half an hour ago', async () => {
    await failed();
    minutes(31);
    expect(await sweep()).toBe(0);
  });

  test('whose money came after all', async () => {
    const { reference } = await rig.purchases.start({ packageId, msisdn: PHONE, createdBy: 'portal' });
    await rig.runJobs();
    const { id, providerRequestId: checkoutId } = await rig.payment(reference);
    await rig.told(rig.tokens.of(id), stkResult({ id: checkoutId ?? '', code: 1037 }));
    await rig.told(rig.tokens.of(id), stkResult({ id: checkoutId ?? '' }));
    minutes(1);
    await sweep();
    expect((await notices()).map(({ template }) => template).sort()).toEqual(['credentials', 'payment_received']);
  });
});
