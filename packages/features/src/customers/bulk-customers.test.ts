import { byOperator, openShop, type Shop } from '../entitlements/shop-rig.js';
import { insertCustomersInBulk } from './bulk-customers.js';

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});

afterAll(async () => {
  await shop.close();
});

const startsAt = new Date('2026-03-01T00:00:00.000Z');
const endsAt = new Date('2027-03-01T00:00:00.000Z');

async function insert(packageId: string, from: number, to: number): Promise<string[]> {
  const bulk = { username: 'bulk-%d', password: 'secret-%d', from, to, packageId, startsAt, endsAt };
  return shop.transact((tx) => insertCustomersInBulk(tx, shop.secretBox, bulk));
}

describe('customers in bulk', () => {
  test('1,000 customers with an entitlement each take less than 2 seconds', async () => {
    const sold = await shop.newPackage({
      quotaOctets: '5000000000',
      devices: 2,
      onlineSeconds: 7_200,
      schedule: [{ days: [1], from: '08:00', to: '18:00' }],
      timeZone: 'Africa/Lagos',
      fairUse: [{ afterOctets: '1000', downKbps: 1, upKbps: 2 }],
      sites: ['Town'],
      macLogin: true,
    });
    const startedMs = performance.now();
    const ids = await insert(sold.id, 0, 1_000);
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    expect(new Set(ids).size).toBe(1_000);
    expect(await shop.db.customer.count()).toBe(1_000);
    expect(await shop.db.entitlement.count({ where: { packageId: sold.id, state: 'active', startsAt, endsAt } })).toBe(
      1_000,
    );
    const row = await shop.db.customer.findUniqueOrThrow({ where: { username: 'bulk-999' } });
    const place = { table: 'customer', row: row.id, column: 'password' };
    expect(shop.secretBox.open(row.password, place)).toBe('secret-999');
    expect(await shop.entitlements.list(row.id)).toMatchObject([
      {
        packageName: sold.name,
        type: 'hotspot',
        downKbps: 5_000,
        upKbps: 2_000,
        quotaOctets: '5000000000',
        devices: 2,
        onlineSeconds: 7_200,
        schedule: sold.schedule,
        timeZone: 'Africa/Lagos',
        fairUse: sold.fairUse,
        sites: ['Town'],
        routerIds: [],
        macLogin: true,
      },
    ]);
  });

  test('customers who exist are left alone', async () => {
    const sold = await shop.newPackage();
    const { row } = await shop.customers.create({ username: 'bulk-5001', password: 'their own' }, byOperator);
    const ids = await insert(sold.id, 5_000, 5_003);
    expect(ids).toHaveLength(2);
    expect(ids).not.toContain(row.id);
    expect(await shop.customers.get(row.id)).toEqual(row);
    expect(await shop.entitlements.list(row.id)).toEqual([]);
    expect(await insert(sold.id, 5_000, 5_003)).toEqual([]);
  });

  test('nobody is inserted for a package that does not exist', async () => {
    await expect(insert('0190b5c1-0000-7000-8000-000000000000', 9_000, 9_002)).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await shop.db.customer.count({ where: { username: 'bulk-9000' } })).toBe(0);
  });
});
