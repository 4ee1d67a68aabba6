import { byOperator, openShop, type Shop } from '../entitlements/shop-rig.js';
import { createSalesReader } from './package-sales.js';

let shop: Shop;
let made = 0;

beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const DAY_MS = 86_400_000;
const ago = (days: number): Date => new Date(shop.clock.now().getTime() - days * DAY_MS);
const noCache = { getOrSet: <Value>(_key: string, _options: object, load: () => Promise<Value>) => load() };

async function paid(packageId: string, settledAt: Date | null, more: { refundedAt?: Date; state?: 'failed' } = {}) {
  made += 1;
  const money = { amountMinor: 1_000n, paidMinor: 1_000n, currency: 'KES' };
  const who = { reference: `sales-${made}`, provider: 'mpesa', purpose: 'package', createdBy: 'portal' };
  await shop.db.payment.create({ data: { ...who, ...money, packageId, settledAt, state: 'succeeded', ...more } });
}

async function card(packageId: string, redeemedAt: Date | null) {
  const batch = await shop.vouchers.createBatch({ packageId, count: 1 }, byOperator);
  if (redeemedAt === null) return;
  await shop.db.voucher.updateMany({ where: { batchId: batch.id }, data: { redeemedAt, state: 'redeemed' } });
}

describe('how packages sell', () => {
  test('counts what was paid for and what was redeemed in the last 30 days, and what is in force', async () => {
    const [sells, rests] = [await shop.newPackage(), await shop.newPackage()];
    await paid(sells.id, ago(1));
    await paid(sells.id, ago(29));
    await paid(sells.id, ago(31));
    await paid(sells.id, ago(1), { refundedAt: ago(0) });
    await paid(sells.id, null, { state: 'failed' });
    await card(sells.id, ago(2));
    await card(sells.id, ago(40));
    await card(sells.id, null);
    const customer = await shop.db.customer.create({ data: { username: 'sold-to', password: 'sealed' } });
    const right = {
      customerId: customer.id,
      packageId: sells.id,
      packageName: 'P',
      type: 'hotspot',
      startsAt: ago(2),
      downKbps: 1,
      upKbps: 1,
      devices: 1,
      grantedBy: 'test',
    } as const;
    await shop.db.entitlement.createMany({
      data: [
        { ...right, endsAt: ago(-1) },
        { ...right, endsAt: ago(1) },
        { ...right, endsAt: ago(-1), state: 'refunded' },
      ],
    });
    const salesOf = await createSalesReader({ db: shop.db, cache: noCache, clock: shop.clock })();
    expect(salesOf(sells.id)).toEqual({ last30Days: 3, activeNow: 1 });
    expect(salesOf(rests.id)).toEqual({ last30Days: 0, activeNow: 0 });
  });
});
