import { createVoucherBatch, MAX_VOUCHERS } from '@turnpike/contracts/vouchers.js';
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
    expect(performance.now() - startedMs).toBeLessThan(4_000);
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
