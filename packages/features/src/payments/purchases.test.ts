import { parseMsisdn, type Msisdn } from '@turnpike/core/msisdn.js';
import { purchaseLimits } from './purchase-limits.js';
import { PurchaseRefusal } from './purchase-refusal.js';
import { accepted, processing, queryAnswer, stkResult } from './test-daraja.js';
import { openPaymentsRig, type PaymentsRig } from './payments-rig.js';

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

function asMsisdn(text: string): Msisdn {
  const msisdn = parseMsisdn(text);
  if (msisdn === undefined) throw new Error(`${text} is no phone number`);
  return msisdn;
}

const MAC = 'AA:BB:CC:DD:EE:01';
const start = (
  msisdn = '0712 345 678',
  mac?: string,
  more: { packageId?: string; address?: string; browser?: string } = {},
) => rig.purchases.start({ packageId, msisdn, mac, createdBy: 'portal', ...more });

describe('a purchase', () => {
  test('from the request to access: paid is online, with credentials, device, ledger and notices', async () => {
    const { reference, token, checkoutId } = await rig.asked(packageId, '0712 345 678', MAC);
    expect(reference).toMatch(/^[\w-]{22}$/);
    expect(rig.daraja.pushes).toMatchObject([
      {
        amount: 10,
        msisdn: '254712345678',
        callbackUrl: `http://portal.test/api/v1/payments/mpesa/callback/${token}`,
        body: { TransactionType: 'CustomerPayBillOnline', BusinessShortCode: '600123', PartyB: '600123' },
      },
    ]);
    expect(await rig.purchases.byReference(reference)).toMatchObject({
      status: 'waiting',
      message: { en: expect.stringContaining('enter your M-Pesa PIN'), sw: expect.stringContaining('PIN ya M-Pesa') },
      amountMinor: 1_000,
      currency: 'KES',
    });
    rig.clock.advance(5_000);
    expect(await rig.told(token, stkResult({ id: checkoutId }))).toEqual([]);
    const view = await rig.purchases.byReference(reference);
    expect(view).toMatchObject({
      status: 'paid',
      credentials: { username: '254712345678', password: expect.stringMatching(/^\S{8,}$/) },
      expiresAt: new Date(rig.clock.now().getTime() + 3_600_000).toISOString(),
    });
    const row = await rig.payment(reference);
    expect(row).toMatchObject({ state: 'succeeded', receipt: 'SGR0000001', paidMinor: 1_000n, nextCheckAt: null });
    expect(await rig.db.entitlement.findMany()).toMatchObject([
      { id: row.entitlementId, customerId: row.customerId, paymentId: row.id, state: 'active' },
    ]);
    expect(await rig.db.customerDevice.findMany()).toMatchObject([{ mac: MAC, customerId: row.customerId }]);
    expect(await rig.balance('sales')).toBe(1_000n);
    expect(await rig.balance('provider')).toBe(-1_000n);
    const notices = await rig.db.notification.findMany({ orderBy: { template: 'asc' } });
    expect(notices.map(({ template }) => template)).toEqual(['credentials', 'payment_received']);
    expect(await rig.jobs('subject.refresh')).toContainEqual({ customerId: row.customerId });
    expect(rig.events.at(-1)).toBe(row.id);
  });

  test('what begins with its first login has no end to tell of yet', async () => {
    const waiting = await rig.newPackage({ priceMinor: 1_000, validFrom: 'first_login' });
    const { reference, token, checkoutId } = await rig.asked(waiting.id, '0712 345 999');
    await rig.told(token, stkResult({ id: checkoutId, phone: 254_712_345_999 }));
    const view = await rig.purchases.byReference(reference);
    expect(view?.status).toBe('paid');
    expect(view).not.toHaveProperty('expiresAt');
    const received = await rig.db.notification.findFirstOrThrow({ where: { template: 'payment_received' } });
    expect(received.params).not.toHaveProperty('endsAt');
  });

  test('holds the offer as it was, however the package is changed until it is paid', async () => {
    const sold = await rig.newPackage({ priceMinor: 1_000, downKbps: 4_000 });
    const { token, checkoutId } = await rig.asked(sold.id);
    await rig.packages.update(sold.id, { downKbps: 1_000, priceMinor: 5_000, validForSeconds: 60 }, BY);
    await rig.told(token, stkResult({ id: checkoutId }));
    expect(await rig.db.entitlement.findMany()).toMatchObject([
      { downKbps: 4_000, endsAt: new Date(rig.clock.now().getTime() + 3_600_000) },
    ]);
  });

  test('the token is stored nowhere, and can be made again under an old key', async () => {
    const { id, token } = await rig.asked(packageId);
    const dump = JSON.stringify([
      await rig.db.$queryRaw`SELECT * FROM payment`.then((rows) => JSON.stringify(rows, digits)),
      await rig.db.outboxMessage.findMany(),
    ]);
    expect(dump).not.toContain(token);
    const row = await rig.db.payment.findUniqueOrThrow({ where: { id } });
    const { createCallbackTokens } = await import('./callback-token.js');
    const rotated = createCallbackTokens(['77'.repeat(32), ...rig.keys]);
    expect(rotated.of(id)).not.toBe(token);
    expect(rotated.matching(id, row.callbackTokenHash ?? '')).toBe(token);
  });

  test.each([
    [1, 'not enough money'],
    [1032, 'cancelled the payment'],
    [1037, 'did not answer'],
    [2001, 'PIN was wrong'],
    [7_777, 'could not complete'],
  ])('a result of %p is told in words, and another one may be started', async (code, words) => {
    const { reference, token, checkoutId } = await rig.asked(packageId);
    await rig.told(token, stkResult({ id: checkoutId, code }));
    expect(await rig.purchases.byReference(reference)).toMatchObject({
      status: 'failed',
      message: { en: expect.stringContaining(words) },
    });
    expect((await start()).reference).not.toBe(reference);
    expect(await rig.db.entitlement.count()).toBe(0);
  });

  test('is refused in words for what cannot be paid', async () => {
    await expect(start('12')).rejects.toMatchObject({ code: 'validation_failed', issues: [{ path: 'msisdn' }] });
    const odd = await rig.newPackage({ priceMinor: 1_050 });
    await expect(start(undefined, undefined, { packageId: odd.id })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('whole Kenyan shillings'),
    });
    await rig.packages.update(odd.id, { active: false }, BY);
    await expect(start(undefined, undefined, { packageId: odd.id })).rejects.toMatchObject({ code: 'not_found' });
    const unset = rig.newPurchases(false);
    await expect(unset.start({ packageId, msisdn: '0712345678', createdBy: 'portal' })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('not set up'),
    });
    expect(await rig.purchases.byReference('x'.repeat(22))).toBeUndefined();
  });

  test('is found by its receipt, for the phone that paid', async () => {
    const { reference, token, checkoutId } = await rig.asked(packageId);
    await rig.told(token, stkResult({ id: checkoutId }));
    expect(await rig.purchases.findByReceipt(' sgr0000001 ', asMsisdn('0712345678'))).toMatchObject({
      reference,
      status: 'paid',
    });
    expect(await rig.purchases.findByReceipt('SGR0000001', asMsisdn('0700000000'))).toBeUndefined();
    expect(await rig.purchases.findByReceipt('SGR9999999', asMsisdn('0712345678'))).toBeUndefined();
  });

  test('credentials are told for a day', async () => {
    const { reference, token, checkoutId } = await rig.asked(packageId);
    await rig.told(token, stkResult({ id: checkoutId }));
    rig.clock.advance(86_400_000);
    expect(await rig.purchases.byReference(reference)).not.toHaveProperty('credentials');
  });
});

describe('M7: who is asked, and how often', () => {
  test('one push to a phone at a time: the same purchase is given again, another one is told', async () => {
    const first = await start(undefined, MAC);
    expect(await start('+254712345678', MAC.toLowerCase())).toEqual(first);
    const other = await rig.newPackage({ priceMinor: 2_000 });
    await expect(start(undefined, MAC, { packageId: other.id })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('Answer or cancel it on the phone'),
    });
    await expect(start(undefined, 'AA:BB:CC:DD:EE:02')).rejects.toMatchObject({ code: 'conflict' });
    expect(await rig.db.payment.count()).toBe(1);
  });

  test('20 clicks at once are one payment', async () => {
    rig.redis.redis.on('error', () => undefined);
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => start(undefined, MAC)));
    const references = new Set(all.flatMap((each) => (each.status === 'fulfilled' ? [each.value.reference] : [])));
    expect(references.size).toBe(1);
    expect(await rig.db.payment.count()).toBe(1);
    await rig.runJobs();
    expect(rig.daraja.pushes).toHaveLength(1);
  });

  test('a phone is asked three times in ten minutes, whoever asks', async () => {
    for (let time = 1; time <= 3; time += 1) {
      const { token, checkoutId } = await rig.asked(packageId);
      await rig.told(token, stkResult({ id: checkoutId, code: 1032 }));
    }
    await expect(start(undefined, MAC, { address: '10.0.0.9' })).rejects.toMatchObject({
      code: 'rate_limited',
      message: expect.stringMatching(/asked to pay several times already. Wait \d+ minutes/),
    });
    expect(rig.daraja.pushes).toHaveLength(3);
    expect(JSON.stringify(await rig.redis.redis.keys(`${rig.redis.prefix}*`))).not.toContain('712345678');
  });

  const phone = (n: number) => `0712${String(n).padStart(6, '0')}`;
  const device = (n: number) =>
    `02:00:00:00:${(n >> 8).toString(16).padStart(2, '0')}:${(n & 255).toString(16).padStart(2, '0')}`;

  test('a device asks six times in ten minutes, which stops neither the others at its address nor its like elsewhere', async () => {
    for (let n = 0; n < purchaseLimits.device; n += 1) await start(phone(n), MAC, { address: '10.0.0.7' });
    await expect(start(phone(90), MAC, { address: '10.0.0.7' })).rejects.toMatchObject({
      code: 'rate_limited',
      extra: { retryAfterSeconds: expect.any(Number) },
      sentence: {
        en: expect.stringMatching(/^This device .* Wait \d+ minutes and try again, or use a voucher\.$/),
        sw: expect.stringMatching(/^Kifaa hiki .* Subiri dakika \d+ kisha ujaribu tena, au tumia vocha\.$/),
      },
    });
    await start(phone(91), 'AA:BB:CC:DD:EE:99', { address: '10.0.0.7' });
    await start(phone(92), MAC, { address: '10.0.0.8' });
  });

  test('a browser whose device is not known is counted as one, what names neither together with its address', async () => {
    const from = { address: '10.0.0.7', browser: 'browser-1' };
    for (let n = 0; n < purchaseLimits.device; n += 1) await start(phone(n), undefined, from);
    await expect(start(phone(90), undefined, from)).rejects.toMatchObject({ code: 'rate_limited' });
    await start(phone(91), undefined, { ...from, browser: 'browser-2' });
    const limits = rig.newLimits();
    const nameless = (n: number) => limits.take({ msisdn: `2547130${n}`, address: '10.0.0.7' });
    for (let n = 0; n < purchaseLimits.nameless; n += 1) await nameless(n);
    await expect(nameless(1_000)).rejects.toMatchObject({ code: 'rate_limited', extra: { limit: 'nameless' } });
    await start(phone(92), MAC, { address: '10.0.0.7' });
  });

  test('a busy hotspot behind one address sells to thousands, and somebody at it to nobody for ever', async () => {
    const limits = rig.newLimits();
    const take = (n: number) => limits.take({ msisdn: `25471${n}`, mac: device(n), address: '10.0.0.7' });
    const all = Array.from({ length: purchaseLimits.address }, (_, n) => n);
    for (let from = 0; from < all.length; from += 500) await Promise.all(all.slice(from, from + 500).map(take));
    await expect(take(all.length)).rejects.toMatchObject({ code: 'rate_limited', extra: { limit: 'address' } });
    // What was refused to the address has not used up what the owner of the phone may do.
    await limits.take({ msisdn: `25471${all.length}`, mac: device(all.length), address: '10.0.0.8' });
  });

  test('who is refused as a device uses nothing up of what the others at its address have', async () => {
    const limits = rig.newLimits();
    const hammer = (n: number) => limits.take({ msisdn: `25472${n}`, mac: MAC, address: '10.0.0.7' });
    const tried = await Promise.allSettled(Array.from({ length: 300 }, (_, n) => hammer(n)));
    expect(tried.filter(({ status }) => status === 'fulfilled')).toHaveLength(purchaseLimits.device);
    expect(await rig.redis.redis.get(`${rig.redis.prefix}purchase:address:10.0.0.7`)).toBe(
      String(purchaseLimits.device),
    );
  });
});

describe('what a payer is told of a refusal', () => {
  test('is in both languages whatever was refused, in sentences', async () => {
    const odd = await rig.newPackage({ priceMinor: 1_050 });
    await start('0712 999 001');
    const refused = [
      start('12'),
      start('0712 999 002', undefined, { packageId: odd.id }),
      start('0712 999 003', undefined, { packageId: '0190c6d5-7a1e-7000-8000-0000000000aa' }),
      start('0712 999 001', MAC),
      rig.newPurchases(false).start({ packageId, msisdn: '0712 999 004', createdBy: 'portal' }),
    ];
    const said = (await Promise.allSettled(refused)).map((each) => (each.status === 'rejected' ? each.reason : each));
    for (const refusal of said) {
      if (!(refusal instanceof PurchaseRefusal)) throw new Error('no refusal');
      for (const text of Object.values(refusal.sentence)) expect(text).toMatch(/^[A-Z].{20,}\.$/);
      expect(refusal.message).toBe(refusal.sentence.en);
      expect(refusal.in('sw')).toMatchObject({
        code: refusal.code,
        message: refusal.sentence.sw,
        extra: refusal.extra,
      });
    }
    expect(new Set(said.map(({ message }) => message)).size).toBe(5);
  });

  test('what a payer bought in is what a new customer is written to in', async () => {
    const { reference } = await rig.purchases.start({
      ...{ packageId, msisdn: '0712 999 005', createdBy: 'portal', language: 'sw' },
    });
    await rig.runJobs();
    const { id, providerRequestId } = await rig.payment(reference);
    await rig.told(rig.tokens.of(id), stkResult({ id: providerRequestId ?? '', phone: 254_712_999_005 }));
    expect(await rig.db.customer.findMany({ select: { language: true } })).toEqual([{ language: 'sw' }]);
    expect((await rig.db.notification.findMany()).map(({ language }) => language)).toEqual(['sw', 'sw']);
  });
});

describe('asking the provider', () => {
  test('a job that runs twice asks once', async () => {
    const { reference } = await start();
    const { id } = await rig.payment(reference);
    const signal = new AbortController().signal;
    await Promise.all([rig.handlers.requestPayment(id, signal), rig.handlers.requestPayment(id, signal)]);
    await rig.handlers.requestPayment(id, signal);
    expect(rig.daraja.pushes).toHaveLength(1);
  });

  test('M6: a push that was made is written down once the store is back: its result finds it, and it can be asked about', async () => {
    const { reference } = await start();
    const { id } = await rig.payment(reference);
    let failures = 2;
    const away = Object.assign(new Error('Connection terminated unexpectedly'), { code: 'ECONNRESET' });
    const transact: typeof rig.transact = (work) => {
      if (failures === 0) return rig.transact(work);
      failures -= 1;
      return Promise.reject(away);
    };
    await rig.requestWith({ transact, waitMs: 1 })(id, new AbortController().signal);
    expect(failures).toBe(0);
    expect((await rig.payment(reference)).providerRequestId).toMatch(/\w/);
  });

  test('a push that could not be written down in time is named in the error', async () => {
    const { reference } = await start();
    const { id } = await rig.payment(reference);
    const gone = new AbortController();
    const transact: typeof rig.transact = () => {
      gone.abort();
      return Promise.reject(Object.assign(new Error('no connection'), { code: 'ECONNREFUSED' }));
    };
    await expect(rig.requestWith({ transact, waitMs: 1 })(id, gone.signal)).rejects.toThrow(/ws_CO|asked as/);
  });

  test('a refusal fails the payment at once, in words', async () => {
    rig.daraja.onPush = () => ({
      status: 400,
      body: { errorCode: '400.002.02', errorMessage: 'Bad Request - Invalid PhoneNumber' },
    });
    const { reference } = await rig.asked(packageId);
    expect(await rig.purchases.byReference(reference)).toMatchObject({
      status: 'failed',
      message: { en: expect.stringContaining('does not know this phone number') },
    });
    expect(await rig.payment(reference)).toMatchObject({ detail: expect.stringContaining('Invalid PhoneNumber') });
  });

  test('a push without an answer is never repeated: the purchase times out, and money that comes after all is believed when M-Pesa confirms it', async () => {
    rig.daraja.onPush = () => undefined;
    const { reference, token } = await rig.asked(packageId);
    expect(await rig.payment(reference)).toMatchObject({ state: 'requested', providerRequestId: null });
    for (const seconds of [15, 15, 30, 61]) await rig.later(seconds);
    expect(await rig.payment(reference)).toMatchObject({ state: 'timed_out', nextCheckAt: null });
    expect(await rig.purchases.byReference(reference)).toMatchObject({ status: 'checking' });
    expect(rig.daraja.pushes).toHaveLength(1);
    rig.daraja.onQuery = () => queryAnswer('0');
    await rig.told(token, stkResult({ id: 'ws_CO_unheard' }));
    expect(await rig.payment(reference)).toMatchObject({ state: 'succeeded', receipt: 'SGR0000001' });
  });

  test('a result for a push without an answer that M-Pesa does not confirm goes to a person', async () => {
    rig.daraja.onPush = () => undefined;
    const { reference, token } = await rig.asked(packageId);
    rig.clock.advance(60_000);
    rig.daraja.onQuery = () => queryAnswer('1032');
    await rig.told(token, stkResult({ id: 'ws_CO_invented' }));
    expect(await rig.payment(reference)).toMatchObject({
      state: 'review',
      receipt: 'SGR0000001',
      detail: expect.stringContaining('never confirmed'),
    });
    expect(await rig.db.entitlement.count()).toBe(0);
  });

  test('a result that overtakes the answer to the push waits for it', async () => {
    const { reference } = await start();
    const row = await rig.payment(reference);
    await rig.db.payment.update({ where: { id: row.id }, data: { state: 'requested', requestedAt: rig.clock.now() } });
    await rig.db.outboxMessage.deleteMany();
    const failures = await rig.told(rig.tokens.of(row.id), stkResult({ id: 'ws_CO_fast' }));
    expect(failures).toMatchObject([{ code: 'unavailable' }]);
    await rig.db.payment.update({ where: { id: row.id }, data: { providerRequestId: 'ws_CO_fast' } });
    await rig.runJobs();
    expect(await rig.payment(reference)).toMatchObject({ state: 'succeeded' });
  });

  test('a request that no worker took fails after two minutes, and is not made any more', async () => {
    const { reference } = await start();
    await rig.later(121);
    expect(await rig.payment(reference)).toMatchObject({ state: 'failed', resultCode: 'not_asked' });
    await rig.runJobs();
    expect(rig.daraja.pushes).toEqual([]);
  });
});

const BY = { actor: 'operator-1', requestId: 'request-1' };
const digits = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value);
