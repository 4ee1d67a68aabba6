import fc from 'fast-check';
import { ATTR, CODE, MIKROTIK, VENDOR, type Attribute } from '@turnpike/radius/attributes.js';
import { decideAccess, type AccessDecision, type AccessPlace, type AccessQuestion } from './access-decision.js';
import { acceptAnswer } from './access-reply.js';
import { anEntitlement, aSubject } from './access-rig.js';
import type { SnapshotEntitlement } from './subject-snapshot.js';

/** A Monday, 15:00 in Nairobi. */
const NOW = new Date('2026-06-01T12:00:00.000Z');
const MAC = '02:AA:BB:CC:DD:01';
const ROUTER = { id: 'router-1', site: 'Market' };
const POLICY = { interimSeconds: 60, idleSeconds: 600, rejectDelayMs: 0 };

const entitlement = (more: Partial<SnapshotEntitlement> = {}) => anEntitlement(NOW.getTime(), more);
const reject = (reason: string) => ({ kind: 'reject', reason });

function decide(
  entitlements: SnapshotEntitlement[],
  more: Partial<AccessQuestion> & Partial<AccessPlace> = {},
): AccessDecision {
  const { service, router, device, ...question } = { service: undefined, router: ROUTER, device: MAC, ...more };
  return decideAccess({
    subject: aSubject('c', { entitlements }),
    checkCredentials: () => 'ok',
    place: { service, router, device },
    byDevice: false,
    now: NOW,
    ...question,
  });
}

function answerTo(decision: AccessDecision): readonly Attribute[] {
  if (decision.kind === 'reject') throw new Error(`rejected: ${decision.reason}`);
  const answer = acceptAnswer({ decision, classToken: Buffer.from('c'), proof: [], policy: POLICY });
  expect(answer.code).toBe(CODE.ACCESS_ACCEPT);
  return answer.attributes;
}

const integerOf = (attributes: readonly Attribute[], type: number, vendor?: number): number =>
  attributes.find((each) => each.type === type && each.vendor === vendor)?.value.readUInt32BE() ?? 0;
const rateOf = (attributes: readonly Attribute[]) =>
  attributes.find((each) => each.vendor === VENDOR.MIKROTIK && each.type === MIKROTIK.RATE_LIMIT)?.value.toString();

describe('the access decision', () => {
  test('of several usable entitlements the one that ends first is used', () => {
    const soon = entitlement({ id: 'soon', endsAt: NOW.getTime() + 60_000 });
    expect(decide([entitlement(), soon])).toMatchObject({ entitlement: { id: 'soon' }, secondsLeft: 60 });
  });

  test('one usable entitlement is enough, whatever state the others are in', () => {
    const others = (['expired', 'exhausted', 'suspended', 'refunded'] as const).map((state) => entitlement({ state }));
    expect(decide([...others, entitlement()]).kind).toBe('accept');
  });

  test('an entitlement still marked pending counts from the moment it starts', () => {
    expect(decide([entitlement({ state: 'pending' })]).kind).toBe('accept');
    const later = entitlement({ state: 'pending', startsAt: NOW.getTime() + 1 });
    expect(decide([later])).toEqual(reject('not_started'));
  });

  test('what waits for its first login gives the whole time it is valid for, after what runs already', () => {
    const far = new Date('9999-12-31T23:59:59.999Z').getTime();
    const waiting = entitlement({ id: 'waiting', state: 'pending', endsAt: far, validForSeconds: 7_200 });
    expect(decide([waiting])).toMatchObject({ entitlement: { id: 'waiting' }, secondsLeft: 7_200 });
    expect(decide([{ ...waiting, onlineSeconds: 60 }])).toMatchObject({ secondsLeft: 60 });
    expect(decide([waiting, entitlement({ id: 'runs' })])).toMatchObject({ entitlement: { id: 'runs' } });
    expect(decide([{ ...waiting, startsAt: NOW.getTime() + 1 }])).toEqual(reject('not_started'));
    expect(decide([{ ...waiting, state: 'refunded' }])).toEqual(reject('no_entitlement'));
  });

  test('what lasts for centuries gives a time that a router can count to', () => {
    const endsAt = new Date('9999-12-31T23:59:59.999Z').getTime();
    expect(integerOf(answerTo(decide([entitlement({ endsAt })])), ATTR.SESSION_TIMEOUT)).toBe(2 ** 31 - 1);
  });

  test('of what is queued the next one lets in the second it begins, though nothing has marked it yet', () => {
    const over = entitlement({ id: 'over', endsAt: NOW.getTime() });
    const next = entitlement({ id: 'next', state: 'pending', startsAt: NOW.getTime() });
    const last = entitlement({ id: 'last', state: 'pending', startsAt: next.endsAt, endsAt: next.endsAt + 60_000 });
    expect(decide([over, next, last])).toMatchObject({ entitlement: { id: 'next' }, secondsLeft: 3_600 });
  });

  test('a service that the NAS does not name admits both types', () => {
    expect(decide([entitlement({ type: 'pppoe' })]).kind).toBe('accept');
    expect(decide([entitlement({ type: 'pppoe' })], { service: 'hotspot' })).toEqual(reject('wrong_service'));
  });

  test('of several obstacles the one that helps the customer most is told', () => {
    const dead = [entitlement({ state: 'expired' }), entitlement({ state: 'exhausted' })];
    expect(decide(dead)).toEqual(reject('exhausted'));
    expect(decide([...dead, entitlement({ sites: ['Elsewhere'] })])).toEqual(reject('wrong_site'));
    expect(decide([entitlement({ state: 'expired', sites: ['Elsewhere'] })])).toEqual(reject('expired'));
  });

  test('nothing is told before the password is right, and nobody unknown is asked for one', () => {
    const wrong = { checkCredentials: () => 'wrong_password' as const };
    expect(decide([entitlement({ state: 'expired' })], wrong)).toEqual(reject('wrong_password'));
    let asked = 0;
    const counting = () => ((asked += 1), 'ok' as const);
    expect(decide([], { checkCredentials: counting, subject: undefined })).toEqual(reject('unknown_user'));
    expect(asked).toBe(0);
  });

  test('somebody suspended is told so, whatever was bought', () => {
    const subject = aSubject('c', { status: 'suspended', entitlements: [entitlement()] });
    expect(decide([], { subject })).toEqual(reject('suspended'));
  });
});

describe('devices', () => {
  const withDevices = (devices: { mac: string; blocked: boolean }[], devicesOnly: boolean) => ({
    subject: aSubject('c', { devices, devicesOnly, entitlements: [entitlement()] }),
  });

  test('a blocked one is refused, any other of the same customer is not', () => {
    const question = withDevices([{ mac: MAC, blocked: true }], false);
    expect(decide([], question)).toEqual(reject('device_blocked'));
    expect(decide([], { ...question, device: '02:AA:BB:CC:DD:02' }).kind).toBe('accept');
  });

  test('where only listed ones may log in, one that is not listed or not named is refused', () => {
    const question = withDevices([{ mac: MAC, blocked: false }], true);
    expect(decide([], question).kind).toBe('accept');
    expect(decide([], { ...question, device: '02:AA:BB:CC:DD:02' })).toEqual(reject('device_not_allowed'));
    expect(decide([], { ...question, device: undefined })).toEqual(reject('device_not_allowed'));
    expect(decide([], withDevices([], true))).toEqual(reject('device_not_allowed'));
  });

  test('a login by address alone needs a package that allows it, one that does is chosen', () => {
    expect(decide([entitlement()], { byDevice: true })).toEqual(reject('mac_login_off'));
    const allowed = entitlement({ id: 'allowed', endsAt: NOW.getTime() + 7_200_000, macLogin: true });
    expect(decide([entitlement(), allowed], { byDevice: true })).toMatchObject({ entitlement: { id: 'allowed' } });
  });
});

describe('places and hours', () => {
  test('an entitlement is valid at its sites and at its routers, and nowhere else', () => {
    const at = (router: AccessPlace['router'], more: Partial<SnapshotEntitlement>) =>
      decide([entitlement(more)], { router });
    expect(at(ROUTER, { sites: ['Market', 'Harbour'] }).kind).toBe('accept');
    expect(at(ROUTER, { routerIds: ['router-1'] }).kind).toBe('accept');
    expect(at(ROUTER, { sites: ['Harbour'], routerIds: ['router-1'] }).kind).toBe('accept');
    expect(at(ROUTER, { sites: ['market'] })).toEqual(reject('wrong_site'));
    expect(at({ id: 'router-2', site: null }, { sites: ['Market'] })).toEqual(reject('wrong_site'));
    expect(at(undefined, { sites: ['Market'] }).kind).toBe('accept');
  });

  test('outside its hours it is refused, inside them the session ends with them', () => {
    const hours = (from: string, to: string) => entitlement({ schedule: [{ days: [1], from, to }] });
    expect(decide([hours('16:00', '18:00')])).toEqual(reject('outside_schedule'));
    expect(decide([hours('08:00', '15:00')])).toEqual(reject('outside_schedule'));
    expect(decide([hours('08:00', '15:10')])).toMatchObject({ secondsLeft: 600 });
    expect(decide([hours('00:00', '24:00')])).toMatchObject({ secondsLeft: 3_600 });
    expect(decide([hours('16:00', '18:00'), entitlement({ id: 'always' })])).toMatchObject({
      entitlement: { id: 'always' },
    });
  });
});

describe('what is left', () => {
  test('online time limits the session, and none left is used up', () => {
    const online = (onlineSeconds: number, usedSeconds: number) => entitlement({ onlineSeconds, usedSeconds });
    expect(decide([online(1_000, 400)])).toMatchObject({ secondsLeft: 600 });
    expect(decide([online(10_000, 400)])).toMatchObject({ secondsLeft: 3_600 });
    expect(decide([online(1_000, 1_000)])).toEqual(reject('exhausted'));
  });

  test('newer usage than the snapshot counts, older does not', () => {
    const told = (usedOctets: bigint, usedSeconds: number) => ({
      usage: new Map([[anEntitlement(0).id, { usedOctets, usedSeconds }]]),
    });
    const limited = entitlement({ quotaOctets: '1000', usedOctets: '500', onlineSeconds: 100, usedSeconds: 50 });
    expect(decide([limited], told(999n, 99))).toMatchObject({ usage: { usedOctets: 999n, usedSeconds: 99 } });
    expect(decide([limited], told(1_000n, 0))).toEqual(reject('exhausted'));
    expect(decide([limited], told(0n, 100))).toEqual(reject('exhausted'));
    expect(decide([limited], told(1n, 1))).toMatchObject({ usage: { usedOctets: 500n, usedSeconds: 50 } });
  });

  test('the rate is that of the fair-use step that the newest usage has passed', () => {
    const fairUse = [{ afterOctets: '1000', downKbps: 300, upKbps: 200 }];
    const decideAt = (usedOctets: bigint) =>
      decide([entitlement({ fairUse, usedOctets: '10' })], {
        usage: new Map([[anEntitlement(0).id, { usedOctets, usedSeconds: 0 }]]),
      });
    expect(decideAt(999n)).toMatchObject({ fairUseStep: 0 });
    expect(rateOf(answerTo(decideAt(999n)))).toBe('500k/2000k');
    expect(decideAt(1_000n)).toMatchObject({ fairUseStep: 1 });
    expect(rateOf(answerTo(decideAt(1_000n)))).toBe('200k/300k');
  });

  test('A12: whatever the times and counters are, an Accept has a Session-Timeout of at least 1 and a limit of at least 1', () => {
    const around = fc.integer({ min: NOW.getTime() - 5_000, max: NOW.getTime() + 5_000 });
    const time = fc.constantFrom('00:00', '14:59', '15:00', '15:01', '24:00');
    const anyEntitlement = fc.record({
      state: fc.constantFrom('pending' as const, 'active' as const, 'expired' as const, 'exhausted' as const),
      startsAt: around,
      endsAt: around,
      quotaOctets: fc.option(fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }).map(String), { nil: null }),
      usedOctets: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String),
      onlineSeconds: fc.option(fc.integer({ min: 0, max: 5 }), { nil: null }),
      usedSeconds: fc.integer({ min: 0, max: 5 }),
      schedule: fc.option(fc.array(fc.record({ days: fc.constant([1, 7]), from: time, to: time })), { nil: null }),
    });
    fc.assert(
      fc.property(fc.array(anyEntitlement, { maxLength: 5 }), fc.integer({ min: 0, max: 999 }), (some, ms) => {
        const decision = decide(some.map(entitlement), { now: new Date(NOW.getTime() + ms) });
        if (decision.kind === 'reject') return;
        const attributes = answerTo(decision);
        expect(integerOf(attributes, ATTR.SESSION_TIMEOUT)).toBeGreaterThanOrEqual(1);
        if (decision.entitlement.quotaOctets === null) return;
        const low = integerOf(attributes, MIKROTIK.TOTAL_LIMIT, VENDOR.MIKROTIK);
        const high = integerOf(attributes, MIKROTIK.TOTAL_LIMIT_GIGAWORDS, VENDOR.MIKROTIK);
        expect(low + high).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a burst', () => {
  const burst = { downKbps: 8_000, upKbps: 4_000, thresholdDownKbps: 1_500, thresholdUpKbps: 400, seconds: 16 };

  test('is told with the rate, upload first; a fair-use step has none', () => {
    const fairUse = [{ afterOctets: '1000', downKbps: 256, upKbps: 64 }];
    const full = entitlement({ burst, fairUse });
    expect(rateOf(answerTo(decide([full])))).toBe('500k/2000k 4000k/8000k 400k/1500k 16/16');
    expect(rateOf(answerTo(decide([{ ...full, usedOctets: '1000' }])))).toBe('64k/256k');
  });
});
