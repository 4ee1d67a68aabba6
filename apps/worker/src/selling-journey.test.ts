import { jest } from '@jest/globals';
import { packageBody } from '@turnpike/contracts/packages.js';
import type { Phone } from '../../simulator/src/phones/phone.js';
import { until } from '../../../tests/e2e/until.js';
import { byOperator, openCutRig, type CutRig } from './cut-rig.js';

jest.setTimeout(60_000);

const SOON_MS = 10_000;

let rig: CutRig;
let made = 0;

beforeAll(async () => {
  rig = await openCutRig();
});

beforeEach(() => rig.router.faults.clear());

afterAll(() => rig.close());

/** A customer with one purchase of a package of one hour, terms as in the API. */
async function buyer(terms: Record<string, unknown> = {}) {
  made += 1;
  const body = { name: `Hour ${made}`, type: 'hotspot', priceMinor: 1_000, currency: 'KES', validForSeconds: 3_600 };
  const rates = { downKbps: 5_000, upKbps: 1_000 };
  const { id: packageId } = await rig.packages.create(packageBody.parse({ ...body, ...rates, ...terms }), byOperator);
  const username = `buyer-${made}`;
  const customerId = await rig.stranger(username);
  const { id: entitlementId } = await rig.entitlements.grant(customerId, packageId, byOperator);
  return { username, customerId, packageId, entitlementId };
}

type Buyer = Awaited<ReturnType<typeof buyer>>;

const buyAgain = ({ customerId, packageId }: Buyer) => rig.entitlements.grant(customerId, packageId, byOperator);

/** As if it had been bought so that it ends in `ms`. */
const endsIn = ({ entitlementId }: Buyer, ms: number) =>
  rig.db.entitlement.update({ where: { id: entitlementId }, data: { endsAt: new Date(Date.now() + ms) } });

const sessionOf = ({ entitlementId }: Buyer) =>
  until(
    'the session',
    SOON_MS,
    async () => (await rig.db.session.findFirst({ where: { entitlementId } })) ?? undefined,
  );

const login = (phone: Phone, { username }: Buyer) => phone.login({ username, password: 'password' });

const commandOf = ({ entitlementId }: Buyer) =>
  until('the outcome of the order', SOON_MS, async () => {
    const row = await rig.db.sessionCommand.findFirst({ where: { kind: 'limits', session: { entitlementId } } });
    return row === null || row.finishedAt === null ? undefined : row;
  });

describe('buying more while online', () => {
  test('the same session goes on past its old end and its old data limit', async () => {
    const one = await buyer({ quotaOctets: '1000000000' });
    await endsIn(one, 300_000);
    const phone = await rig.online(one.username);
    await sessionOf(one);
    expect(phone.session?.secondsLeft()).toBeLessThanOrEqual(300);
    await buyAgain(one);
    await until('the new end', SOON_MS, () => (phone.session?.secondsLeft() ?? 0) > 3_600 || undefined);
    expect(phone.session?.secondsLeft()).toBeLessThanOrEqual(3_900);
    expect(phone.session?.totalLimit).toBe(2_000_000_000);
    expect(await commandOf(one)).toMatchObject({ state: 'acknowledged', reason: 'more was bought' });
    expect(await rig.db.session.count({ where: { entitlementId: one.entitlementId } })).toBe(1);
    expect(phone.status).toBe('online');
    await phone.logout();
  });

  test('where the router refuses, the session ends at its old end and the next login is let in at once', async () => {
    const one = await buyer();
    await endsIn(one, 4_000);
    const phone = await rig.online(one.username);
    await sessionOf(one);
    rig.router.faults.set({ coaNak: 401 });
    await buyAgain(one);
    expect(await commandOf(one)).toMatchObject({ state: 'refused', errorCause: 401 });
    await until('the old end', SOON_MS, () => phone.status !== 'online' || undefined);
    expect(await login(phone, one)).toMatchObject({ online: true });
    expect(phone.session?.secondsLeft()).toBeGreaterThan(3_500);
    await phone.logout();
  });
});

describe('a package that begins with the first login', () => {
  test('gives its whole time then, counted from the beginning of the session, and the next login what is left', async () => {
    const one = await buyer({ validFrom: 'first_login' });
    expect(await rig.entitlements.get(one.entitlementId)).toMatchObject({ state: 'pending', left: { seconds: 3_600 } });
    const phone = await rig.online(one.username);
    expect(phone.session?.secondsLeft()).toBe(3_600);
    const { startedAt } = await sessionOf(one);
    const begun = await rig.entitlements.get(one.entitlementId);
    expect(begun).toMatchObject({ state: 'active', validForSeconds: null });
    const { startsAt } = begun;
    expect(Math.abs(new Date(startsAt).getTime() - startedAt.getTime())).toBeLessThan(1_500);
    expect(new Date(begun.endsAt).getTime() - new Date(startsAt).getTime()).toBe(3_600_000);
    await phone.logout();
    await endsIn(one, 120_000);
    await rig.customers.resume(one.customerId, byOperator);
    expect(await login(phone, one)).toMatchObject({ online: true });
    await until('what is left', SOON_MS, async () => {
      if ((phone.session?.secondsLeft() ?? 0) <= 120) return true;
      await phone.logout();
      await login(phone, one);
      return undefined;
    });
    await phone.logout();
  });
});

describe('packages in line', () => {
  test('the next one lets in the second it begins, and is active with its first session or before', async () => {
    const one = await buyer({ onRepeat: 'queue' });
    await endsIn(one, 4_000);
    const next = await buyAgain(one);
    expect(next).toMatchObject({ state: 'pending' });
    const phone = await rig.online(one.username);
    await until('the end of the first', SOON_MS, () => phone.status !== 'online' || undefined);
    await until('the login on the next', SOON_MS, async () => (await login(phone, one)).online || undefined);
    await sessionOf({ ...one, entitlementId: next.id });
    expect(Date.now() - new Date(next.startsAt).getTime()).toBeLessThan(3_000);
    expect(await rig.entitlements.get(next.id)).toMatchObject({ state: 'active', startsAt: next.startsAt });
    await phone.logout();
  });
});

describe('a burst', () => {
  test('reaches the router with the login', async () => {
    const burst = { downKbps: 9_000, upKbps: 3_000, thresholdDownKbps: 4_000, thresholdUpKbps: 800, seconds: 8 };
    const one = await buyer({ burst });
    const phone = await rig.online(one.username);
    expect(phone.view().rateLimit).toBe('1000k/5000k 3000k/9000k 800k/4000k 8/8');
    await phone.logout();
  });
});
