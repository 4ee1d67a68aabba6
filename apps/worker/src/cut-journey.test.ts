import { jest } from '@jest/globals';
import type { Phone } from '../../simulator/src/phones/phone.js';
import { until } from '../../../tests/e2e/until.js';
import { byOperator, openCutRig, type CutRig } from './cut-rig.js';

jest.setTimeout(60_000);

/** G16. */
const CUT_MS = 10_000;
/** Sessions that are cut together; the figure is of all of them. */
const TOGETHER = 100;

let rig: CutRig;
let made = 0;

beforeAll(async () => {
  rig = await openCutRig();
  // Makes the package that the others share.
  await rig.customer('first');
});

beforeEach(() => rig.router.faults.clear());

afterAll(() => rig.close());

type Access = Awaited<ReturnType<CutRig['customer']>>;

interface Guest extends Access {
  readonly phone: Phone;
}

async function guest(terms: Parameters<CutRig['customer']>[1] = {}): Promise<Guest> {
  made += 1;
  const access = await rig.customer(`guest-${made}`, terms);
  const phone = await rig.online(access.username);
  await sessions(access.entitlementId, (states) => states.includes('open'));
  return { ...access, phone };
}

function sessions(entitlementId: string, fits: (states: string[]) => boolean, withinMs = CUT_MS): Promise<string[]> {
  return until('the sessions of an entitlement', withinMs, async () => {
    const rows = await rig.db.session.findMany({ where: { entitlementId }, select: { state: true } });
    const states = rows.map(({ state }) => state);
    return fits(states) ? states : undefined;
  });
}

const allClosed = (states: string[]): boolean => states.length > 0 && states.every((state) => state === 'closed');

/** The phone is off within the bound, the Stop has closed the session, and a new login is refused with these words. */
async function expectCut({ phone, entitlementId, username }: Guest, words: RegExp): Promise<void> {
  await within(phone.offline());
  await sessions(entitlementId, allClosed);
  const session = await rig.db.session.findFirstOrThrow({ where: { entitlementId }, include: { commands: true } });
  expect(session).toMatchObject({ state: 'closed', terminateCause: 6 });
  expect(session.commands).toMatchObject([{ kind: 'disconnect', state: 'acknowledged' }]);
  const again = await phone.login({ username, password: 'password' });
  expect(again).toEqual({ online: false, message: expect.stringMatching(words) });
}

async function within(work: Promise<void>): Promise<void> {
  let over = false;
  void work.then(() => (over = true));
  await until('the phone going offline', CUT_MS, () => over || undefined);
}

const endNow = (entitlementId: string) =>
  rig.db.entitlement.update({ where: { id: entitlementId }, data: { endsAt: new Date() } });

describe('access that ends while the phone is online', () => {
  test('A10: by time: Disconnect, Stop, closed, and the words of an expired package at the next login', async () => {
    const one = await guest();
    await endNow(one.entitlementId);
    await expectCut(one, /expired/);
  });

  test('A10: by data that another device of the entitlement uses up', async () => {
    const one = await guest({ quotaOctets: 5_000_000_000n, devices: 2 });
    const other = await rig.online(one.username);
    other.session?.transfer({ up: 0, down: 4_999_000_000 });
    await rig.db.entitlement.update({ where: { id: one.entitlementId }, data: { quotaOctets: 1_000_000_000n } });
    await other.logout();
    await within(one.phone.offline());
    await sessions(one.entitlementId, allClosed);
    const again = await one.phone.login({ username: one.username, password: 'password' });
    expect(again).toMatchObject({ online: false, message: /used up/ });
  });

  test('A10: by suspending the customer', async () => {
    const one = await guest();
    await rig.customers.suspend(one.customerId, byOperator);
    await expectCut(one, /suspended/);
  });

  test('A10: by suspending the entitlement', async () => {
    const one = await guest();
    await rig.entitlements.suspend(one.entitlementId, byOperator);
    await expectCut(one, /suspended|no active package/);
  });

  test('A10: by a refund', async () => {
    const one = await guest();
    await rig.entitlements.refund(one.entitlementId, byOperator);
    await expectCut(one, /no active package/);
  });

  test('by an operator, who may be let in again', async () => {
    const one = await guest();
    const { id } = await rig.db.session.findFirstOrThrow({ where: { entitlementId: one.entitlementId } });
    const { commandId } = await rig.sessions.disconnect(id, byOperator);
    await within(one.phone.offline());
    await sessions(one.entitlementId, allClosed);
    expect(await rig.sessions.getCommand(commandId)).toMatchObject({ state: 'acknowledged' });
    expect(await one.phone.login({ username: one.username, password: 'password' })).toMatchObject({ online: true });
    await one.phone.logout();
  });
});

describe('a router that does not hear', () => {
  test('A10: one deaf to RADIUS orders loses the session through its API, and that is read back', async () => {
    const one = await guest();
    rig.router.faults.set({ coaSilent: true });
    await endNow(one.entitlementId);
    await within(one.phone.offline());
    await sessions(one.entitlementId, allClosed);
    const command = await until('the outcome', CUT_MS, async () => {
      const row = await rig.db.sessionCommand.findFirst({ where: { session: { entitlementId: one.entitlementId } } });
      return row?.state === 'removed' ? row : undefined;
    });
    expect(command).toMatchObject({ attempts: 1, detail: 'taken out through the API of the router' });
  });

  test('A10: one that refuses loses it the same way, and one that loses 30 % of all datagrams ends it in time', async () => {
    const refused = await guest();
    rig.router.faults.set({ coaNak: 506 });
    await endNow(refused.entitlementId);
    await within(refused.phone.offline());
    rig.router.faults.clear();
    const lossy = await Promise.all(Array.from({ length: 10 }, () => guest()));
    rig.router.faults.set({ coaLoss: 0.3 });
    for (const one of lossy) await endNow(one.entitlementId);
    await Promise.all(lossy.map((one) => within(one.phone.offline())));
    for (const one of lossy) await sessions(one.entitlementId, allClosed);
  });
});

describe('a router that is dead', () => {
  test('A10: hundreds of sessions that nobody answers for hold up no other and are not called gone', async () => {
    const { customerId, entitlementId } = await rig.customer('dead-end');
    const sessionIds = await rig.sessionsOnDeadRouter(400, { customerId, entitlementId });
    const one = await guest();
    const endedMs = performance.now();
    await rig.customers.suspend(customerId, byOperator);
    await rig.customers.suspend(one.customerId, byOperator);
    await within(one.phone.offline());
    expect(performance.now() - endedMs).toBeLessThan(CUT_MS);
    const states = await rig.db.session.groupBy({ by: ['state'], where: { id: { in: sessionIds } }, _count: true });
    expect(states).toEqual([{ state: 'closing', _count: 400 }]);
  });
});

describe('a rate that changes', () => {
  test('A11: is told to the router by CoA without a drop, and is the rate of the session once acknowledged', async () => {
    const one = await guest();
    const { id } = await rig.db.session.findFirstOrThrow({ where: { entitlementId: one.entitlementId } });
    await rig.sessions.changeRate(id, { downKbps: 512, upKbps: 128 }, byOperator);
    await until('the new rate', CUT_MS, () => one.phone.view().rateLimit === '128k/512k' || undefined);
    await until('its acknowledgement', CUT_MS, async () => {
      const row = await rig.db.session.findUniqueOrThrow({ where: { id } });
      return row.rateLimit === '128k/512k' || undefined;
    });
    expect(one.phone.status).toBe('online');
    await one.phone.logout();
  });

  test('A11: data that passes a fair-use step slows the session that goes on down', async () => {
    const one = await guest({
      devices: 2,
      fairUse: [{ afterOctets: '1000000', downKbps: 256, upKbps: 64 }],
    });
    const other = await rig.online(one.username);
    other.session?.transfer({ up: 0, down: 2_000_000 });
    await other.logout();
    await until('the slower rate', CUT_MS, () => one.phone.view().rateLimit === '64k/256k' || undefined);
    await until('its step', CUT_MS, async () => {
      const where = { entitlementId: one.entitlementId, state: 'open' as const };
      const row = await rig.db.session.findFirst({ where });
      return row?.fairUseStep === 1 || undefined;
    });
    expect(one.phone.status).toBe('online');
    await one.phone.logout();
  });
});

test(`G16: ${TOGETHER} sessions whose time ends together are off within 10 s, p99`, async () => {
  const guests: Guest[] = [];
  for (let from = 0; from < TOGETHER; from += 50) {
    const size = Math.min(50, TOGETHER - from);
    guests.push(...(await Promise.all(Array.from({ length: size }, () => guest()))));
  }
  const endedMs = performance.now();
  const took = guests.map((one) => one.phone.offline().then(() => performance.now() - endedMs));
  await rig.db.entitlement.updateMany({
    where: { id: { in: guests.map((one) => one.entitlementId) } },
    data: { endsAt: new Date() },
  });
  const sorted = (await Promise.all(took)).sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
  expect(at(0.99)).toBeLessThan(CUT_MS);
  for (const one of guests) await sessions(one.entitlementId, allClosed);
});
