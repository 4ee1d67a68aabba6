import type { RadiusPacket } from '@turnpike/radius/packet.js';
import { ATTR, CODE, MIKROTIK, VENDOR } from '@turnpike/radius/attributes.js';
import { integerAttr } from '@turnpike/radius/value-codec.js';
import { changeLimits } from './limits-changer.js';
import { createRateReconcile } from './rate-reconcile.js';
import { limitAttributes } from './session-limits.js';
import type { SessionLimits } from './session-limits.store.js';
import { ago, openSessionsRig, type SessionsRig } from './sessions-rig.js';

let rig: SessionsRig;
let made = 0;

beforeAll(async () => {
  rig = await openSessionsRig('127.0.88.7');
});

beforeEach(async () => {
  rig.reset();
  await rig.db.session.deleteMany();
});

afterAll(() => rig.close());

/** One hour left, 5,000 of 20,000 bytes used. */
async function entitled(more: Parameters<SessionsRig['rows']['entitlement']>[1] = {}): Promise<string> {
  made += 1;
  const customerId = await rig.rows.customer(`limits-${made}`, 'password');
  const endsAt = new Date(Date.now() + 3_600_000);
  return rig.rows.entitlement(customerId, { endsAt, quotaOctets: 20_000n, usedOctets: 5_000n, ...more });
}

const change = (entitlementId: string) =>
  rig.transact((tx) => changeLimits(tx, { entitlementId, reason: 'more was bought', actor: 'system' }));

const numberOf = (request: RadiusPacket | undefined, type: number): number =>
  request?.vendor(VENDOR.MIKROTIK, type)?.readUInt32BE(0) ?? -1;

describe('raising the limits of running sessions', () => {
  test('tells each NAS the new ends counted from the beginning of its session, and leaves the rate alone', async () => {
    const entitlementId = await entitled();
    // Began 10 minutes ago; of the 5,000 bytes this session has had 3,000.
    const id = await rig.session({
      entitlementId,
      startedAt: ago(600),
      sessionSeconds: 540,
      inputOctets: 1_000n,
      outputOctets: 2_000n,
    });
    await rig.session({ entitlementId, state: 'closing' });
    const before = rig.nas.received.length;
    const [commandId = '', ...others] = await change(entitlementId);
    expect(others).toEqual([]);
    await rig.runRate(commandId);
    const request = rig.nas.received[before];
    expect(request?.code).toBe(CODE.COA_REQUEST);
    expect(request?.text(ATTR.ACCT_SESSION_ID)).toBe('80a00001');
    expect(Math.abs((request?.integer(ATTR.SESSION_TIMEOUT) ?? 0) - 4_200)).toBeLessThan(30);
    expect([numberOf(request, MIKROTIK.TOTAL_LIMIT), numberOf(request, MIKROTIK.TOTAL_LIMIT_GIGAWORDS)]).toEqual([
      18_000, 0,
    ]);
    expect(request?.vendor(VENDOR.MIKROTIK, MIKROTIK.RATE_LIMIT)).toBeUndefined();
    expect(await rig.service.getCommand(commandId)).toMatchObject({
      kind: 'limits',
      rate: null,
      state: 'acknowledged',
    });
    expect(await rig.sessionRow(id)).toMatchObject({ state: 'open', rateLimit: null });
  });

  test('an order tells what holds when it is carried out, and a newer one takes its place', async () => {
    const entitlementId = await entitled();
    await rig.session({ entitlementId });
    const [first = ''] = await change(entitlementId);
    const [second = ''] = await change(entitlementId);
    const before = rig.nas.received.length;
    await rig.runRate(first);
    await rig.db.entitlement.update({ where: { id: entitlementId }, data: { quotaOctets: null } });
    await rig.runRate(second);
    expect(await rig.service.getCommand(first)).toMatchObject({ state: 'superseded' });
    expect(rig.nas.received.length).toBe(before + 1);
    expect(numberOf(rig.nas.received[before], MIKROTIK.TOTAL_LIMIT_GIGAWORDS)).toBe(2 ** 31 - 1);
  });

  test.each(['suspended', 'exhausted'] as const)(
    'of an entitlement that is %s by then nobody is told',
    async (state) => {
      const entitlementId = await entitled();
      await rig.session({ entitlementId });
      const [commandId = ''] = await change(entitlementId);
      await rig.db.entitlement.update({ where: { id: entitlementId }, data: { state } });
      const before = rig.nas.received.length;
      await rig.runRate(commandId);
      expect(rig.nas.received.length).toBe(before);
      expect(await rig.service.getCommand(commandId)).toMatchObject({ state: 'superseded' });
    },
  );

  test('A11: a CoA-NAK leaves the session as it is and is not repeated; one that was lost is', async () => {
    const entitlementId = await entitled();
    const id = await rig.session({ entitlementId });
    const reconcile = createRateReconcile({ ...rig, repeatSeconds: 0 });
    rig.answers.decide = () => ({ code: CODE.COA_NAK, attributes: [integerAttr(ATTR.ERROR_CAUSE, 401)] });
    const [refused = ''] = await change(entitlementId);
    await rig.runRate(refused);
    expect(await rig.service.getCommand(refused)).toMatchObject({ state: 'refused', errorCause: 401 });
    await reconcile();
    expect(await rig.commandsOf(id)).toHaveLength(1);
    rig.loseAnswers();
    const [lost = ''] = await change(entitlementId);
    await rig.runRate(lost);
    rig.reset();
    await reconcile();
    const again = (await rig.commandsOf(id)).at(-1);
    expect(again).toMatchObject({ kind: 'limits', state: 'queued', requestedBy: 'system' });
    await rig.runRate(again?.id ?? '');
    await reconcile();
    expect(await rig.commandsOf(id)).toHaveLength(3);
    expect(await rig.sessionRow(id)).toMatchObject({ state: 'open' });
  });
});

describe('the limits of a session', () => {
  const NOW = new Date('2026-06-01T12:00:00.000Z');
  const later = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000);
  const limits = (more: Partial<SessionLimits> = {}): SessionLimits => ({
    state: 'active',
    endsAt: later(1_000),
    quotaOctets: null,
    usedOctets: 0n,
    onlineSeconds: null,
    usedSeconds: 0n,
    schedule: null,
    timeZone: 'UTC',
    startedAt: later(-100),
    sessionSeconds: 90,
    sessionOctets: 0n,
    ...more,
  });
  const timeoutOf = (more: Partial<SessionLimits>): number | undefined =>
    limitAttributes(limits(more), NOW)?.[0]?.value.readUInt32BE(0);

  test('are the nearest of end, time online and window', () => {
    expect(timeoutOf({})).toBe(1_100);
    expect(timeoutOf({ onlineSeconds: 300n, usedSeconds: 200n })).toBe(190);
    const schedule = [{ days: [1], from: '08:00', to: '12:05' }];
    expect(timeoutOf({ schedule })).toBe(400);
  });

  test('with nothing left there are none to tell', () => {
    expect(timeoutOf({ endsAt: NOW })).toBeUndefined();
    expect(timeoutOf({ onlineSeconds: 200n, usedSeconds: 200n })).toBeUndefined();
    expect(timeoutOf({ quotaOctets: 10n, usedOctets: 10n, sessionOctets: 4n })).toBeUndefined();
  });
});
