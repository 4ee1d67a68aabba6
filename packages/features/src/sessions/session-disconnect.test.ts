import { ATTR, CODE } from '@turnpike/radius/attributes.js';
import type { RadiusPacket } from '@turnpike/radius/packet.js';
import { integerAttr } from '@turnpike/radius/value-codec.js';
import { createMetrics } from '@turnpike/runtime/metrics.js';
import { systemClock } from '@turnpike/core/clock.js';
import { SecretBox } from '@turnpike/core/secret-box.js';
import { TEST_KEY } from '@turnpike/testkit/access-rows.js';
import { openCoaListener } from '@turnpike/testkit/nas-peer.js';
import { createSteerableClock } from '@turnpike/testkit/steerable-clock.js';
import { endSessions } from './session-ender.js';
import { createSessionProof } from './session-proof.js';
import type { RemovalOutcome } from './session-removal.js';
import { createSessionsStale } from './sessions-stale.js';
import { ago, byOperator, openSessionsRig, type SessionsRig } from './sessions-rig.js';
import { createUnendedGauge } from './unended-gauge.js';

let rig: SessionsRig;

beforeAll(async () => {
  rig = await openSessionsRig('127.0.88.3');
});

beforeEach(async () => {
  rig.reset();
  await rig.db.session.deleteMany();
});

afterAll(() => rig.close());

async function order(sessionId: string): Promise<string> {
  return (await rig.service.disconnect(sessionId, byOperator)).commandId;
}

async function cut(sessionId: string) {
  const commandId = await order(sessionId);
  await rig.runDisconnect(commandId);
  return rig.service.getCommand(commandId);
}

/** The same numbers for the same seed (mulberry32). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const bytesOf = (packets: readonly RadiusPacket[]): Set<string> =>
  new Set(packets.map((packet) => packet.raw.toString('hex')));

describe('A10: a Disconnect-Request over a network that loses packets', () => {
  test('A10: 0 % loss: one transmission, acknowledged, and the API of the router is left alone', async () => {
    const before = rig.nas.received.length;
    expect(await cut(await rig.session())).toMatchObject({ state: 'acknowledged', detail: null });
    expect(rig.nas.received.length).toBe(before + 1);
    expect(rig.seen.removals).toBe(0);
  });

  test('A10: 30 % loss both ways: every one of 60 sessions is acknowledged or taken out, none is given up', async () => {
    const roll = dice(7);
    rig.loseAnswers(() => (roll() < 0.51 ? undefined : { code: CODE.DISCONNECT_ACK }));
    rig.answers.remove = async () => ({ kind: 'removed' });
    const ids = await Promise.all(
      Array.from({ length: 60 }, (_none, index) => rig.session({ acctSessionId: `8${index}` })),
    );
    const orders: string[] = [];
    for (const id of ids) orders.push(await order(id));
    const run = rig.disconnector();
    await Promise.all(orders.map(run));
    const commands = await Promise.all(orders.map((id) => rig.service.getCommand(id)));
    expect(commands.filter(({ state }) => state !== 'acknowledged' && state !== 'removed')).toEqual([]);
    expect(commands.filter(({ state }) => state === 'acknowledged').length).toBeGreaterThan(10);
    for (const [index] of ids.entries()) {
      const copies = rig.nas.received.filter((packet) => packet.text(ATTR.ACCT_SESSION_ID) === `8${index}`);
      expect(bytesOf(copies).size).toBe(1);
    }
  });

  test('A10: 100 % loss: the same bytes five times with doubling waits, then unanswered, and the session is not called gone', async () => {
    const times: number[] = [];
    rig.loseAnswers(() => {
      times.push(performance.now());
      return undefined;
    });
    const id = await rig.session();
    const before = rig.nas.received.length;
    const command = await cut(id);
    expect(command).toMatchObject({
      state: 'unanswered',
      detail: 'the router does not answer RADIUS orders; the router has no API',
    });
    const copies = rig.nas.received.slice(before);
    expect(copies).toHaveLength(5);
    expect(bytesOf(copies).size).toBe(1);
    // Four equal waits would be 80 ms; doubled ones are 300.
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(150);
    expect(await rig.sessionRow(id)).toMatchObject({ state: 'closing', stoppedAt: null });
    expect(rig.seen.removals).toBe(1);
  });

  test('A10: 100 % loss: from the third transmission on the API is tried, and what it proves ends the waiting', async () => {
    rig.loseAnswers();
    let sentSoFar = 0;
    const before = rig.nas.received.length;
    rig.answers.remove = async () => {
      sentSoFar = rig.nas.received.length - before;
      return { kind: 'removed' };
    };
    const id = await rig.session();
    expect(await cut(id)).toMatchObject({ state: 'removed', detail: 'taken out through the API of the router' });
    expect(sentSoFar).toBeGreaterThanOrEqual(2);
    expect(rig.nas.received.length - before).toBeLessThanOrEqual(3);
    expect(await rig.sessionRow(id)).toMatchObject({ state: 'closing' });
    await sweep({ graceSeconds: 0 });
    expect(await rig.sessionRow(id)).toMatchObject({ state: 'closed', terminateCause: null });
  });

  test('A10: an answer that comes while the API is still busy is taken, and the API is told to stop', async () => {
    let aborted = false;
    let copies = 0;
    rig.loseAnswers(() => {
      copies += 1;
      return copies < 4 ? undefined : { code: CODE.DISCONNECT_ACK };
    });
    rig.answers.remove = (_session, signal) =>
      new Promise<RemovalOutcome>((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          aborted = true;
          reject(new Error('told to stop'));
        });
      });
    expect(await cut(await rig.session())).toMatchObject({ state: 'acknowledged' });
    expect(aborted).toBe(true);
  });
});

describe('a router that refuses', () => {
  const refuse = (cause: number) => () => ({
    code: CODE.DISCONNECT_NAK,
    attributes: [integerAttr(ATTR.ERROR_CAUSE, cause)],
  });

  test('A10: NAK 506 and no API leave the session open, with the reasons', async () => {
    rig.answers.decide = refuse(506);
    const id = await rig.session();
    expect(await cut(id)).toMatchObject({
      state: 'refused',
      errorCause: 506,
      detail: 'the router refused, Error-Cause 506; the router has no API',
    });
    expect(await rig.sessionRow(id)).toMatchObject({ state: 'open' });
  });

  test('A10: NAK 501 and a working API: the session is taken out there', async () => {
    rig.answers.decide = refuse(501);
    rig.answers.remove = async () => ({ kind: 'removed' });
    const id = await rig.session();
    expect(await cut(id)).toMatchObject({ state: 'removed' });
    expect(await rig.sessionRow(id)).toMatchObject({ state: 'closing' });
  });

  test('A10: a router whose list has no such session is proof, whatever it answers over RADIUS', async () => {
    rig.loseAnswers();
    rig.answers.remove = async () => ({ kind: 'absent' });
    expect(await cut(await rig.session())).toMatchObject({
      state: 'already_gone',
      errorCause: null,
      detail: 'the router has no such session',
    });
  });
});

describe('a NAS with two live secrets', () => {
  test('R13: the one last seen in use goes first, and the other joins in on silence', async () => {
    rig.answers.retry = { firstMs: 200, factor: 2, maxMs: 3_200, tries: 5, jitter: 0.1 };
    const box = new SecretBox([TEST_KEY]);
    const address = '127.0.88.4';
    const routerId = await rig.rows.router(address, 'the new secret');
    await rig.db.router.update({
      where: { id: routerId },
      data: {
        previousRadiusSecret: box.seal('the old secret', {
          table: 'router',
          row: routerId,
          column: 'previous_radius_secret',
        }),
        secretRotatedAt: new Date(),
      },
    });
    for (const { used, secret } of [
      { used: 'previousUsedAt', secret: 'the old secret' },
      { used: 'previousUsedAt', secret: 'the new secret' },
      { used: 'currentUsedAt', secret: 'the old secret' },
    ]) {
      const activity = { currentUsedAt: null, previousUsedAt: null, [used]: new Date() };
      await rig.db.nasActivity.upsert({ where: { routerId }, create: { routerId, ...activity }, update: activity });
      const router = await openCoaListener({ address, secret, decide: () => ({ code: CODE.DISCONNECT_ACK }) });
      try {
        const port = router.port;
        const commandId = await order(await rig.session({ routerId }));
        await rig.runDisconnect(commandId, port);
        expect(await rig.service.getCommand(commandId)).toMatchObject({ state: 'acknowledged', attempts: 1 });
        expect(router.received).toHaveLength(1);
      } finally {
        await router.close();
      }
    }
  });
});

type Limits = Partial<Pick<Parameters<typeof createSessionsStale>[0], 'graceSeconds' | 'repeatSeconds'>>;

const leases = { follow: async () => undefined };

function sweep(limits: Limits): Promise<void> {
  const { db, transact, live, wake } = rig;
  return createSessionsStale({ db, transact, live, wake, leases, endSessions, interimSeconds: 60, ...limits })();
}

describe('an end that was promised', () => {
  /** A session whose NAS acknowledged its end long ago and has said nothing since. */
  async function promised(state: 'closing' | 'stale' = 'closing'): Promise<string> {
    const id = await rig.session({ lastSeenAt: ago(120) });
    expect(await cut(id)).toMatchObject({ state: 'acknowledged' });
    await rig.db.session.update({ where: { id }, data: { state } });
    return id;
  }

  const prove = (graceSeconds = 0) => createSessionProof({ ...rig.deps(), graceSeconds })(AbortSignal.timeout(10_000));

  test('A10: without a Stop an ACK alone closes nothing while an interim may still come', async () => {
    const id = await promised();
    await sweep({ graceSeconds: 0 });
    expect(await rig.sessionRow(id)).toMatchObject({ state: 'closing' });
  });

  test('A10: an ACK and silence for longer than any running session keeps it is proof', async () => {
    const id = await promised('stale');
    await sweep({ graceSeconds: 0 });
    expect(await rig.sessionRow(id)).toMatchObject({ state: 'closed', terminateCause: null });
  });

  test.each(['absent', 'removed'] as const)(
    'A10: the router is asked itself, and a session that is %s there is proven over',
    async (kind) => {
      rig.answers.remove = async () => ({ kind });
      const id = await promised();
      await prove(3_600);
      expect(rig.seen.removals).toBe(0);
      await prove();
      expect(rig.seen.removals).toBe(1);
      expect(await rig.commandsOf(id)).toMatchObject([{ state: kind === 'absent' ? 'already_gone' : 'removed' }]);
      await sweep({ graceSeconds: 0 });
      expect(await rig.sessionRow(id)).toMatchObject({ state: 'closed' });
    },
  );

  test('A10: a router that cannot be asked proves nothing and is left alone for a while', async () => {
    const id = await promised();
    const asking = createSessionProof({ ...rig.deps(), graceSeconds: 0 });
    await asking(AbortSignal.timeout(10_000));
    await asking(AbortSignal.timeout(10_000));
    expect(rig.seen.removals).toBe(1);
    expect(await rig.sessionRow(id)).toMatchObject({ state: 'closing' });
    expect(await rig.commandsOf(id)).toMatchObject([{ state: 'acknowledged' }]);
  });

  test('A10: a session that goes on in spite of its ACK is ordered to end again', async () => {
    const id = await promised();
    await rig.db.session.update({ where: { id }, data: { lastSeenAt: new Date(Date.now() + 1_000) } });
    await sweep({ repeatSeconds: -1 });
    expect(await rig.commandsOf(id)).toMatchObject([{ state: 'acknowledged' }, { state: 'queued' }]);
  });
});

describe('the number of sessions that should be over', () => {
  const metrics = createMetrics({ role: 'test', instance: '0', processMetrics: false });
  const clock = createSteerableClock();

  async function shown(): Promise<number | undefined> {
    const metric = await metrics.registry.getSingleMetric('turnpike_worker_sessions_unended')?.get();
    return metric?.values[0]?.value;
  }

  test('A10: counts what is not proven over, not what is, and shows nothing once it is old', async () => {
    const count = createUnendedGauge({ db: rig.db, metrics, clock, overdueSeconds: 0 });
    const unanswered = await rig.session();
    rig.loseAnswers();
    await cut(unanswered);
    const entitlementId = await rig.rows.entitlement(await rig.rows.customer('over', 'password'), { state: 'expired' });
    const refused = await rig.session({ entitlementId });
    rig.answers.decide = () => ({ code: CODE.DISCONNECT_NAK, attributes: [integerAttr(ATTR.ERROR_CAUSE, 506)] });
    await cut(refused);
    await cut(await rig.session());
    await count();
    expect(await shown()).toBe(2);
    await rig.db.session.update({ where: { id: unanswered }, data: { state: 'stale' } });
    await count();
    expect(await shown()).toBe(2);
    for (const id of [unanswered, refused]) {
      await rig.db.session.update({ where: { id }, data: { state: 'closed', stoppedAt: new Date() } });
    }
    await count();
    expect(await shown()).toBe(0);
    clock.advance(91_000);
    expect(await shown()).toBeUndefined();
  });
});

test('hundreds of orders at once are ordered and carried out together', async () => {
  const entitlementId = await rig.rows.entitlement(await rig.rows.customer('thousand', 'password'));
  const ids = await Promise.all(Array.from({ length: 200 }, () => rig.session({ entitlementId })));
  const ended = await rig.transact((tx) =>
    endSessions(tx, { entitlementIds: [entitlementId], reason: 'time is over', actor: 'system' }),
  );
  expect(ended.map(({ sessionId }) => sessionId).sort()).toEqual(ids.sort());
  const started = systemClock.monotonicMs();
  const run = rig.disconnector();
  await Promise.all(ended.map(({ commandId }) => run(commandId)));
  const tookMs = systemClock.monotonicMs() - started;
  const states = await rig.db.sessionCommand.groupBy({
    by: ['state'],
    where: { session: { entitlementId } },
    _count: true,
  });
  expect(states).toEqual([{ state: 'acknowledged', _count: 200 }]);
  expect(tookMs).toBeLessThan(5_000);
});
