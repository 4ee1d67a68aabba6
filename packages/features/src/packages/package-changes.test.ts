import { packageBody, updatePackage } from '@turnpike/contracts/packages.js';
import { byOperator, openShop, type Shop } from '../entitlements/shop-rig.js';
import { copyNames } from './copy-names.js';
import type { OfferedTo } from './offer.js';

let shop: Shop;

const BURST = { downKbps: 9_000, upKbps: 4_000, thresholdDownKbps: 4_000, thresholdUpKbps: 1_500, seconds: 16 };
const UNKNOWN = '0190b5c1-0000-7000-8000-000000000000';

beforeAll(async () => {
  shop = await openShop();
});

afterAll(async () => {
  await shop.close();
});

afterEach(async () => {
  await shop.db.payment.deleteMany();
  await shop.db.entitlement.deleteMany();
  await shop.db.customer.deleteMany();
  await shop.db.package.deleteMany();
});

const names = async (query: Omit<Parameters<Shop['packages']['list']>[0], 'limit'>): Promise<string[]> =>
  (await shop.packages.list({ limit: 50, ...query })).items.map((item) => item.name).sort();

describe('the new terms', () => {
  test('are kept and shown; without them a package is as it always was', async () => {
    const terms = {
      burst: BURST,
      validFrom: 'first_login',
      onRepeat: 'upgrade',
      visibility: 'agents',
      description: 'For the weekend:\nfast and open.',
    };
    const made = await shop.newPackage(terms);
    expect(made).toMatchObject(terms);
    expect(await shop.packages.get(made.id)).toEqual(made);
    const plain = await shop.packages.update(made.id, updatePackage.body.parse({ burst: null }), byOperator);
    expect(plain).toEqual({ ...made, burst: null });
    expect(await shop.newPackage()).toMatchObject({
      burst: null,
      validFrom: 'purchase',
      onRepeat: 'extend',
      visibility: 'public',
      description: '',
      archivedAt: null,
    });
  });

  test('a burst slower than the package or a threshold above the burst is refused by its field, on changes too', async () => {
    const refusal = (path: string) => ({ code: 'validation_failed', issues: [{ path }] });
    const slow = shop.newPackage({ burst: { ...BURST, downKbps: 4_999 } });
    await expect(slow).rejects.toMatchObject(refusal('burst.downKbps'));
    const high = shop.newPackage({ burst: { ...BURST, thresholdUpKbps: 4_001 } });
    await expect(high).rejects.toMatchObject(refusal('burst.thresholdUpKbps'));
    const made = await shop.newPackage({ burst: BURST });
    const faster = shop.packages.update(made.id, { downKbps: 10_000 }, byOperator);
    await expect(faster).rejects.toMatchObject(refusal('burst.downKbps'));
    expect(await shop.packages.get(made.id)).toEqual(made);
    await shop.packages.update(made.id, { downKbps: 10_000, burst: null }, byOperator);
  });

  test.each([
    { burst: { ...BURST, seconds: 0 } },
    { burst: { downKbps: 9_000, upKbps: 4_000 } },
    { onRepeat: 'refund' },
    { visibility: 'nobody' },
    { description: 'a\u0000b' },
  ])('%j is refused', (terms) => {
    const body = { name: 'P', type: 'hotspot', priceMinor: 1, currency: 'KES', validForSeconds: 60 };
    const given = { ...body, downKbps: 1, upKbps: 1 };
    expect(packageBody.safeParse(given).success).toBe(true);
    expect(packageBody.safeParse({ ...given, ...terms }).success).toBe(false);
  });
});

describe('on sale, off sale, out of use', () => {
  test('activate and deactivate say what has become of it, as often as they are asked', async () => {
    const made = await shop.newPackage();
    for (const active of [false, false, true, true]) {
      expect(await shop.packages.setActive(made.id, active, byOperator)).toEqual({ ...made, active });
    }
    const actions = await shop.db.auditEntry.findMany({ where: { subjectId: made.id }, orderBy: { id: 'asc' } });
    expect(actions.map((entry) => entry.action)).toEqual(['package.create', 'package.deactivate', 'package.activate']);
  });

  test('a package that was sold is archived: gone from the lists and from sale, what was sold goes on', async () => {
    const made = await shop.newPackage();
    const customerId = await shop.newCustomer();
    const granted = await shop.entitlements.grant(customerId, made.id, byOperator);
    await expect(shop.packages.remove(made.id, byOperator)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(`POST /packages/${made.id}/archive`),
    });
    const archived = await shop.packages.archive(made.id, byOperator);
    expect(archived).toMatchObject({ active: false, archivedAt: expect.any(String) });
    expect(await shop.packages.archive(made.id, byOperator)).toEqual(archived);
    expect(await names({})).toEqual([]);
    expect(await names({ archived: true })).toEqual([made.name]);
    expect(await shop.packages.get(made.id)).toEqual(archived);
    expect(await shop.entitlements.list(customerId)).toEqual([granted]);
    const archivedWords = { code: 'conflict', message: expect.stringContaining('is archived') };
    for (const refused of [
      () => shop.entitlements.grant(customerId, made.id, byOperator),
      () => shop.packages.update(made.id, { priceMinor: 1 }, byOperator),
      () => shop.packages.setActive(made.id, true, byOperator),
    ]) {
      await expect(refused()).rejects.toMatchObject(archivedWords);
    }
  });

  test('one that somebody was asked to pay for is kept too', async () => {
    const made = await shop.newPackage();
    const payment = { reference: 'r1', provider: 'mpesa', purpose: 'package', currency: 'KES', createdBy: 'portal' };
    await shop.db.payment.create({ data: { ...payment, packageId: made.id, amountMinor: 1_000 } });
    await expect(shop.packages.remove(made.id, byOperator)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('an unknown one is not found', async () => {
    const refused = { code: 'not_found' };
    await expect(shop.packages.archive(UNKNOWN, byOperator)).rejects.toMatchObject(refused);
    await expect(shop.packages.setActive(UNKNOWN, true, byOperator)).rejects.toMatchObject(refused);
    await expect(shop.packages.duplicate(UNKNOWN, {}, byOperator)).rejects.toMatchObject(refused);
    await expect(shop.packages.radiusPreview(UNKNOWN)).rejects.toMatchObject(refused);
  });
});

describe('duplicating', () => {
  test('makes one with the same terms and a name of its own, not on sale', async () => {
    const made = await shop.newPackage({
      name: 'Daily',
      quotaOctets: '9223372036854775807',
      onlineSeconds: 60,
      schedule: [{ days: [1], from: '08:00', to: '18:00' }],
      fairUse: [{ afterOctets: '5', downKbps: 1, upKbps: 1 }],
      burst: BURST,
      sites: ['Town'],
      visibility: 'hidden',
      description: 'words',
    });
    const copy = await shop.packages.duplicate(made.id, {}, byOperator);
    const own = { id: copy.id, createdAt: copy.createdAt, name: 'Daily (copy)', active: false };
    expect(copy).toEqual({ ...made, ...own });
    expect((await shop.packages.duplicate(made.id, {}, byOperator)).name).toBe('Daily (copy 2)');
    expect((await shop.packages.duplicate(copy.id, {}, byOperator)).name).toBe('Daily (copy 3)');
    expect((await shop.packages.duplicate(made.id, { name: 'Nightly' }, byOperator)).name).toBe('Nightly');
    const taken = shop.packages.duplicate(made.id, { name: 'Nightly' }, byOperator);
    await expect(taken).rejects.toMatchObject({ code: 'name_taken' });
  });

  test('of an archived one is the way back, and long names stay within what a name may be', async () => {
    const made = await shop.newPackage({ name: 'ä'.repeat(80) });
    await shop.packages.archive(made.id, byOperator);
    const copy = await shop.packages.duplicate(made.id, {}, byOperator);
    expect(copy).toMatchObject({ archivedAt: null, active: false });
    expect(copy.name).toBe(`${'ä'.repeat(73)} (copy)`);
    expect(copyNames('x').at(-1)).toBe('x (copy 100)');
  });
});

describe('finding packages', () => {
  test('by visibility, and by part of the name or the description, where % and _ mean themselves', async () => {
    await shop.newPackage({ name: 'Weekend 100%', visibility: 'agents' });
    await shop.newPackage({ name: 'Daily', description: 'not for the weekend' });
    await shop.newPackage({ name: 'Hidden', visibility: 'hidden' });
    expect(await names({ visibility: 'agents' })).toEqual(['Weekend 100%']);
    expect(await names({ q: ' WEEKEND ' })).toEqual(['Daily', 'Weekend 100%']);
    expect(await names({ q: '0%' })).toEqual(['Weekend 100%']);
    expect(await names({ q: 'weekend', visibility: 'public' })).toEqual(['Daily']);
    expect(await names({ q: '' })).toHaveLength(3);
    expect(await names({ q: '_' })).toEqual([]);
  });
});

describe('an offer', () => {
  const offeredTo = async (id: string): Promise<OfferedTo[]> => {
    const all = ['public', 'agents', 'operators'] as const;
    const found = await Promise.allSettled(all.map((to) => shop.transact((tx) => shop.packages.offer(tx, id, to))));
    for (const one of found) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'not_found' });
    return all.filter((_to, index) => found[index]?.status === 'fulfilled');
  };

  test.each([
    ['public', ['public', 'agents', 'operators']],
    ['agents', ['agents', 'operators']],
    ['hidden', ['operators']],
  ])('of a package that is %s goes to %j', async (visibility, to) => {
    expect(await offeredTo((await shop.newPackage({ visibility })).id)).toEqual(to);
  });

  test('of one that is off sale, archived or unknown goes to nobody', async () => {
    const [off, old] = [await shop.newPackage(), await shop.newPackage()];
    await shop.packages.setActive(off.id, false, byOperator);
    await shop.packages.archive(old.id, byOperator);
    for (const id of [off.id, old.id, UNKNOWN]) expect(await offeredTo(id)).toEqual([]);
  });
});

describe('the preview of what RADIUS tells routers', () => {
  test('has the attributes of a fresh login by name, value and in words, and what decides beside them', async () => {
    const made = await shop.newPackage({
      burst: BURST,
      quotaOctets: '5000000000',
      onlineSeconds: 1_800,
      devices: 2,
      fairUse: [{ afterOctets: '1500000000', downKbps: 512, upKbps: 128 }],
      sites: ['Town'],
      schedule: [{ days: [6, 7], from: '08:00', to: '22:00' }],
      validFrom: 'first_login',
      macLogin: true,
    });
    const { attributes, fairUse, conditions } = await shop.packages.radiusPreview(made.id);
    const told = new Map(attributes.map(({ name, value, words }) => [name, [value, words]]));
    expect(told.get('Session-Timeout')).toEqual(['1800', 'the router ends the session after 30 minutes']);
    expect(told.get('Idle-Timeout')).toEqual(['600', 'and after 10 minutes without traffic']);
    expect(told.get('Acct-Interim-Interval')).toEqual(['60', 'the router reports usage every 1 minute']);
    expect(told.get('Mikrotik-Rate-Limit')).toEqual([
      '2000k/5000k 4000k/9000k 1500k/4000k 16/16',
      '5 Mbit/s down, 2 Mbit/s up; up to 9 Mbit/s down, 4 Mbit/s up while the average over 16 seconds is below 4 Mbit/s down, 1.5 Mbit/s up',
    ]);
    expect(told.get('Port-Limit')).toEqual(['2', '2 devices at once']);
    expect(told.get('Mikrotik-Total-Limit')).toEqual([
      String(5_000_000_000 % 2 ** 32),
      'with its Gigawords: the router ends the session after 5 GB, both directions together',
    ]);
    expect(told.get('Mikrotik-Total-Limit-Gigawords')?.[0]).toBe('1');
    expect(attributes.every(({ words }) => words !== '')).toBe(true);
    expect(fairUse).toEqual([
      {
        afterOctets: '1500000000',
        name: 'Mikrotik-Rate-Limit',
        value: '128k/512k',
        words: 'after 1.5 GB: 512 kbit/s down, 128 kbit/s up, changed without a disconnect',
      },
    ]);
    expect(conditions).toEqual([
      'only for HotSpot logins',
      'its time begins with the first login',
      '30 minutes online at most, summed over all sessions',
      'only Sat Sun 08:00-22:00 (Africa/Nairobi); the Session-Timeout ends with the hours',
      'only at site Town',
      'known devices are let in by their MAC address alone',
    ]);
  });
});
