import type { Offer } from '../packages/offer.js';
import { byOperator, openShop, type Shop } from './shop-rig.js';
import { takeBackOffer } from './take-back.js';

let shop: Shop;

const HOUR_MS = 3_600_000;

beforeAll(async () => {
  shop = await openShop();
});

afterAll(async () => {
  await shop.close();
});

const inHours = (hours: number): string => new Date(shop.clock.now().getTime() + hours * HOUR_MS).toISOString();

/** A package bought as often as told. */
async function bought(times: number, terms: Record<string, unknown> = {}) {
  const { id: packageId } = await shop.newPackage({ quotaOctets: '1000', ...terms });
  const customerId = await shop.newCustomer();
  const offer = await shop.transact((tx) => shop.packages.offer(tx, packageId, 'operators'));
  let entitlementId = '';
  for (let count = 0; count < times; count += 1) {
    entitlementId = (await shop.entitlements.grant(customerId, packageId, byOperator)).id;
  }
  return { customerId, entitlementId, offer };
}

const takeBack = (what: { customerId: string; entitlementId: string; offer: Offer }, isShared: boolean) =>
  shop.transact((tx) => takeBackOffer(tx, shop, { ...what, isShared, actor: 'operator-1' }));

describe('taking back what a payment gave', () => {
  test('all of it: refunded, its sessions end', async () => {
    const what = await bought(1);
    const { customerId, entitlementId } = what;
    const sessionId = await shop.openSession({ customerId, entitlementId });
    await takeBack(what, false);
    expect(await shop.entitlements.get(what.entitlementId)).toMatchObject({ state: 'refunded', left: { seconds: 0 } });
    const ending = { kind: 'disconnect', reason: 'access refunded' };
    expect(await shop.db.sessionCommand.findMany({ where: { sessionId } })).toMatchObject([ending]);
  });

  test('one share of two: that much time and data go, and running sessions are told', async () => {
    const what = await bought(2);
    await takeBack(what, true);
    expect(await shop.entitlements.get(what.entitlementId)).toMatchObject({
      state: 'active',
      endsAt: inHours(1),
      quotaOctets: '1000',
    });
  });

  test('a share that was used already ends it now', async () => {
    const what = await bought(2);
    await shop.db.entitlement.update({ where: { id: what.entitlementId }, data: { usedOctets: 1_500 } });
    await takeBack(what, true);
    expect(await shop.entitlements.get(what.entitlementId)).toMatchObject({ endsAt: inHours(0), left: { seconds: 0 } });
    expect(await shop.entitlements.expireDue()).toBe(1);
  });

  test('of what is suspended: the time left goes on to stand still', async () => {
    const what = await bought(2);
    await shop.entitlements.suspend(what.entitlementId, byOperator);
    shop.clock.advance(50 * HOUR_MS);
    await takeBack(what, true);
    expect((await shop.entitlements.get(what.entitlementId)).left).toMatchObject({ seconds: 3_600, octets: '1000' });
    await takeBack(what, true);
    expect((await shop.entitlements.get(what.entitlementId)).left).toMatchObject({ seconds: 0 });
  });

  test('before the first login: of the time it will be valid for', async () => {
    const what = await bought(3, { validFrom: 'first_login' });
    await takeBack(what, true);
    expect((await shop.entitlements.get(what.entitlementId)).left).toMatchObject({ seconds: 7_200, octets: '2000' });
  });

  test('of what is over already nothing', async () => {
    const what = await bought(1);
    shop.clock.advance(HOUR_MS);
    await shop.entitlements.expireDue();
    const before = await shop.entitlements.get(what.entitlementId);
    await takeBack(what, false);
    await takeBack(what, true);
    expect(await shop.entitlements.get(what.entitlementId)).toEqual(before);
  });
});
