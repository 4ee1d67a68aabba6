import { createVoucherBatch, MAX_VOUCHERS } from '@turnpike/contracts/vouchers.js';
import { maskMsisdn } from '@turnpike/core/msisdn.js';
import { createVoucherCodes } from './voucher-code.js';
import { byOperator, openShop, type Shop } from '../entitlements/shop-rig.js';

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});

afterAll(async () => {
  await shop.close();
});

afterEach(async () => {
  await shop.db.voucher.deleteMany();
  await shop.db.voucherBatch.deleteMany();
  await shop.db.agent.deleteMany();
});

const inHours = (hours: number): string => new Date(shop.clock.now().getTime() + hours * 3_600_000).toISOString();

async function newBatch(count: number, expiresAt?: string) {
  const { id: packageId } = await shop.newPackage();
  return shop.vouchers.createBatch({ packageId, count, expiresAt }, byOperator);
}

async function listed() {
  return (await shop.vouchers.listBatches({ limit: 10 })).items;
}

describe('batches of vouchers', () => {
  test('10,000 codes, all different, are made within a few seconds', async () => {
    const startedMs = performance.now();
    const { codes, count } = await newBatch(MAX_VOUCHERS);
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    expect([codes.length, new Set(codes).size, count]).toEqual([MAX_VOUCHERS, MAX_VOUCHERS, MAX_VOUCHERS]);
    expect(await shop.db.voucher.count({ where: { state: 'unused' } })).toBe(MAX_VOUCHERS);
  });

  test('M9: the codes are told once and stored nowhere', async () => {
    const { id, codes } = await newBatch(20);
    expect(await listed()).toMatchObject([{ id, count: 20, unused: 20 }]);
    const everything = await Promise.all([
      shop.db.$queryRaw`SELECT code_hash, state::text FROM voucher`,
      shop.db.$queryRaw`SELECT terms, created_by FROM voucher_batch`,
      shop.db.$queryRaw`SELECT job, payload FROM outbox_message`,
      shop.db.$queryRaw`SELECT action, details FROM audit_entry`,
    ]);
    const dump = JSON.stringify([everything, await listed()]).toUpperCase();
    for (const code of codes) {
      expect(dump).not.toContain(code);
      expect(dump).not.toContain(code.replaceAll('-', ''));
    }
  });

  test('are listed newest first, a page at a time, with what has become of the codes', async () => {
    const [old, expiring, fresh] = [await newBatch(3), await newBatch(4, inHours(1)), await newBatch(5)];
    await shop.redemption.redeem(old.codes[0] ?? '');
    await shop.vouchers.revokeBatch(fresh.id, byOperator);
    const none = { unused: 0, redeemed: 0, revoked: 0, expired: 0 };
    expect(await listed()).toMatchObject([
      { id: fresh.id, ...none, revoked: 5, expiresAt: null },
      { id: expiring.id, ...none, unused: 4, expiresAt: inHours(1) },
      { id: old.id, ...none, unused: 2, redeemed: 1, createdBy: 'operator-1' },
    ]);
    const first = await shop.vouchers.listBatches({ limit: 2 });
    const second = await shop.vouchers.listBatches({ limit: 2, cursor: first.nextCursor ?? undefined });
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual([fresh.id, expiring.id, old.id]);
    expect(second.nextCursor).toBeNull();
    shop.clock.advance(3_600_000);
    expect((await listed())[1]).toMatchObject({ ...none, expired: 4 });
  });

  test('revoking leaves alone what was redeemed, and is written down', async () => {
    const { id, codes } = await newBatch(3);
    const redeemed = await shop.redemption.redeem(codes[0] ?? '');
    expect(await shop.vouchers.revokeBatch(id, byOperator)).toEqual({ revoked: 2 });
    expect(await shop.vouchers.revokeBatch(id, byOperator)).toEqual({ revoked: 0 });
    expect(await shop.redemption.redeem(codes[0] ?? '')).toEqual(redeemed);
    expect(await shop.redemption.redeem(codes[1] ?? '')).toEqual({ kind: 'revoked' });
    const entries = await shop.db.auditEntry.findMany({ where: { subjectId: id }, orderBy: { id: 'asc' } });
    expect(entries.map(({ action, details }) => [action, details])).toMatchObject([
      ['vouchers.create', { count: 3 }],
      ['vouchers.revoke', { revoked: 2 }],
      ['vouchers.revoke', { revoked: 0 }],
    ]);
  });

  test('what cannot be made is refused in words', async () => {
    const { id: packageId } = await shop.newPackage();
    await expect(
      shop.vouchers.createBatch({ packageId, count: 1, expiresAt: inHours(0) }, byOperator),
    ).rejects.toMatchObject({ code: 'validation_failed', issues: [{ path: 'expiresAt' }] });
    const unknown = '0190b5c1-0000-7000-8000-000000000000';
    await expect(shop.vouchers.createBatch({ packageId: unknown, count: 1 }, byOperator)).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(shop.vouchers.revokeBatch(unknown, byOperator)).rejects.toMatchObject({ code: 'not_found' });
    await shop.packages.update(packageId, { active: false }, byOperator);
    await expect(shop.vouchers.createBatch({ packageId, count: 1 }, byOperator)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('activate it first'),
    });
    expect(await listed()).toEqual([]);
    for (const count of [0, MAX_VOUCHERS + 1, 1.5]) {
      expect(createVoucherBatch.body.safeParse({ packageId, count }).success).toBe(false);
    }
  });
});

describe('one batch among many', () => {
  test('is told with price, validity and the number on its cards', async () => {
    const sold = await shop.newPackage({ priceMinor: 5_000 });
    const made = await shop.vouchers.createBatch({ packageId: sold.id, count: 2 }, byOperator);
    expect(made).toMatchObject({ packageName: sold.name, priceMinor: 5_000, currency: 'KES', validForSeconds: 3_600 });
    const { codes: _, ...shown } = made;
    expect(await shop.vouchers.getBatch(made.id)).toEqual({
      ...shown,
      agentName: null,
      createdBy: 'operator-1',
      unused: 2,
      redeemed: 0,
      revoked: 0,
      expired: 0,
    });
    await shop.packages.update(sold.id, { priceMinor: 9_000, name: `${sold.name} new` }, byOperator);
    expect(await shop.vouchers.getBatch(made.id)).toMatchObject({ packageName: sold.name, priceMinor: 5_000 });
    await expect(shop.vouchers.getBatch(NOBODY)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('is found by package, by agent, by the number on a card and by when it was made', async () => {
    const [one, other] = [await newBatch(1), await newBatch(1)];
    const agent = await shop.db.agent.create({ data: { name: 'Kiosk', commissionBasisPoints: 500 } });
    const { id: packageId } = await shop.newPackage();
    const sold = await shop.transact(async (tx) => {
      const offer = await shop.packages.offer(tx, packageId, 'agents');
      return shop.vouchers.makeBatch(tx, { offer, count: 1, expiresAt: null, createdBy: 'a', agentId: agent.id });
    });
    const found = async (query: object) => (await shop.vouchers.listBatches({ limit: 10, ...query })).items;
    expect((await found({ packageId: one.packageId })).map(({ id }) => id)).toEqual([one.id]);
    expect(await found({ agentId: agent.id })).toMatchObject([{ id: sold.id, agentName: 'Kiosk' }]);
    expect((await found({ number: other.number.toLowerCase() })).map(({ id }) => id)).toEqual([other.id]);
    expect(await found({ number: '00000000' })).toEqual([]);
    expect(await found({ to: one.createdAt })).toEqual([]);
    expect(await found({ from: one.createdAt })).toHaveLength(3);
  });

  test('made before prices and repeats were kept with it, is shown and redeemed all the same', async () => {
    const { id, codes } = await newBatch(1);
    const { terms } = await shop.db.voucherBatch.findUniqueOrThrow({ where: { id } });
    const { packageName, validForSeconds, terms: sold } = Object(terms);
    const { burst: _, ...old } = Object(sold);
    await shop.db.voucherBatch.update({ where: { id }, data: { terms: { packageName, validForSeconds, terms: old } } });
    expect(await listed()).toMatchObject([{ packageName, priceMinor: null, currency: null }]);
    expect(await shop.redemption.redeem(codes[0] ?? '')).toMatchObject({ kind: 'redeemed' });
  });
});

describe('one voucher', () => {
  test('is found by its code in any spelling, with who redeemed it', async () => {
    const { id: batchId, number, codes } = await newBatch(3);
    const [code = ''] = codes;
    const look = async (q: string) => (await shop.vouchers.list({ limit: 10, q })).items;
    const spelled = code.toLowerCase().replaceAll('-', ' ');
    expect(await look(spelled)).toMatchObject([{ batchId, batchNumber: number, state: 'unused', redeemedBy: null }]);
    const customerId = await shop.newCustomer();
    await shop.customers.update(customerId, { msisdn: '0712345678' }, byOperator);
    const { username } = await shop.customers.get(customerId);
    await shop.vouchers.redeemFor(customerId, code, byOperator);
    expect(await look(code)).toMatchObject([
      { state: 'redeemed', redeemedBy: { customerId, username, msisdn: maskMsisdn('254712345678') } },
    ]);
    const [found] = await look(code);
    expect(await shop.vouchers.get(found?.id ?? '')).toEqual(found);
    await expect(shop.vouchers.get(NOBODY)).rejects.toMatchObject({ code: 'not_found' });
    expect(await look(createVoucherCodes(['99'.repeat(32)]).generate())).toEqual([]);
    await expect(look('AAAA-AAAA-AAAB')).rejects.toMatchObject({ code: 'validation_failed' });
    const rest = await shop.vouchers.list({ limit: 1, batchId, state: 'unused' });
    expect([rest.items.length, rest.nextCursor]).toEqual([1, rest.items[0]?.id]);
  });

  test('unused past its time is listed as expired, never as unused', async () => {
    const { id: batchId } = await newBatch(2, inHours(1));
    shop.clock.advance(3_600_000);
    expect((await shop.vouchers.list({ limit: 10, batchId, state: 'unused' })).items).toEqual([]);
    const { items } = await shop.vouchers.list({ limit: 10, batchId, state: 'expired' });
    expect(items.map(({ state }) => state)).toEqual(['expired', 'expired']);
  });

  test('is revoked alone', async () => {
    const { id: batchId, codes } = await newBatch(2);
    const [voucher] = (await shop.vouchers.list({ limit: 1, q: codes[0] ?? '' })).items;
    const id = voucher?.id ?? '';
    expect(await shop.vouchers.revoke(id, { endAccess: false }, byOperator)).toMatchObject({ state: 'revoked' });
    expect(await shop.vouchers.revoke(id, { endAccess: true }, byOperator)).toMatchObject({ state: 'revoked' });
    expect(await shop.redemption.redeem(codes[0] ?? '')).toEqual({ kind: 'revoked' });
    expect(await shop.vouchers.getBatch(batchId)).toMatchObject({ unused: 1, revoked: 1 });
    expect(await shop.db.auditEntry.findMany({ where: { subjectId: id } })).toMatchObject([
      { action: 'voucher.revoke' },
    ]);
    await expect(shop.vouchers.revoke(NOBODY, { endAccess: false }, byOperator)).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('redeemed keeps its access unless that is to end too', async () => {
    const { codes } = await newBatch(1);
    const redemption = await shop.redemption.redeem(codes[0] ?? '');
    if (redemption.kind !== 'redeemed') throw new Error('not redeemed');
    const [voucher] = (await shop.vouchers.list({ limit: 1, q: codes[0] ?? '' })).items;
    const id = voucher?.id ?? '';
    await expect(shop.vouchers.revoke(id, { endAccess: false }, byOperator)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('endAccess'),
    });
    expect(await shop.entitlements.list(redemption.customerId)).toMatchObject([{ state: 'active' }]);
    expect(await shop.vouchers.revoke(id, { endAccess: true }, byOperator)).toMatchObject({ state: 'redeemed' });
    expect(await shop.entitlements.list(redemption.customerId)).toMatchObject([{ state: 'refunded' }]);
  });
});

describe('a voucher for a customer who has an account', () => {
  test('adds its time to what the customer has, once', async () => {
    const { id: packageId } = await shop.newPackage();
    const { codes } = await shop.vouchers.createBatch({ packageId, count: 2 }, byOperator);
    const customerId = await shop.newCustomer();
    const first = await shop.vouchers.redeemFor(customerId, codes[0] ?? '', byOperator);
    expect(first).toMatchObject({ customerId, packageId, state: 'active', endsAt: inHours(1) });
    const second = await shop.vouchers.redeemFor(customerId, ` ${(codes[1] ?? '').toLowerCase()}`, byOperator);
    expect([second.id, second.endsAt]).toEqual([first.id, inHours(2)]);
    expect(await shop.vouchers.redeemFor(customerId, codes[1] ?? '', byOperator)).toEqual(second);
    expect(await shop.entitlements.list(customerId)).toHaveLength(1);
    expect(await shop.jobs('subject.refresh')).toContainEqual({ customerId });
    const other = await shop.newCustomer();
    await expect(shop.vouchers.redeemFor(other, codes[1] ?? '', byOperator)).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await shop.entitlements.list(other)).toEqual([]);
  });

  test('cannot be taken back by its code alone, as other purchases may be part of it', async () => {
    const { codes } = await newBatch(1);
    const customerId = await shop.newCustomer();
    const given = await shop.vouchers.redeemFor(customerId, codes[0] ?? '', byOperator);
    const [voucher] = (await shop.vouchers.list({ limit: 1, q: codes[0] ?? '' })).items;
    await expect(shop.vouchers.revoke(voucher?.id ?? '', { endAccess: true }, byOperator)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('refund or suspend that entitlement'),
    });
    expect(await shop.entitlements.list(customerId)).toMatchObject([{ id: given.id, state: 'active' }]);
  });

  test.each([
    ['nonsense', 'validation_failed'],
    ['unknown', 'conflict'],
    ['revoked', 'conflict'],
  ])('that is %s changes nothing', async (what, code) => {
    const { id, codes } = await newBatch(1);
    const text = { nonsense: 'ABC', unknown: shop.codes.generate(), revoked: codes[0] ?? '' }[what] ?? '';
    await shop.vouchers.revokeBatch(id, byOperator);
    const customerId = await shop.newCustomer();
    await expect(shop.vouchers.redeemFor(customerId, text, byOperator)).rejects.toMatchObject({ code });
    await expect(shop.vouchers.redeemFor(NOBODY, text, byOperator)).rejects.toMatchObject({ code });
    expect(await shop.entitlements.list(customerId)).toEqual([]);
  });

  test('of nobody is not redeemed', async () => {
    const { codes } = await newBatch(1);
    await expect(shop.vouchers.redeemFor(NOBODY, codes[0] ?? '', byOperator)).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await listed()).toMatchObject([{ unused: 1, redeemed: 0 }]);
  });
});

const NOBODY = '0190b5c1-0000-7000-8000-000000000000';
