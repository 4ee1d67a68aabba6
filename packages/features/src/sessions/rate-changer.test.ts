import { ATTR, CODE, MIKROTIK, VENDOR } from '@turnpike/radius/attributes.js';
import { integerAttr } from '@turnpike/radius/value-codec.js';
import { changeRates } from './rate-changer.js';
import { createRateReconcile } from './rate-reconcile.js';
import { byOperator, openSessionsRig, type SessionsRig } from './sessions-rig.js';

const FAIR_USE = [
  { afterOctets: '1000', downKbps: 2_000, upKbps: 500 },
  { afterOctets: '5000', downKbps: 256, upKbps: 64 },
];

let rig: SessionsRig;
let made = 0;

beforeAll(async () => {
  rig = await openSessionsRig('127.0.88.2');
});

beforeEach(async () => {
  rig.reset();
  await rig.db.session.deleteMany();
});

afterAll(() => rig.close());

async function entitled(usedOctets: bigint): Promise<string> {
  made += 1;
  return rig.rows.entitlement(await rig.rows.customer(`fair-${made}`, 'password'), { fairUse: FAIR_USE, usedOctets });
}

const change = (entitlementId: string, step: number) =>
  rig.transact((tx) => changeRates(tx, { entitlementId, step, reason: 'fair use', actor: 'system' }));

const reconcile = (repeatSeconds = 60) => createRateReconcile({ ...rig, repeatSeconds })();

describe('changing the rate of an entitlement', () => {
  test('orders every running session that was told another step, with its job, in one transaction', async () => {
    const entitlementId = await entitled(1_500n);
    const open = await rig.session({ entitlementId });
    const stale = await rig.session({ entitlementId, state: 'stale' });
    const told = await rig.session({ entitlementId, fairUseStep: 1 });
    await rig.session({ entitlementId, state: 'closing' });
    await rig.session({ entitlementId, state: 'closed', stoppedAt: new Date() });
    const ids = await change(entitlementId, 1);
    const commands = await rig.db.sessionCommand.findMany({ where: { session: { entitlementId } } });
    expect(commands.map((command) => command.sessionId).sort()).toEqual([open, stale].sort());
    expect(commands[0]).toMatchObject({
      kind: 'rate',
      state: 'queued',
      requestedBy: 'system',
      params: { downKbps: 2_000, upKbps: 500, fairUseStep: 1 },
    });
    const jobs = await rig.db.outboxMessage.findMany({ where: { job: 'session.rate' } });
    for (const commandId of ids) expect(jobs.map((job) => job.payload)).toContainEqual({ commandId });
    expect(await rig.commandsOf(told)).toEqual([]);
  });

  test('a session that is being told the step is not told twice', async () => {
    const entitlementId = await entitled(1_500n);
    await rig.session({ entitlementId });
    expect(await change(entitlementId, 1)).toHaveLength(1);
    expect(await change(entitlementId, 1)).toEqual([]);
    expect(await change(entitlementId, 2)).toHaveLength(1);
  });

  test('an unknown entitlement is nothing to do', async () => {
    expect(await change('00000000-0000-7000-8000-000000000000', 1)).toEqual([]);
  });
});

describe('carrying out a rate', () => {
  test('sends a CoA-Request with the rate, upload first, and has it as the rate of the session once acknowledged', async () => {
    const entitlementId = await entitled(6_000n);
    const id = await rig.session({ entitlementId });
    const before = rig.nas.received.length;
    const [commandId = ''] = await change(entitlementId, 2);
    expect(await rig.sessionRow(id)).toMatchObject({ fairUseStep: 0, rateLimit: null });
    await rig.runRate(commandId);
    const request = rig.nas.received[before];
    expect(request?.code).toBe(CODE.COA_REQUEST);
    expect(request?.text(ATTR.USER_NAME)).toBe('amina');
    expect(request?.text(ATTR.ACCT_SESSION_ID)).toBe('80a00001');
    expect(request?.ipv4(ATTR.FRAMED_IP_ADDRESS)).toBe('10.5.50.7');
    expect(request?.vendor(VENDOR.MIKROTIK, MIKROTIK.RATE_LIMIT)?.toString()).toBe('64k/256k');
    expect(await rig.sessionRow(id)).toMatchObject({ state: 'open', fairUseStep: 2, rateLimit: '64k/256k' });
    expect(await rig.commandsOf(id)).toMatchObject([{ state: 'acknowledged', attempts: 1 }]);
    await rig.runRate(commandId);
    expect(rig.nas.received.length).toBe(before + 1);
  });

  test.each([503, 506])('A11: CoA-NAK %p leaves the session open and at the rate it had', async (cause) => {
    rig.answers.decide = () => ({ code: CODE.COA_NAK, attributes: [integerAttr(ATTR.ERROR_CAUSE, cause)] });
    const entitlementId = await entitled(1_500n);
    const id = await rig.session({ entitlementId });
    const [commandId = ''] = await change(entitlementId, 1);
    await rig.runRate(commandId);
    expect(await rig.sessionRow(id)).toMatchObject({ state: 'open', fairUseStep: 0, rateLimit: null });
    expect(await rig.service.getCommand(commandId)).toMatchObject({
      state: 'refused',
      errorCause: cause,
      detail: `the router refused, Error-Cause ${cause}`,
    });
  });

  test('an order that a newer one has overtaken is not sent, nor one for a session that is over or ending', async () => {
    const entitlementId = await entitled(6_000n);
    const id = await rig.session({ entitlementId });
    const before = rig.nas.received.length;
    const [first = ''] = await change(entitlementId, 1);
    const [second = ''] = await change(entitlementId, 2);
    await rig.runRate(first);
    expect(await rig.commandsOf(id)).toMatchObject([{ state: 'superseded' }, { state: 'queued' }]);
    await rig.db.session.update({ where: { id }, data: { state: 'closing' } });
    await rig.runRate(second);
    expect(await rig.commandsOf(id)).toMatchObject([{ state: 'superseded' }, { state: 'superseded' }]);
    expect(rig.nas.received.length).toBe(before);
  });
});

describe('a burst', () => {
  test('is told with the full rate, and is gone at a slower one', async () => {
    const burst = { downKbps: 9_000, upKbps: 3_000, thresholdDownKbps: 4_000, thresholdUpKbps: 800, seconds: 8 };
    made += 1;
    const customerId = await rig.rows.customer(`burst-${made}`, 'password');
    const entitlementId = await rig.rows.entitlement(customerId, { fairUse: FAIR_USE, burst });
    const id = await rig.session({ entitlementId, fairUseStep: 1 });
    const rates: (string | undefined)[] = [];
    for (const step of [0, 1]) {
      const [commandId = ''] = await change(entitlementId, step);
      await rig.runRate(commandId);
      rates.push(rig.nas.received.at(-1)?.vendor(VENDOR.MIKROTIK, MIKROTIK.RATE_LIMIT)?.toString());
      expect((await rig.sessionRow(id)).rateLimit).toBe(rates.at(-1));
    }
    expect(rates).toEqual(['1000k/5000k 3000k/9000k 800k/4000k 8/8', '500k/2000k']);
  });
});

describe('the reconcile sweep', () => {
  test('A11: a CoA-Request that was lost is ordered again until it is acknowledged', async () => {
    const entitlementId = await entitled(1_500n);
    const id = await rig.session({ entitlementId });
    rig.loseAnswers();
    const [lost = ''] = await change(entitlementId, 1);
    const before = rig.nas.received.length;
    await rig.runRate(lost);
    const copies = rig.nas.received.slice(before);
    expect(copies).toHaveLength(5);
    expect(new Set(copies.map((copy) => copy.raw.toString('hex'))).size).toBe(1);
    expect(await rig.service.getCommand(lost)).toMatchObject({
      state: 'unanswered',
      detail: 'the router does not answer RADIUS orders',
    });
    await reconcile(60);
    expect(await rig.commandsOf(id)).toHaveLength(1);
    await reconcile(0);
    await reconcile(0);
    const [, again] = await rig.commandsOf(id);
    expect(again).toMatchObject({ state: 'queued', params: { downKbps: 2_000, upKbps: 500, fairUseStep: 1 } });
    expect(rig.seen.wakes).toBe(1);
    rig.reset();
    await rig.runRate(again?.id ?? '');
    expect(await rig.sessionRow(id)).toMatchObject({ fairUseStep: 1, rateLimit: '500k/2000k' });
    await reconcile(0);
    expect(await rig.commandsOf(id)).toHaveLength(2);
  });

  test('A11: a session at another step than its usage gets an order though nobody gave one', async () => {
    const entitlementId = await entitled(5_000n);
    const wrong = await rig.session({ entitlementId, fairUseStep: 1 });
    const right = await rig.session({ entitlementId, fairUseStep: 2 });
    await reconcile();
    expect(await rig.commandsOf(wrong)).toMatchObject([{ params: { downKbps: 256, upKbps: 64, fairUseStep: 2 } }]);
    expect(await rig.commandsOf(right)).toEqual([]);
  });

  test('a rate that an operator chose stays, and is ordered again while nobody answers', async () => {
    const entitlementId = await entitled(0n);
    const id = await rig.session({ entitlementId });
    rig.loseAnswers();
    const { commandId } = await rig.service.changeRate(id, { downKbps: 900, upKbps: 300 }, byOperator);
    await rig.runRate(commandId);
    await reconcile(0);
    const [, again] = await rig.commandsOf(id);
    expect(again).toMatchObject({ params: { downKbps: 900, upKbps: 300, fairUseStep: null } });
    rig.reset();
    await rig.runRate(again?.id ?? '');
    expect(await rig.sessionRow(id)).toMatchObject({ fairUseStep: 0, rateLimit: '300k/900k' });
    await reconcile(0);
    expect(await rig.commandsOf(id)).toHaveLength(2);
  });
});

describe('a rate by an operator', () => {
  test('is an order, its job and an audit entry', async () => {
    const id = await rig.session();
    const { commandId } = await rig.service.changeRate(id, { downKbps: 900, upKbps: 300 }, byOperator);
    expect(await rig.service.getCommand(commandId)).toMatchObject({
      sessionId: id,
      kind: 'rate',
      rate: { downKbps: 900, upKbps: 300 },
      state: 'queued',
      requestedBy: 'operator-1',
      detail: null,
    });
    const audit = await rig.db.auditEntry.findFirstOrThrow({ where: { subjectId: id } });
    expect(audit).toMatchObject({ actor: 'operator-1', action: 'session.rate', requestId: 'request-1' });
    expect(rig.seen.wakes).toBe(1);
  });

  test('of a session that is over, being ended or unknown is refused', async () => {
    const rate = { downKbps: 900, upKbps: 300 };
    const closed = await rig.session({ state: 'closed', stoppedAt: new Date() });
    const closing = await rig.session({ state: 'closing' });
    await expect(rig.service.changeRate(closed, rate, byOperator)).rejects.toMatchObject({ code: 'conflict' });
    await expect(rig.service.changeRate(closing, rate, byOperator)).rejects.toMatchObject({ code: 'conflict' });
    await expect(
      rig.service.changeRate('00000000-0000-7000-8000-000000000000', rate, byOperator),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});
