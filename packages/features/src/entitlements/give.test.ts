import type { EntitlementWithLeft } from '@turnpike/contracts/customers.js';
import { offerSchema } from '../packages/offer.js';
import { giveOffer } from './give.js';
import { byOperator, openShop, type Shop } from './shop-rig.js';

let shop: Shop;

const HOUR_MS = 3_600_000;
const NEVER = '9999-12-31T23:59:59.999Z';

beforeAll(async () => {
  shop = await openShop();
});

afterAll(async () => {
  await shop.close();
});

afterEach(async () => {
  await shop.db.sessionCommand.deleteMany();
  await shop.db.session.deleteMany();
  await shop.db.entitlement.deleteMany();
  await shop.forgetJobs();
});

const inHours = (hours: number): string => new Date(shop.clock.now().getTime() + hours * HOUR_MS).toISOString();
const grant = (customerId: string, packageId: string) => shop.entitlements.grant(customerId, packageId, byOperator);
const mine = (customerId: string): Promise<EntitlementWithLeft[]> =>
  shop.entitlements.entitlementsOf(customerId, shop.clock.now());
const commands = () => shop.db.sessionCommand.findMany({ orderBy: { id: 'asc' } });

describe('giving an offer', () => {
  test('holds to the offer, however the package was changed since, and keeps what bought it', async () => {
    const sold = await shop.newPackage({ quotaOctets: '1000' });
    const offer = await shop.transact((tx) => shop.packages.offer(tx, sold.id, 'public'));
    expect(offerSchema.parse(JSON.parse(JSON.stringify(offer)))).toEqual(offer);
    await shop.packages.update(sold.id, { name: 'Dearer', quotaOctets: '1', validForSeconds: 60 }, byOperator);
    const customerId = await shop.newCustomer();
    const paymentId = '0190b5c1-0000-7000-8000-000000000001';
    const { revision } = await shop.customers.get(customerId);
    const given = await shop.transact((tx) =>
      giveOffer(tx, shop, { customerId, offer, grantedBy: 'system', paymentId }),
    );
    expect(given).toMatchObject({ packageName: sold.name, quotaOctets: 1_000n, paymentId, state: 'active' });
    expect(given.endsAt.toISOString()).toBe(inHours(1));
    expect((await shop.customers.get(customerId)).revision).toBe(revision + 1n);
    expect(await shop.jobs('subject.refresh')).toContainEqual({ customerId });
  });

  test('20 purchases at once, whatever is done with them, give 20 hours and 20 quotas', async () => {
    for (const onRepeat of ['extend', 'queue', 'stack'] as const) {
      const sold = await shop.newPackage({ quotaOctets: '1000', onRepeat });
      const customerId = await shop.newCustomer();
      await Promise.all(Array.from({ length: 20 }, () => grant(customerId, sold.id)));
      const all = await mine(customerId);
      expect(all.reduce((sum, { left }) => sum + left.seconds, 0)).toBe(20 * 3_600);
      expect(all.reduce((sum, { left }) => sum + BigInt(left.octets ?? 0), 0n)).toBe(20_000n);
      expect(all).toHaveLength(onRepeat === 'extend' ? 1 : 20);
    }
  });
});

describe('extending', () => {
  test('orders running sessions to go on to the new end, and no others', async () => {
    const sold = await shop.newPackage({ quotaOctets: '1000' });
    const customerId = await shop.newCustomer();
    const { id: entitlementId } = await grant(customerId, sold.id);
    const sessionId = await shop.openSession({ customerId, entitlementId });
    await shop.openSession({ customerId });
    expect(await commands()).toEqual([]);
    await grant(customerId, sold.id);
    expect(await commands()).toMatchObject([
      { sessionId, kind: 'limits', state: 'queued', reason: 'more was bought', requestedBy: 'operator-1' },
    ]);
    expect(await shop.jobs('session.rate')).toEqual([{ commandId: (await commands())[0]?.id }]);
  });

  test('before the first login adds to the time it will be valid for', async () => {
    const sold = await shop.newPackage({ validFrom: 'first_login', quotaOctets: '5' });
    const customerId = await shop.newCustomer();
    await grant(customerId, sold.id);
    const twice = await grant(customerId, sold.id);
    expect(twice).toMatchObject({ state: 'pending', validForSeconds: 7_200, endsAt: NEVER, quotaOctets: '10' });
    expect(await mine(customerId)).toMatchObject([{ id: twice.id, left: { seconds: 7_200, octets: '10' } }]);
  });
});

describe('queueing', () => {
  test('begins when the one before is over: marked by the sweep, its customer told to RADIUS', async () => {
    const sold = await shop.newPackage({ onRepeat: 'queue' });
    const customerId = await shop.newCustomer();
    const first = await grant(customerId, sold.id);
    const second = await grant(customerId, sold.id);
    const third = await grant(customerId, sold.id);
    expect(first).toMatchObject({ state: 'active', endsAt: inHours(1) });
    expect(second).toMatchObject({ state: 'pending', startsAt: inHours(1), endsAt: inHours(2), validForSeconds: null });
    expect(third).toMatchObject({ state: 'pending', startsAt: inHours(2), endsAt: inHours(3) });
    expect((await mine(customerId)).map(({ id, left }) => [id, left.seconds])).toEqual([
      [first.id, 3_600],
      [second.id, 3_600],
      [third.id, 3_600],
    ]);
    expect(await shop.entitlements.beginDue()).toBe(0);
    shop.clock.advance(HOUR_MS);
    await shop.forgetJobs();
    expect([await shop.entitlements.expireDue(), await shop.entitlements.beginDue()]).toEqual([1, 1]);
    expect(await shop.jobs('subject.refresh')).toEqual([{ customerId }, { customerId }]);
    expect(await shop.entitlements.get(second.id)).toMatchObject({ state: 'active', left: { seconds: 3_600 } });
    expect([await shop.entitlements.expireDue(), await shop.entitlements.beginDue()]).toEqual([0, 0]);
  });

  test.each([
    ['used up', (id: string) => shop.db.entitlement.update({ where: { id }, data: { state: 'exhausted' } })],
    ['refunded', (id: string) => shop.entitlements.refund(id, byOperator)],
  ])('begins at once when the one before is %s', async (_how, end) => {
    const sold = await shop.newPackage({ onRepeat: 'queue', quotaOctets: '1000' });
    const customerId = await shop.newCustomer();
    const first = await grant(customerId, sold.id);
    const second = await grant(customerId, sold.id);
    await grant(customerId, sold.id);
    shop.clock.advance(HOUR_MS / 4);
    await end(first.id);
    expect(await shop.entitlements.beginDue()).toBe(1);
    expect(await shop.entitlements.get(second.id)).toMatchObject({
      state: 'active',
      startsAt: inHours(0),
      endsAt: inHours(1),
    });
    expect(await shop.entitlements.beginDue()).toBe(0);
  });

  test('begins later when what runs comes to end later, by a purchase or a pause', async () => {
    const [longer, next] = [await shop.newPackage(), await shop.newPackage({ onRepeat: 'queue' })];
    const customerId = await shop.newCustomer();
    const first = await grant(customerId, longer.id);
    const queued = await grant(customerId, next.id);
    await grant(customerId, longer.id);
    expect(await shop.entitlements.get(queued.id)).toMatchObject({ startsAt: inHours(2), endsAt: inHours(3) });
    await shop.entitlements.suspend(first.id, byOperator);
    shop.clock.advance(HOUR_MS / 2);
    expect(await shop.entitlements.beginDue()).toBe(0);
    await shop.entitlements.resume(first.id, byOperator);
    expect(await shop.entitlements.get(queued.id)).toMatchObject({ startsAt: inHours(2), endsAt: inHours(3) });
  });

  test('waits only for the same kind of service, and with nothing to wait for begins now', async () => {
    const [hotspot, pppoe] = [await shop.newPackage(), await shop.newPackage({ type: 'pppoe', onRepeat: 'queue' })];
    const customerId = await shop.newCustomer();
    await grant(customerId, hotspot.id);
    expect(await grant(customerId, pppoe.id)).toMatchObject({ state: 'active', startsAt: inHours(0) });
  });
});

describe('upgrading', () => {
  test('takes the place of what runs; half of it is left and buys time at the new price', async () => {
    const [slow, fast] = [
      await shop.newPackage({ priceMinor: 1_000, validForSeconds: 3_600 }),
      await shop.newPackage({ priceMinor: 4_000, validForSeconds: 7_200, onRepeat: 'upgrade', downKbps: 20_000 }),
    ];
    const customerId = await shop.newCustomer();
    const old = await grant(customerId, slow.id);
    const sessionId = await shop.openSession({ customerId, entitlementId: old.id });
    shop.clock.advance(HOUR_MS / 2);
    const better = await grant(customerId, fast.id);
    // 1,800 s at 1,000/3,600 s are 500, which buy 900 s at 4,000/7,200 s.
    expect(better).toMatchObject({ state: 'active', downKbps: 20_000, endsAt: inHours(2.25) });
    expect(await shop.entitlements.get(old.id)).toMatchObject({
      state: 'expired',
      endsAt: inHours(0),
      left: { seconds: 0 },
    });
    expect(await commands()).toMatchObject([
      { sessionId, kind: 'disconnect', reason: 'another package takes its place' },
    ]);
    expect((await mine(customerId)).map(({ id }) => id)).toEqual([better.id]);
  });

  test('counts what data is left when that is less than the time', async () => {
    const [capped, better] = [
      await shop.newPackage({ quotaOctets: '1000' }),
      await shop.newPackage({ onRepeat: 'upgrade' }),
    ];
    const customerId = await shop.newCustomer();
    const old = await grant(customerId, capped.id);
    await shop.db.entitlement.update({ where: { id: old.id }, data: { usedOctets: 900 } });
    expect(await grant(customerId, better.id)).toMatchObject({ endsAt: inHours(1.1) });
  });

  test('to a free package a second stays a second, and what waits in line begins after it', async () => {
    const [paid, queued, free] = [
      await shop.newPackage(),
      await shop.newPackage({ onRepeat: 'queue' }),
      await shop.newPackage({ priceMinor: 0, onRepeat: 'upgrade' }),
    ];
    const customerId = await shop.newCustomer();
    await grant(customerId, paid.id);
    const waiting = await grant(customerId, queued.id);
    expect(await grant(customerId, free.id)).toMatchObject({ endsAt: inHours(2) });
    expect(await shop.entitlements.get(waiting.id)).toMatchObject({ startsAt: inHours(2), endsAt: inHours(3) });
  });
});

describe('what begins with the first login', () => {
  test('waits for ever, takes refunds and no suspension, and no sweep begins or ends it', async () => {
    const sold = await shop.newPackage({ validFrom: 'first_login', onRepeat: 'stack' });
    const customerId = await shop.newCustomer();
    const waiting = await grant(customerId, sold.id);
    expect(waiting).toMatchObject({ state: 'pending', startsAt: inHours(0), endsAt: NEVER, validFrom: 'first_login' });
    shop.clock.advance(1_000 * HOUR_MS);
    expect([await shop.entitlements.expireDue(), await shop.entitlements.beginDue()]).toEqual([0, 0]);
    await expect(shop.entitlements.suspend(waiting.id, byOperator)).rejects.toMatchObject({ code: 'conflict' });
    expect(await shop.entitlements.refund(waiting.id, byOperator)).toMatchObject({ state: 'refunded' });
    expect(await mine(customerId)).toEqual([]);
  });

  test('stands behind what runs: that is used first', async () => {
    const [now, later] = [await shop.newPackage(), await shop.newPackage({ validFrom: 'first_login' })];
    const customerId = await shop.newCustomer();
    const [waiting, running] = [await grant(customerId, later.id), await grant(customerId, now.id)];
    expect((await mine(customerId)).map(({ id }) => id)).toEqual([running.id, waiting.id]);
  });
});

describe('what is left', () => {
  test('is told with the entitlement: time, time online, data, and devices that are not online', async () => {
    const sold = await shop.newPackage({ quotaOctets: '1000', onlineSeconds: 600, devices: 3 });
    const customerId = await shop.newCustomer();
    const { id } = await grant(customerId, sold.id);
    await shop.openSession({ customerId, entitlementId: id, callingStationId: '02:00:00:00:00:01' });
    await shop.openSession({ customerId, entitlementId: id, callingStationId: '02:00:00:00:00:01' });
    await shop.db.entitlement.update({ where: { id }, data: { usedOctets: 400, usedSeconds: 100 } });
    shop.clock.advance(HOUR_MS / 2);
    const { left } = await shop.entitlements.get(id);
    expect(left).toEqual({ seconds: 1_800, onlineSeconds: 500, octets: '600', devices: 2 });
    await shop.entitlements.suspend(id, byOperator);
    shop.clock.advance(9 * HOUR_MS);
    expect((await shop.entitlements.get(id)).left).toMatchObject({ seconds: 1_800, octets: '600' });
    await shop.db.entitlement.update({ where: { id }, data: { usedOctets: 2_000 } });
    expect((await shop.entitlements.get(id)).left).toEqual({ seconds: 0, onlineSeconds: 0, octets: '0', devices: 0 });
  });

  test('of an unknown one is not found', async () => {
    const refused = shop.entitlements.get('0190b5c1-0000-7000-8000-000000000000');
    await expect(refused).rejects.toMatchObject({ code: 'not_found' });
  });
});
