import { setImmediate as nextTurn } from 'node:timers/promises';
import { packageBody, updatePackage } from '@turnpike/contracts/packages.js';
import { byOperator, openShop, type Shop } from '../entitlements/shop-rig.js';

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});

afterAll(async () => {
  await shop.close();
});

afterEach(async () => {
  await shop.db.entitlement.deleteMany();
  await shop.db.customer.deleteMany();
  await shop.db.package.deleteMany();
});

describe('packages', () => {
  test('shows what was created, quotas beyond 2^53 as digits', async () => {
    const made = await shop.newPackage({ name: '  Daily  ', quotaOctets: '9223372036854775807', devices: 3 });
    expect(made).toMatchObject({
      name: 'Daily',
      type: 'hotspot',
      priceMinor: 1_000,
      currency: 'KES',
      quotaOctets: '9223372036854775807',
      devices: 3,
      active: true,
    });
    expect(await shop.packages.get(made.id)).toEqual(made);
  });

  test.each(['0', '9223372036854775808', '-1', '1.5', 'all', 0, -5, 1.5, 2 ** 60])('refuses %p as a quota', (quota) => {
    const body = {
      name: 'P',
      type: 'hotspot',
      priceMinor: 1,
      currency: 'KES',
      validForSeconds: 60,
      downKbps: 1,
      upKbps: 1,
    };
    expect(packageBody.safeParse(body).success).toBe(true);
    expect(packageBody.safeParse({ ...body, quotaOctets: quota }).success).toBe(false);
  });

  test('keeps and shows every term, each site and router once', async () => {
    const routerId = await shop.newRouter('Terms');
    const terms = {
      onlineSeconds: 36_000,
      schedule: [
        { days: [1, 2, 3, 4, 5], from: '18:00', to: '06:00' },
        { days: [6, 7], from: '00:00', to: '24:00' },
      ],
      timeZone: 'Africa/Kampala',
      fairUse: [
        { afterOctets: '1000000000', downKbps: 2_000, upKbps: 1_000 },
        { afterOctets: '9007199254740993', downKbps: 64, upKbps: 64 },
      ],
      sites: ['Town', 'Market'],
      routerIds: [routerId],
      macLogin: true,
    };
    const given = { ...terms, sites: ['Town', ' Market ', 'Town'], routerIds: [routerId, routerId.toUpperCase()] };
    const made = await shop.newPackage(given);
    expect(made).toMatchObject(terms);
    const plain = { onlineSeconds: null, schedule: null, fairUse: null, sites: [], routerIds: [] };
    const changed = await shop.packages.update(made.id, updatePackage.body.parse(plain), byOperator);
    expect(changed).toEqual({ ...made, ...plain });
    expect(await shop.newPackage({ ...plain, quotaOctets: null })).toMatchObject({
      ...plain,
      quotaOctets: null,
      timeZone: 'Africa/Nairobi',
      macLogin: false,
    });
  });

  test('a router that is not there or was deleted is named', async () => {
    const [there, gone] = [await shop.newRouter('There'), await shop.newRouter('Gone')];
    await shop.db.router.update({ where: { id: gone }, data: { deletedAt: new Date() } });
    const never = '0190b5c1-0000-7000-8000-000000000000';
    await expect(shop.newPackage({ routerIds: [there, gone, never] })).rejects.toMatchObject({
      code: 'validation_failed',
      issues: [
        { path: 'routerIds.1', message: `there is no router ${gone}` },
        { path: 'routerIds.2', message: `there is no router ${never}` },
      ],
    });
    const made = await shop.newPackage({ routerIds: [there] });
    await expect(shop.packages.update(made.id, { routerIds: [never] }, byOperator)).rejects.toMatchObject({
      issues: [{ path: 'routerIds.0' }],
    });
    expect(await shop.packages.get(made.id)).toEqual(made);
  });

  test('pages through all packages newest first, each once', async () => {
    const made = [];
    for (let count = 0; count < 7; count += 1) made.push((await shop.newPackage()).id);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await shop.packages.list({ limit: 3, cursor });
      seen.push(...page.items.map((item) => item.id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual([...made].sort().reverse());
  });

  test('lists by whether they are on sale', async () => {
    const [on, off] = [await shop.newPackage(), await shop.newPackage()];
    await shop.packages.update(off.id, { active: false }, byOperator);
    const ids = async (active: boolean) =>
      (await shop.packages.list({ limit: 10, active })).items.map((item) => item.id);
    expect(await ids(true)).toEqual([on.id]);
    expect(await ids(false)).toEqual([off.id]);
  });

  test('refuses a cursor that is not ours', async () => {
    await expect(shop.packages.list({ limit: 3, cursor: 'x' })).rejects.toMatchObject({
      code: 'validation_failed',
      issues: [{ path: 'cursor' }],
    });
  });

  test('a name that is taken is refused, naming the field, on create and on change', async () => {
    const [one, two] = [await shop.newPackage({ name: 'One' }), await shop.newPackage({ name: 'Two' })];
    const refused = { code: 'name_taken', issues: [{ path: 'name', message: 'is taken' }] };
    await expect(shop.newPackage({ name: 'One' })).rejects.toMatchObject(refused);
    await expect(shop.packages.update(two.id, { name: 'One' }, byOperator)).rejects.toMatchObject(refused);
    expect((await shop.packages.get(two.id)).name).toBe('Two');
    await expect(shop.packages.update(one.id, { name: 'One' }, byOperator)).resolves.toMatchObject({ name: 'One' });
  });

  test('a change touches the given fields only; null takes the quota away', async () => {
    const made = await shop.newPackage({ quotaOctets: '1000' });
    const dearer = await shop.packages.update(made.id, updatePackage.body.parse({ priceMinor: 5 }), byOperator);
    expect(dearer).toEqual({ ...made, priceMinor: 5 });
    const open = await shop.packages.update(made.id, updatePackage.body.parse({ quotaOctets: null }), byOperator);
    expect(open).toEqual({ ...dearer, quotaOctets: null });
  });

  test('a package that was never sold is deleted, one that was sold is kept', async () => {
    const [sold, unsold] = [await shop.newPackage(), await shop.newPackage()];
    await shop.entitlements.grant(await shop.newCustomer(), sold.id, byOperator);
    await shop.packages.remove(unsold.id, byOperator);
    await expect(shop.packages.get(unsold.id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(shop.packages.remove(sold.id, byOperator)).rejects.toMatchObject({ code: 'conflict' });
    expect(await shop.packages.get(sold.id)).toEqual(sold);
  });

  test('a package that vouchers were made for is kept', async () => {
    const made = await shop.newPackage();
    await shop.vouchers.createBatch({ packageId: made.id, count: 1 }, byOperator);
    await expect(shop.packages.remove(made.id, byOperator)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('archive it with POST'),
    });
    await shop.db.voucher.deleteMany();
    await shop.db.voucherBatch.deleteMany();
  });

  test('a sale and a deletion at once end with one of them refused, never with an error of the database', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [made, customerId] = [await shop.newPackage(), await shop.newCustomer()];
      const [grant, removal] = await Promise.allSettled([
        shop.entitlements.grant(customerId, made.id, byOperator),
        shop.packages.remove(made.id, byOperator),
      ]);
      if (grant.status === 'fulfilled') expect(removal).toMatchObject({ reason: { code: 'conflict' } });
      else expect([grant.reason.code, removal.status]).toEqual(['not_found', 'fulfilled']);
    }
  });

  test('editing a package never changes what was sold', async () => {
    const made = await shop.newPackage({ quotaOctets: '1000' });
    const customerId = await shop.newCustomer();
    const granted = await shop.entitlements.grant(customerId, made.id, byOperator);
    await shop.packages.update(
      made.id,
      { name: 'Renamed', downKbps: 1, upKbps: 1, quotaOctets: '5', devices: 9, validForSeconds: 60, active: false },
      byOperator,
    );
    expect(await shop.entitlements.list(customerId)).toEqual([granted]);
  });

  test('a package that is not on sale cannot be granted', async () => {
    const made = await shop.newPackage();
    await shop.packages.update(made.id, { active: false }, byOperator);
    const customerId = await shop.newCustomer();
    await expect(shop.entitlements.grant(customerId, made.id, byOperator)).rejects.toMatchObject({ code: 'conflict' });
    expect(await shop.entitlements.list(customerId)).toEqual([]);
  });

  test('another process shows a change that was made here, from lists too', async () => {
    const elsewhere = await shop.newPackages();
    const made = await shop.newPackage();
    expect(await elsewhere.get(made.id)).toEqual(made);
    expect((await elsewhere.list({ limit: 10 })).items).toEqual([made]);
    const changed = await shop.packages.update(made.id, { priceMinor: 7 }, byOperator);
    expect(await shop.packages.get(made.id)).toEqual(changed);
    await until(async () => (await elsewhere.get(made.id)).priceMinor === 7);
    expect((await elsewhere.list({ limit: 10 })).items).toEqual([changed]);
    await shop.packages.remove(made.id, byOperator);
    await until(async () => (await elsewhere.list({ limit: 10 })).items.length === 0);
    await expect(elsewhere.get(made.id)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('writes down who changed what', async () => {
    const made = await shop.newPackage();
    await shop.packages.update(made.id, { priceMinor: 7 }, byOperator);
    await shop.packages.remove(made.id, byOperator);
    const entries = await shop.db.auditEntry.findMany({ where: { subjectId: made.id }, orderBy: { id: 'asc' } });
    expect(entries.map((entry) => [entry.actor, entry.action])).toEqual([
      ['operator-1', 'package.create'],
      ['operator-1', 'package.update'],
      ['operator-1', 'package.delete'],
    ]);
    expect(entries[1]?.details).toEqual({
      before: { priceMinor: made.priceMinor },
      after: { priceMinor: 7 },
    });
  });
});

/** News from another process takes a moment to arrive. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadlineMs = Date.now() + 2_000;
  while (!(await holds())) {
    if (Date.now() > deadlineMs) throw new Error('nothing changed within 2 s');
    await nextTurn();
  }
}
