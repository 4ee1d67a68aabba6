import { byOperator, openShop, type Shop } from '../entitlements/shop-rig.js';
import { createRedemptionReader } from './batch-redemptions.js';

let shop: Shop;
let made = 0;

beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());
beforeEach(async () => {
  await shop.db.session.deleteMany();
});

const redemptions = (id: string) => createRedemptionReader({ db: shop.db, timeZone: () => 'Africa/Nairobi' })(id);

async function online(entitlementId: string | null, routerId: string, startedAt: Date, stoppedAt: Date | null) {
  made += 1;
  await shop.db.session.create({
    data: {
      key: `redeemed-${made}`,
      acctSessionId: `${made}`,
      username: 'card',
      entitlementId,
      routerId,
      startedAt,
      stoppedAt,
      lastSeenAt: stoppedAt ?? startedAt,
      state: stoppedAt === null ? 'open' : 'closed',
    },
  });
}

describe('where and when the codes of a batch were redeemed', () => {
  test('is counted by the site of the first session with it, by day and by hour of the network', async () => {
    const { id: packageId } = await shop.newPackage();
    const batch = await shop.vouchers.createBatch({ packageId, count: 5 }, byOperator);
    const [town, nowhere] = [await shop.newRouter('Town'), await shop.newRouter('Road')];
    await shop.db.router.update({ where: { id: town }, data: { site: 'Town' } });
    await shop.db.router.update({ where: { id: nowhere }, data: { site: null } });
    for (const code of batch.codes.slice(0, 4)) await shop.redemption.redeem(code);
    const cards = await shop.db.voucher.findMany({ where: { state: 'redeemed', batchId: batch.id } });
    // 23:30 in UTC on a Sunday is Monday morning in Nairobi.
    const at = new Date('2026-03-01T23:30:00Z');
    await shop.db.voucher.updateMany({ where: { batchId: batch.id, state: 'redeemed' }, data: { redeemedAt: at } });
    const [first, second, third] = cards;
    const later = new Date('2026-03-02T08:00:00Z');
    await shop.db.voucher.update({ where: { id: third?.id ?? '' }, data: { redeemedAt: later } });
    await online(first?.entitlementId ?? null, town, new Date('2026-03-01T23:31:00Z'), later);
    await online(first?.entitlementId ?? null, nowhere, later, null);
    // One who was online when the card was added, with time of before, uses it there.
    await online(second?.entitlementId ?? null, town, new Date('2026-03-01T20:00:00Z'), later);
    await online(
      third?.entitlementId ?? null,
      town,
      new Date('2026-03-01T20:00:00Z'),
      new Date('2026-03-01T21:00:00Z'),
    );
    await online(third?.entitlementId ?? null, nowhere, new Date('2026-03-02T09:00:00Z'), null);
    expect(await redemptions(batch.id)).toEqual({
      timeZone: 'Africa/Nairobi',
      redeemed: 4,
      bySite: [
        { site: 'Town', redeemed: 2 },
        { site: null, redeemed: 1 },
      ],
      notOnlineYet: 1,
      byDay: [{ day: '2026-03-02', redeemed: 4 }],
      byHour: [
        { weekday: 1, hour: 2, redeemed: 3 },
        { weekday: 1, hour: 11, redeemed: 1 },
      ],
    });
  });

  test('of a batch that nobody has used is empty, and of none is not found', async () => {
    const { id: packageId } = await shop.newPackage();
    const batch = await shop.vouchers.createBatch({ packageId, count: 1 }, byOperator);
    expect(await redemptions(batch.id)).toMatchObject({
      redeemed: 0,
      bySite: [],
      notOnlineYet: 0,
      byDay: [],
      byHour: [],
    });
    await expect(redemptions(packageId)).rejects.toMatchObject({ code: 'not_found' });
  });
});
