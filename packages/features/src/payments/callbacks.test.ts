import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { judgeCallback } from './mpesa/judge-callback.js';
import { phoneFits } from './mpesa/phone-fits.js';
import { parseStkCallback } from './mpesa/stk-callback.js';
import { parseAmount } from './payment-amount.js';
import { PAYMENT_MOVES } from './payment-states.js';
import { paymentStates } from '@turnpike/contracts/payments.js';
import { openPaymentsRig, type PaymentsRig } from './payments-rig.js';
import { accepted, processing, queryAnswer, stkResult, type Told } from './test-daraja.js';

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
  rig.daraja.onPush = accepted;
  rig.daraja.onQuery = () => processing;
  await rig.forget();
});

const phoneOf = (n: number): string => `2547${String(10_000_000 + n)}`;
const receiptOf = (n: number): string => `SGR${String(n).padStart(7, '0')}`;

/** Payments of as many phones, asked, with what M-Pesa would say of each. */
async function askedMany(count: number) {
  for (let n = 0; n < count; n += 1) {
    await rig.purchases.start({ packageId, msisdn: phoneOf(n), createdBy: 'portal' });
  }
  await rig.runJobs({ atOnce: 8 });
  const rows = await rig.db.payment.findMany();
  return rows.map((row) => {
    const n = Number(row.msisdn?.slice(4)) - 10_000_000;
    const told = (more: Partial<Told> = {}): string =>
      stkResult({ id: row.providerRequestId ?? '', receipt: receiptOf(n), phone: Number(row.msisdn), ...more });
    return { n, row, token: rig.tokens.of(row.id), told };
  });
}

const say = (token: string, raw: string) => rig.intake.callback({ token, raw, ip: '127.0.0.1' });

async function grants() {
  const [entitlements, entries, succeeded] = await Promise.all([
    rig.db.entitlement.findMany(),
    rig.db.ledgerEntry.count(),
    rig.db.payment.count({ where: { state: 'succeeded' } }),
  ]);
  return { entitlements: entitlements.length, entries, succeeded };
}

describe('what M-Pesa says', () => {
  test('M2: 10 callbacks at once for each of 200 payments are 200 grants', async () => {
    const all = await askedMany(200);
    for (let from = 0; from < all.length; from += 20) {
      const copies = all.slice(from, from + 20).flatMap((each) => Array.from({ length: 10 }, () => each));
      await Promise.all(copies.map(({ token, told }) => say(token, told())));
    }
    expect(await rig.runJobs({ atOnce: 10 })).toEqual([]);
    expect(await grants()).toEqual({ entitlements: 200, entries: 200, succeeded: 200 });
    expect(await rig.balance('sales')).toBe(200_000n);
    expect(await rig.db.paymentMessage.groupBy({ by: ['state'], _count: true, orderBy: { state: 'asc' } })).toEqual([
      { state: 'handled', _count: 200 },
      { state: 'ignored', _count: 1_800 },
    ]);
    const ends = await rig.db.entitlement.findMany({ distinct: ['endsAt'] });
    expect(ends).toHaveLength(1);
  }, 180_000);

  test('G14, M1-M4 in small: duplicates, forgeries, late and lost ones: one grant for each that was paid, none for others', async () => {
    const all = await askedMany(40);
    const [paid, failed, late, lost] = [all.slice(0, 15), all.slice(15, 22), all.slice(22, 30), all.slice(30)];
    const forged = await forgeries(all);
    for (const [index, { token, told }] of [...paid, ...failed].entries()) {
      const raw = index < paid.length ? told() : told({ code: 1032 });
      for (let copy = 0; copy <= index % 4; copy += 1) await say(token, raw);
    }
    expect(await rig.runJobs({ atOnce: 6 })).toEqual([]);
    const truth = new Map(all.map(({ row }) => [row.providerRequestId ?? '', 'pending']));
    for (const { row } of [...paid, ...lost]) truth.set(row.providerRequestId ?? '', '0');
    for (const { row } of failed) truth.set(row.providerRequestId ?? '', '1032');
    rig.daraja.onQuery = (id) => (truth.get(id) === 'pending' ? processing : queryAnswer(truth.get(id) ?? ''));
    for (const seconds of [16, 16, 30, 60]) await rig.later(seconds);
    expect(await rig.db.payment.count({ where: { state: 'timed_out' } })).toBe(late.length);
    for (const { token, told } of late) await say(token, told());
    await rig.runJobs({ atOnce: 6 });
    expect(forged.refused).toBe(forged.unknown);
    const succeeded = paid.length + lost.length + late.length;
    expect(await grants()).toEqual({ entitlements: succeeded, entries: succeeded, succeeded });
    expect(await rig.db.payment.count({ where: { state: 'failed' } })).toBe(failed.length);
    expect((await rig.balance('sales')) + (await rig.balance('provider'))).toBe(0n);
    expect(await rig.balance('sales')).toBe(BigInt(succeeded) * 1_000n);
  }, 120_000);

  /** Wrong tokens, ids of others and of nobody, and things that are no result at all, for payments that are still open. */
  async function forgeries(all: Awaited<ReturnType<typeof askedMany>>) {
    let refused = 0;
    const unknown = 25;
    for (let n = 0; n < unknown; n += 1) {
      const target = all[n % all.length];
      const token = randomBytes(32).toString('base64url');
      await say(token, target?.told() ?? '').catch((error: { code?: string }) => {
        if (error.code === 'not_found') refused += 1;
      });
    }
    for (const [n, { token, told }] of all.entries()) {
      const stranger = all[(n + 1) % all.length];
      await say(token, told({ id: stranger?.row.providerRequestId ?? '' }));
      await say(token, told({ id: 'ws_CO_invented', receipt: `FAKE${n}` }));
      await say(
        token,
        ['', '{}', 'null', '<xml/>', '\0\u{1F600}', '{"Body":{"stkCallback":{"ResultCode":0}}}'][n % 6] ?? '',
      );
    }
    expect(await rig.runJobs({ atOnce: 6 })).toEqual([]);
    expect(await grants()).toEqual({ entitlements: 0, entries: 0, succeeded: 0 });
    expect(await rig.db.payment.count({ where: { state: 'requested' } })).toBe(all.length);
    return { refused, unknown };
  }

  test.each<[string, Partial<Told>, string]>([
    ['less than the price', { amount: 9 }, 'KES 9.00 was paid instead of the KES 10.00'],
    ['more than the price', { amount: '10.01' }, 'KES 10.01 was paid'],
    ['an amount that is none', { amount: 'ten' }, 'no amount that can be read'],
    ['another phone', { phone: 254_799_999_999 }, 'another phone paid'],
    ['no receipt', { receipt: '' }, 'names no receipt'],
  ])('M1: %s goes to a person and gives nothing', async (_what, wrong, why) => {
    const { reference, token, checkoutId } = await rig.asked(packageId);
    await rig.told(token, stkResult({ id: checkoutId, ...wrong }));
    expect(await rig.payment(reference)).toMatchObject({ state: 'review', detail: expect.stringContaining(why) });
    expect(await grants()).toEqual({ entitlements: 0, entries: 0, succeeded: 0 });
    await rig.told(token, stkResult({ id: checkoutId, receipt: 'SGR0000009' }));
    expect(await rig.payment(reference)).toMatchObject({ state: 'succeeded' });
  });

  test('M1: a receipt that another payment has gives nothing, and a person is told whose it is', async () => {
    const first = await rig.asked(packageId, '0712345678');
    await rig.told(first.token, stkResult({ id: first.checkoutId }));
    const second = await rig.asked(packageId, '0712345679');
    await rig.told(second.token, stkResult({ id: second.checkoutId, phone: 254_712_345_679 }));
    expect(await rig.payment(second.reference)).toMatchObject({
      state: 'review',
      receipt: null,
      detail: expect.stringContaining(first.id),
    });
    expect((await grants()).succeeded).toBe(1);
  });

  test('one receipt for two payments at the same moment is one success', async () => {
    const [one, other] = [await rig.asked(packageId, '0712345678'), await rig.asked(packageId, '0712345679')];
    await say(one.token, stkResult({ id: one.checkoutId }));
    await say(other.token, stkResult({ id: other.checkoutId, phone: 254_712_345_679 }));
    expect(await rig.runJobs({ atOnce: 2 })).toEqual([]);
    expect(await rig.db.payment.findMany({ select: { state: true }, orderBy: { state: 'asc' } })).toEqual([
      { state: 'succeeded' },
      { state: 'review' },
    ]);
    expect(await grants()).toEqual({ entitlements: 1, entries: 1, succeeded: 1 });
  });

  test('M3: whatever the order of success, failure, query and duplicate, the payment is paid once', async () => {
    const events = ['paid', 'failed', 'query failed', 'paid again'] as const;
    const orders = permutations(events);
    for (const [n, order] of orders.entries()) {
      const { reference, token, checkoutId } = await rig.asked(packageId, phoneOf(n));
      const told = { id: checkoutId, phone: Number(phoneOf(n)), receipt: receiptOf(n) };
      rig.daraja.onQuery = () => queryAnswer('1032');
      for (const event of order) {
        if (event === 'query failed') await rig.later(16);
        else await rig.told(token, stkResult({ ...told, ...(event === 'failed' ? { code: 1032 } : {}) }));
      }
      expect([order, (await rig.payment(reference)).state]).toEqual([order, 'succeeded']);
    }
    expect(await grants()).toEqual({ entitlements: orders.length, entries: orders.length, succeeded: orders.length });
  }, 120_000);

  test('a second receipt for a payment that is paid is kept for a person', async () => {
    const { token, checkoutId, id } = await rig.asked(packageId);
    await rig.told(token, stkResult({ id: checkoutId }));
    for (let copy = 0; copy < 2; copy += 1) await rig.told(token, stkResult({ id: checkoutId, receipt: 'SGR0000002' }));
    expect(await rig.db.payment.findMany({ where: { state: 'review' } })).toMatchObject([
      { receipt: 'SGR0000002', paidMinor: 1_000n, detail: expect.stringContaining(id) },
    ]);
    expect((await grants()).succeeded).toBe(1);
  });
});

describe('M6: a settlement is one transaction', () => {
  const parts = ['customerOfPhone', 'giveOffer', 'rememberDevice', 'notify', 'enterMove'] as const;

  test.each(parts.flatMap((part) => [['before', part] as const, ['after', part] as const]))(
    'who dies %s %s has done nothing, and the next try does all of it',
    async (when, part) => {
      const { reference, token, checkoutId } = await rig.asked(packageId, '0712345678', 'AA:BB:CC:DD:EE:01');
      const real = rig.handlersWith();
      const { settlementParts } = await import('./settlement-parts.js');
      const all = settlementParts({ customers: rig.customers, secretBox: rig.secretBox, clock: rig.clock });
      const dies = async (...given: never[]): Promise<never> => {
        if (when === 'after') await (all[part] as (...args: never[]) => Promise<unknown>)(...given);
        throw new Error('killed');
      };
      await rig.intake.callback({ token, raw: stkResult({ id: checkoutId }), ip: '127.0.0.1' });
      const failures = await rig.runJobs({ use: rig.handlersWith({ [part]: dies }) });
      expect(failures).toMatchObject([{ message: 'killed' }]);
      expect(await rig.payment(reference)).toMatchObject({ state: 'requested', receipt: null, customerId: null });
      expect(await grants()).toEqual({ entitlements: 0, entries: 0, succeeded: 0 });
      expect([await rig.db.customer.count(), await rig.db.notification.count()]).toEqual([0, 0]);
      expect(await rig.runJobs({ use: real })).toEqual([]);
      expect(await grants()).toEqual({ entitlements: 1, entries: 1, succeeded: 1 });
    },
  );

  test('what can never be given goes to a person, with the reason', async () => {
    const { reference, token, checkoutId } = await rig.asked(packageId);
    await rig.db.payment.updateMany({ data: { offer: { packageName: 'broken' } } });
    const { AppError } = await import('@turnpike/core/app-error.js');
    const giveOffer = async (): Promise<never> => {
      throw new AppError('conflict', 'more than can be counted');
    };
    await rig.db.payment.updateMany({ data: { offer: await offerOf(packageId) } });
    await rig.intake.callback({ token, raw: stkResult({ id: checkoutId }), ip: '127.0.0.1' });
    expect(await rig.runJobs({ use: rig.handlersWith({ giveOffer }) })).toEqual([]);
    expect(await rig.payment(reference)).toMatchObject({
      state: 'review',
      receipt: 'SGR0000001',
      detail: 'more than can be counted',
    });
  });
});

async function offerOf(id: string) {
  return { ...(await rig.transact((tx) => rig.packages.offer(tx, id, 'public'))) };
}

describe('reading what M-Pesa writes', () => {
  test('M10: amounts are exact, whatever their notation', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 13n }), (minor) => {
        const [whole, part] = [minor / 100n, String(minor % 100n).padStart(2, '0')];
        expect(parseAmount(`${whole}.${part}`, 'KES')).toBe(minor);
        expect(parseAmount(`${whole}.${part}000`, 'KES')).toBe(minor);
        expect(parseAmount(`${whole.toString().replace(/\B(?=(\d{3})+$)/g, ',')}.${part}`, 'KES')).toBe(minor);
        const number: unknown = JSON.parse(`${whole}.${part}`);
        expect(parseAmount(number, 'KES')).toBe(minor);
      }),
    );
    expect(parseAmount('500', 'UGX')).toBe(500n);
    for (const odd of ['', '-1', '1.001', '1,00', '1e3', 'NaN', '1 000', ' ', null, {}, Number.NaN, 1e21, '٥']) {
      expect(parseAmount(odd, 'KES')).toBeUndefined();
    }
  });

  test('a phone is known in full, by its visible digits, or by its hash', () => {
    const asked = '254712345678';
    const hash = createHash('sha256').update(asked).digest('hex');
    for (const said of [
      asked,
      '0712345678',
      '+254712345678',
      '2547*****678',
      '2547 ***** 678',
      hash,
      hash.toUpperCase(),
    ]) {
      expect([said, phoneFits(said, asked)]).toEqual([said, true]);
    }
    for (const said of ['', '254712345679', '2547*****679', '***', '2*8', hash.replace(/^./, 'x')]) {
      expect([said, phoneFits(said, asked)]).toEqual([said, false]);
    }
  });

  test('no text makes it throw', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (raw) => void parseStkCallback(raw)));
  });

  test('a success is final, and every other state can become one', () => {
    expect(PAYMENT_MOVES.succeeded).toEqual([]);
    for (const state of paymentStates) if (state !== 'succeeded') expect(PAYMENT_MOVES[state]).toContain('succeeded');
  });

  test('a result that is not decided yet changes nothing', async () => {
    const { reference, checkoutId } = await rig.asked(packageId);
    const said = parseStkCallback(stkResult({ id: checkoutId, code: 4_999 }));
    if (said === undefined) throw new Error('not read');
    expect(judgeCallback(await rig.payment(reference), said)).toMatchObject({ kind: 'ignore' });
  });
});

function permutations<Item>(items: readonly Item[]): Item[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, at) => permutations(items.toSpliced(at, 1)).map((rest) => [item, ...rest]));
}
