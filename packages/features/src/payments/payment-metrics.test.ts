import { createMetrics, type Metrics } from '@turnpike/runtime/metrics.js';
import { countedPurchases } from './counted-purchases.js';
import { paidOnlineFigures } from './paid-online.js';
import { paymentNews } from './payment-news.js';
import { openPaymentsRig, type PaymentsRig } from './payments-rig.js';
import { stkResult } from './test-daraja.js';

let rig: PaymentsRig;
let packageId: string;
let routerId: string;
const MAC = '02:00:00:00:00:31';

beforeAll(async () => {
  rig = await openPaymentsRig();
  packageId = (await rig.newPackage({ priceMinor: 1_000 })).id;
  const secrets = { apiPassword: 'sealed', radiusSecret: 'sealed' };
  const router = await rig.db.router.create({ data: { name: 'r', apiPort: 8728, apiUsername: 'a', ...secrets } });
  routerId = router.id;
});

afterAll(() => rig.close());

afterEach(async () => {
  await rig.db.session.deleteMany();
  await rig.redis.flush();
  await rig.forget();
});

const newMetrics = (): Metrics => createMetrics({ role: 'worker', instance: '0', processMetrics: false });

/** Of the samples whose labels, and name after the metric's, are these. */
async function valueOf(metrics: Metrics, name: string, labels: Record<string, string | number> = {}) {
  const text = await metrics.registry.metrics();
  const line = text
    .split('\n')
    .filter((each) => each.startsWith(`${name}{`))
    .find((each) => Object.entries(labels).every(([label, value]) => each.includes(`${label}="${value}"`)));
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ') + 1));
}

const newsOf = (metrics: Metrics) =>
  paymentNews({ db: rig.db, publish: async () => undefined, wake: () => undefined, metrics, role: 'worker' });

describe('payments are counted', () => {
  test('once for each state they come into, with the time that the payer took', async () => {
    const metrics = newMetrics();
    const news = newsOf(metrics);
    const { id, token, checkoutId } = await rig.asked(packageId);
    await news(id);
    // Whoever looked at it tells, also when nothing had changed.
    await news(id);
    rig.clock.advance(20_000);
    await rig.told(token, stkResult({ id: checkoutId }));
    await news(id);
    await news(id);
    const moves = 'turnpike_worker_payment_moves_total';
    expect(await valueOf(metrics, moves, { provider: 'mpesa', state: 'requested' })).toBe(1);
    expect(await valueOf(metrics, moves, { provider: 'mpesa', state: 'succeeded' })).toBe(1);
    const seconds = 'turnpike_worker_payment_success_seconds';
    expect(await valueOf(metrics, `${seconds}_sum`, { provider: 'mpesa' })).toBe(20);
    expect(await valueOf(metrics, `${seconds}_bucket`, { le: 15 })).toBe(0);
    expect(await valueOf(metrics, `${seconds}_bucket`, { le: 20 })).toBe(1);
    expect(await valueOf(metrics, 'turnpike_worker_payment_late_total', { provider: 'mpesa' })).toBeUndefined();
  });

  test('M3: as late when they succeed after the payer had been told of a failure', async () => {
    const metrics = newMetrics();
    const { id, token, checkoutId } = await rig.asked(packageId);
    await rig.told(token, stkResult({ id: checkoutId, code: 1032 }));
    await rig.db.payment.update({ where: { id }, data: { state: 'succeeded', settledAt: rig.clock.now() } });
    await newsOf(metrics)(id);
    expect(await valueOf(metrics, 'turnpike_worker_payment_late_total', { provider: 'mpesa' })).toBe(1);
  });

  test('from the wish to buy on, also when it is refused', async () => {
    const metrics = newMetrics();
    const purchases = countedPurchases(metrics, rig.purchases);
    const wish = { packageId, createdBy: 'portal' };
    await purchases.start({ ...wish, msisdn: '0712345678' });
    await expect(purchases.start({ ...wish, msisdn: '12' })).rejects.toMatchObject({ code: 'validation_failed' });
    const name = 'turnpike_api_purchases_total';
    expect(await valueOf(metrics, name, { outcome: 'created' })).toBe(1);
    expect(await valueOf(metrics, name, { outcome: 'validation_failed' })).toBe(1);
  });
});

describe('the time from paying to being online', () => {
  async function paid(msisdn: string, mac: string | undefined = MAC) {
    const { id, token, checkoutId, reference } = await rig.asked(packageId, msisdn, mac);
    const phone = Number(`254${msisdn.slice(1)}`);
    await rig.told(token, stkResult({ id: checkoutId, phone, receipt: `R${msisdn}` }));
    const { customerId } = await rig.payment(reference);
    if (customerId === null) throw new Error('not settled');
    return { id, customerId };
  }

  let made = 0;
  const online = (customerId: string, startedAt: Date, stoppedAt: Date | null = null) => {
    made += 1;
    const key = `${made}`;
    const plain = { key, acctSessionId: key, username: 'u', lastSeenAt: startedAt, state: 'open' as const };
    return rig.db.session.create({ data: { ...plain, routerId, customerId, startedAt, stoppedAt } });
  };

  const figures = (metrics: Metrics) =>
    paidOnlineFigures({
      db: rig.db,
      redis: rig.redis.redis,
      prefix: rig.redis.prefix,
      clock: rig.clock,
      metrics,
    });
  const SECONDS = 'turnpike_worker_paid_online_seconds';
  const NEVER = 'turnpike_worker_paid_not_online_total';

  test('is measured once, whichever of several workers looks, and not before the phone is online', async () => {
    const { customerId } = await paid('0712345601');
    const [one, two] = [newMetrics(), newMetrics()];
    await figures(one).take();
    expect(await valueOf(one, `${SECONDS}_count`)).toBe(0);
    await online(customerId, new Date(rig.clock.now().getTime() + 4_000));
    rig.clock.advance(6_000);
    await Promise.all([figures(one).take(), figures(two).take()]);
    await figures(one).take();
    const counts = [await valueOf(one, `${SECONDS}_count`), await valueOf(two, `${SECONDS}_count`)];
    expect(counts.toSorted()).toEqual([0, 1]);
    const sums = [await valueOf(one, `${SECONDS}_sum`), await valueOf(two, `${SECONDS}_sum`)];
    expect(sums.toSorted()).toEqual([0, 4]);
    expect(await valueOf(one, NEVER)).toBe(0);
  });

  test('M6: who is not online after five minutes is counted apart, once', async () => {
    await paid('0712345602');
    const metrics = newMetrics();
    rig.clock.advance(299_000);
    await figures(metrics).take();
    expect(await valueOf(metrics, NEVER)).toBe(0);
    rig.clock.advance(1_000);
    await figures(metrics).take();
    await figures(metrics).take();
    expect([await valueOf(metrics, NEVER), await valueOf(metrics, `${SECONDS}_count`)]).toEqual([1, 0]);
  });

  test('is not asked of who was online already, nor of a phone that is at no router', async () => {
    const now = rig.clock.now();
    const renewing = await rig.asked(packageId, '0712345603', MAC);
    await rig.told(renewing.token, stkResult({ id: renewing.checkoutId, phone: 254712345603, receipt: 'RENEWS' }));
    const { customerId } = await rig.payment(renewing.reference);
    if (customerId === null) throw new Error('not settled');
    await online(customerId, new Date(now.getTime() - 60_000));
    const elsewhere = await rig.asked(packageId, '0712345604');
    await rig.told(elsewhere.token, stkResult({ id: elsewhere.checkoutId, phone: 254712345604, receipt: 'ELSEWHERE' }));
    rig.clock.advance(400_000);
    const metrics = newMetrics();
    await figures(metrics).take();
    expect([await valueOf(metrics, NEVER), await valueOf(metrics, `${SECONDS}_count`)]).toEqual([0, 0]);
  });
});
