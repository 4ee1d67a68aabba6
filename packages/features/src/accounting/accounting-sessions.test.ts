import fc from 'fast-check';
import { createHolderReader } from '../access/device-holders.js';
import { encodeRecord, type AccountingRecord } from './accounting-record.js';
import { openAccountingRig, T0, type AccountingRig } from './accounting-rig.js';
import type { AccountingDrain } from './accounting.drain.js';

let rig: AccountingRig;
let drain: AccountingDrain;

beforeAll(async () => {
  rig = await openAccountingRig('127.0.9.2');
});

beforeEach(() => {
  rig.fresh();
  drain = rig.newDrain('one');
});

afterAll(() => rig.close());

const record: AccountingRig['record'] = (...args) => rig.record(...args);
const push = (...records: AccountingRecord[]): Promise<void> => rig.push(...records);

const sessionOf = (key: string) => rig.store.database.db.session.findUniqueOrThrow({ where: { key } });

const holdersOf = (entitlementId: string) =>
  createHolderReader({ redis: rig.redis.redis, prefix: rig.redis.prefix })(entitlementId);

describe('sessions in the ledger', () => {
  test('A3: counters beyond 32 bits are exact', async () => {
    const customerId = await rig.rows.customer('a3', 'password');
    const entitlementId = await rig.rows.entitlement(customerId);
    await push(record('c.a3', 60, { entitlementId, inputOctets: String(3n * 2n ** 32n + 7n), outputOctets: '1' }));
    await drain.drainOnce();
    await push(record('c.a3', 90, { entitlementId, inputOctets: String(2n ** 55n + 1n), outputOctets: '1' }));
    await drain.drainOnce();
    expect((await sessionOf('c.a3')).inputOctets).toBe(2n ** 55n + 1n);
    const entitlement = await rig.store.database.db.entitlement.findUniqueOrThrow({ where: { id: entitlementId } });
    expect(entitlement.usedOctets).toBe(2n ** 55n + 2n);
  });

  test('A4: Accounting-On closes the sessions of that NAS at their last update and spares later ones', async () => {
    const rebooted = await rig.rows.router('127.0.9.4', 'secret');
    await push(
      record('c.a4-old', 60, { routerId: rebooted }),
      record('c.a4-other', 60),
      record('c.a4-new', 130, { routerId: rebooted, kind: 'start', sessionSeconds: 0 }),
      record('on', 120, { routerId: rebooted, kind: 'on', sessionSeconds: 0 }),
    );
    await drain.drainOnce();
    expect(await sessionOf('c.a4-old')).toMatchObject({
      state: 'closed',
      terminateCause: 11,
      stoppedAt: new Date(Date.UTC(2026, 0, 1, 0, 1, 0)),
    });
    expect((await sessionOf('c.a4-other')).state).toBe('open');
    expect((await sessionOf('c.a4-new')).state).toBe('open');
  });

  test('A5: a session without our token is booked on the entitlement its User-Name had then', async () => {
    const customerId = await rig.rows.customer('a5', 'password');
    const entitlementId = await rig.rows.entitlement(customerId, {
      startsAt: new Date(Date.UTC(2025, 11, 31)),
      endsAt: new Date(Date.UTC(2026, 0, 2)),
    });
    await push(record('h.a5', 60, { username: 'a5', inputOctets: '42' }));
    await drain.drainOnce();
    const session = await rig.store.database.db.session.findFirstOrThrow({ where: { key: { startsWith: 'h.a5.' } } });
    expect(session).toMatchObject({ customerId, entitlementId });
    const entitlement = await rig.store.database.db.entitlement.findUniqueOrThrow({ where: { id: entitlementId } });
    expect(entitlement.usedOctets).toBe(42n);
  });

  test('a session keeps what its entitlement is for, whether our token or the User-Name tells which that is', async () => {
    const customerId = await rig.rows.customer('dialler', 'password');
    const span = { startsAt: new Date(Date.UTC(2025, 11, 31)), endsAt: new Date(Date.UTC(2026, 0, 2)) };
    const dialled = await rig.rows.entitlement(customerId, { ...span, type: 'pppoe' });
    const other = await rig.rows.customer('walker', 'password');
    await rig.rows.entitlement(other, { ...span, type: 'hotspot' });
    await push(
      record('c.dialled', 60, { entitlementId: dialled }),
      record('h.walked', 60, { username: 'walker' }),
      record('h.stranger', 60, { username: 'nobody' }),
    );
    await drain.drainOnce();
    const services = await rig.store.database.db.session.findMany({
      where: { OR: ['c.dialled', 'h.walked', 'h.stranger'].map((key) => ({ key: { startsWith: key } })) },
      select: { service: true },
      orderBy: { key: 'asc' },
    });
    expect(services.map(({ service }) => service)).toEqual(['pppoe', null, 'hotspot']);
  });

  test('A3: a NAS without Gigawords whose counters begin anew three times is billed exactly, in any order and batches', async () => {
    const customerId = await rig.rows.customer('narrow', 'password');
    const entitlementId = await rig.rows.entitlement(customerId);
    const total = 3n * 2n ** 32n + 123_456_789n;
    const packets = Array.from({ length: 21 }, (_, at) => {
      const bytes = (total * BigInt(at)) / 20n;
      return record('c.narrow', at * 60, {
        entitlementId,
        kind: at === 20 ? 'stop' : 'interim',
        inputOctets: String(bytes % 2n ** 32n),
        outputOctets: String((bytes / 2n) % 2n ** 32n),
        narrow: true,
      });
    });
    const mixed = [...packets.filter((_, at) => at % 2 === 1).toReversed(), ...packets.filter((_, at) => at % 2 === 0)];
    for (let at = 0; at < mixed.length; at += 5) {
      await push(...mixed.slice(at, at + 5), ...mixed.slice(0, 3));
      await drain.drainOnce();
    }
    expect(await sessionOf('c.narrow')).toMatchObject({
      state: 'closed',
      inputOctets: total,
      outputOctets: total / 2n,
      sessionSeconds: 1_200,
    });
    const { db } = rig.store.database;
    const entitlement = await db.entitlement.findUniqueOrThrow({ where: { id: entitlementId } });
    expect(entitlement.usedOctets).toBe(total + total / 2n);
  });

  test('A4: after Accounting-On a late Stop still raises counters and states the true end', async () => {
    const router = await rig.rows.router('127.0.9.44', 'secret');
    const customerId = await rig.rows.customer('a4', 'password');
    const entitlementId = await rig.rows.entitlement(customerId);
    const ours = { routerId: router, entitlementId };
    await push(record('c.a4', 60, { ...ours, inputOctets: '100' }));
    await push(
      record('off', 70, { routerId: router, kind: 'off' }),
      record('on', 130, { routerId: router, kind: 'on' }),
    );
    await drain.drainOnce();
    expect(await sessionOf('c.a4')).toMatchObject({ state: 'closed', terminateCause: 11, sessionSeconds: 60 });
    await push(record('c.a4', 69, { ...ours, kind: 'stop', terminateCause: 7, inputOctets: '150' }));
    await drain.drainOnce();
    expect(await sessionOf('c.a4')).toMatchObject({
      state: 'closed',
      terminateCause: 7,
      inputOctets: 150n,
      stoppedAt: new Date(T0 + 69_000),
    });
    const { db } = rig.store.database;
    const entitlement = await db.entitlement.findUniqueOrThrow({ where: { id: entitlementId } });
    expect(entitlement).toMatchObject({ usedOctets: 150n, usedSeconds: 69n });
  });

  test('A5: an id that is used again after a reboot without Accounting-On is another session', async () => {
    const customerId = await rig.rows.customer('again', 'password');
    const day = { startsAt: new Date(T0 - 86_400_000), endsAt: new Date(T0 + 86_400_000) };
    const entitlementId = await rig.rows.entitlement(customerId, day);
    const after = { username: 'again', namedStart: T0 + 7_200_000 };
    await push(
      record('h.again', 600, { username: 'again', inputOctets: '700' }),
      record('h.again', 7_260, { ...after, sessionSeconds: 60, inputOctets: '40' }),
      record('h.again', 660, { username: 'again', namedStart: T0 + 5_000, inputOctets: '800' }),
      record('h.again', 7_320, { ...after, sessionSeconds: 120, kind: 'stop', inputOctets: '90' }),
    );
    await drain.drainOnce();
    const { db } = rig.store.database;
    const sessions = await db.session.findMany({ where: { entitlementId }, orderBy: { startedAt: 'asc' } });
    expect(sessions.map(({ state, inputOctets, sessionSeconds }) => [state, inputOctets, sessionSeconds])).toEqual([
      ['open', 800n, 660],
      ['closed', 90n, 120],
    ]);
    const entitlement = await db.entitlement.findUniqueOrThrow({ where: { id: entitlementId } });
    expect(entitlement).toMatchObject({ usedOctets: 890n, usedSeconds: 780n });
  });

  test('A5: a session that the release before had open goes on under its key', async () => {
    const old = { v: 1, ...record('h.before', 60, { inputOctets: '5' }) };
    await rig.redis.redis.xadd(rig.streamKey, '*', 'r', JSON.stringify(old));
    await drain.drainOnce();
    const { db } = rig.store.database;
    await db.session.updateMany({ where: { key: { startsWith: 'h.before' } }, data: { key: 'h.before' } });
    await push(record('h.before', 120, { inputOctets: '9' }));
    await drain.drainOnce();
    expect(await db.session.count({ where: { key: { startsWith: 'h.before' } } })).toBe(1);
    expect(await sessionOf('h.before')).toMatchObject({ inputOctets: 9n, sessionSeconds: 120 });
  });

  test('A6: an update keeps the place of a device and a Stop frees it', async () => {
    const customerId = await rig.rows.customer('a6', 'password');
    const entitlementId = await rig.rows.entitlement(customerId);
    const device = { entitlementId, callingStationId: '02:AA:BB:CC:DD:06' };
    await push(record('c.a6', 60, device));
    await drain.drainOnce();
    const held = await holdersOf(entitlementId);
    expect(held.map((hold) => hold.device)).toEqual(['02:AA:BB:CC:DD:06']);
    await push(record('c.a6', 90, { ...device, kind: 'stop' }));
    await drain.drainOnce();
    expect(await holdersOf(entitlementId)).toEqual([]);
  });

  test('R9: the same packet a thousand times, and again a day later, leaves ledger and sessions as they were', async () => {
    const customerId = await rig.rows.customer('r9', 'password');
    const day = { startsAt: new Date(T0 - 86_400_000), endsAt: new Date(T0 + 3 * 86_400_000) };
    const entitlementId = await rig.rows.entitlement(customerId, day);
    const claimed = record('c.r9', 60, { entitlementId, inputOctets: '700', outputOctets: '300' });
    const named = record('h.r9', 60, { username: 'r9', inputOctets: '70', outputOctets: '30', untimed: true });
    const on = record('r9-on', 5, { kind: 'on', routerId: await rig.rows.router('127.0.9.99', 'secret') });
    const packets = [claimed, named, on];
    await push(...packets);
    await drain.drainOnce();
    const { db } = rig.store.database;
    const sessions = () =>
      db.session.findMany({ where: { username: { in: ['nobody', 'r9'] } }, orderBy: { id: 'asc' } });
    const before = await sessions();
    const pipeline = rig.redis.redis.pipeline();
    for (let copy = 0; copy < 1_000; copy += 1) {
      pipeline.xadd(rig.streamKey, '*', 'r', encodeRecord(claimed), 'r', encodeRecord(named));
    }
    await pipeline.exec();
    await drain.drainOnce();
    const later = packets.map((each) => ({
      ...each,
      receivedAt: each.receivedAt + 86_400_000,
      eventAt: each.eventAt + 86_400_000,
      namedStart: each.namedStart + 86_400_000,
      untimed: true,
    }));
    await push(...later);
    await drain.drainOnce();
    expect(await sessions()).toEqual(before);
    const entitlement = await db.entitlement.findUniqueOrThrow({ where: { id: entitlementId } });
    expect(entitlement).toMatchObject({ usedOctets: 1_100n, usedSeconds: 120n });
  });

  test('A2: sessions whose packets come in any order, some several times, in any batches give one and the same ledger', async () => {
    const customerId = await rig.rows.customer('a2', 'password');
    const entitlementId = await rig.rows.entitlement(customerId);
    const random = fc.sample(fc.nat(), { numRuns: 4_000, seed: 7 });
    const draw = (): number => random.pop() ?? 0;
    const packets = Array.from({ length: 60 }, (_, session) =>
      [0, 60, 120, 180, 200].map((second) =>
        record(`c.any${session}`, second, {
          entitlementId,
          kind: second === 0 ? 'start' : second === 200 ? 'stop' : 'interim',
          inputOctets: String(second * 1_000 + session),
          outputOctets: String(BigInt(second) * 2n ** 30n),
        }),
      ),
    ).flat();
    const sent = packets
      .flatMap((each) => Array.from({ length: 1 + (draw() % 5) }, () => ({ each, at: draw() })))
      .sort((a, b) => a.at - b.at)
      .map(({ each }) => each);
    for (let at = 0; at < sent.length;) {
      const size = 1 + (draw() % 200);
      await push(...sent.slice(at, at + size));
      await rig.newDrain(`a2-${at}`, { batchSize: 1 + (draw() % 50) }).drainOnce();
      at += size;
    }
    const { db } = rig.store.database;
    const sessions = await db.session.findMany({ where: { entitlementId }, orderBy: { key: 'asc' } });
    expect(sessions).toHaveLength(60);
    for (const session of sessions) {
      expect(session).toMatchObject({
        state: 'closed',
        startedAt: new Date(T0),
        stoppedAt: new Date(T0 + 200_000),
        sessionSeconds: 200,
        inputOctets: 200_000n + BigInt(session.key.slice(5)),
        outputOctets: 200n * 2n ** 30n,
      });
    }
    const total = sessions.reduce((sum, session) => sum + session.inputOctets + session.outputOctets, 0n);
    const entitlement = await db.entitlement.findUniqueOrThrow({ where: { id: entitlementId } });
    expect(entitlement).toMatchObject({ usedOctets: total, usedSeconds: 60n * 200n });
  });

  test('A7: a session whose NAS clock is ahead and that a reboot closes does not end before it began', async () => {
    const router = await rig.rows.router('127.0.9.47', 'secret');
    const ahead = { routerId: router, eventAt: T0 + 200_000 };
    await push(record('c.a7', 0, { ...ahead, kind: 'start' }));
    await push(record('a7-on', 60, { routerId: router, kind: 'on', eventAt: T0 + 260_000 }));
    await drain.drainOnce();
    const session = await sessionOf('c.a7');
    expect(session).toMatchObject({ state: 'closed', terminateCause: 11, startedAt: new Date(T0 + 200_000) });
    expect(session.stoppedAt).toEqual(session.startedAt);
  });

  test('A8: a server clock that steps by an hour either way changes neither bytes nor durations', async () => {
    const customerId = await rig.rows.customer('a8', 'password');
    const entitlementId = await rig.rows.entitlement(customerId);
    const at = (second: number, step: number) => ({
      entitlementId,
      receivedAt: T0 + second * 1000 + step,
      eventAt: T0 + second * 1000 + step,
      inputOctets: String(second),
    });
    await push(record('c.a8', 60, at(60, 0)), record('c.a8', 120, at(120, 3_600_000)));
    await drain.drainOnce();
    await push(record('c.a8', 180, at(180, -3_600_000)), record('c.a8', 200, { ...at(200, -3_600_000), kind: 'stop' }));
    await drain.drainOnce();
    const session = await sessionOf('c.a8');
    expect(session).toMatchObject({ state: 'closed', sessionSeconds: 200, inputOctets: 200n });
    expect(Number(session.stoppedAt)).toBeGreaterThanOrEqual(Number(session.startedAt));
    const { db } = rig.store.database;
    const entitlement = await db.entitlement.findUniqueOrThrow({ where: { id: entitlementId } });
    expect(entitlement).toMatchObject({ usedOctets: 200n, usedSeconds: 200n });
  });
});
