import { v7 as uuidv7 } from 'uuid';
import type { LiveEvent } from '@turnpike/contracts/events.js';
import { systemClock } from '@turnpike/core/clock.js';
import { SecretBox } from '@turnpike/core/secret-box.js';
import type { Prisma } from '@turnpike/db/generated/client.js';
import { ATTR, CODE } from '@turnpike/radius/attributes.js';
import { createRadiusClient, type RadiusClient } from '@turnpike/radius/udp-client.js';
import { integerAttr } from '@turnpike/radius/value-codec.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { accessRows, TEST_KEY, type AccessRows } from '@turnpike/testkit/access-rows.js';
import { openCoaListener, type CoaAnswer, type CoaListener } from '@turnpike/testkit/nas-peer.js';
import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { createDeviceLeases, type DeviceLeases } from '../access/device-lease.js';
import { createSessionDisconnect } from './session-disconnect.js';
import { endSessions } from './session-ender.js';
import { createSessionsStale } from './sessions-stale.js';
import { createSessionsService, type SessionsService } from './sessions.service.js';

const SECRET = 'the secret of the NAS';
const NAS_ADDRESS = '127.0.88.1';
const CONTEXT = { actor: 'operator-1', requestId: 'request-1' };

let store: TestDatabase;
let redis: TestRedis;
let rows: AccessRows;
let client: RadiusClient;
let leases: DeviceLeases;
let service: SessionsService;
let nas: CoaListener;
let nasAnswer: CoaAnswer | undefined;
let events: LiveEvent[] = [];
let refreshed: { customerId: string; requestsSoFar: number }[] = [];
let routerId: string;

const live = { publish: (event: LiveEvent) => void events.push(event) };
const wake = (): void => undefined;

beforeAll(async () => {
  store = await openTestDatabase();
  redis = await openTestRedis('durable');
  rows = accessRows(store.database.db);
  routerId = await rows.router(NAS_ADDRESS, SECRET);
  client = createRadiusClient({ clock: systemClock });
  leases = createDeviceLeases({ redis: redis.redis, prefix: redis.prefix, leaseMs: 60_000 });
  service = createSessionsService({ ...store.database, endSessions, live, wake, clock: systemClock });
  nas = await openCoaListener({ address: NAS_ADDRESS, secret: SECRET, decide: () => nasAnswer });
});

beforeEach(() => {
  events = [];
  refreshed = [];
  nasAnswer = { code: CODE.DISCONNECT_ACK };
});

afterAll(async () => {
  await nas.close();
  await client.close();
  await redis.close();
  await store.drop();
});

async function session(more: Partial<Prisma.SessionUncheckedCreateInput> = {}): Promise<string> {
  const id = uuidv7();
  const now = new Date();
  await store.database.db.session.create({
    data: {
      id,
      key: `c.${id}`,
      acctSessionId: '80a00001',
      routerId,
      username: 'amina',
      framedIpAddress: '10.5.50.7',
      startedAt: now,
      lastSeenAt: now,
      ...more,
    },
  });
  return id;
}

const stateOf = async (id: string) => (await store.database.db.session.findUniqueOrThrow({ where: { id } })).state;
const ago = (seconds: number): Date => new Date(Date.now() - seconds * 1000);

async function disconnect(sessionId: string) {
  const { commandId } = await service.disconnect(sessionId, CONTEXT);
  const run = createSessionDisconnect({
    ...store.database,
    secretBox: new SecretBox([TEST_KEY]),
    client,
    clock: systemClock,
    logger: createLogger({ level: 'silent', role: 'test', instance: '0' }),
    refreshSubject: async (customerId) => {
      refreshed.push({ customerId, requestsSoFar: nas.received.length });
    },
    removal: { remove: async () => ({ kind: 'failed', detail: 'the router has no API' }) },
    policy: {
      port: nas.port,
      retry: { firstMs: nasAnswer === undefined ? 25 : 2_000, factor: 2, maxMs: 4_000, tries: 3, jitter: 0 },
      removeAtTransmission: 3,
    },
  });
  await run(commandId, AbortSignal.timeout(5_000));
  return {
    commandId,
    command: await service.getCommand(commandId),
    again: () => run(commandId, AbortSignal.timeout(5_000)),
  };
}

describe('disconnecting a session', () => {
  test('the order, its job, the audit entry and the new state are one transaction', async () => {
    const id = await session();
    const { commandId } = await service.disconnect(id, CONTEXT);
    expect(await stateOf(id)).toBe('closing');
    expect(await service.getCommand(commandId)).toMatchObject({ sessionId: id, kind: 'disconnect', state: 'queued' });
    const jobs = await store.database.db.outboxMessage.findMany({ where: { job: 'session.disconnect' } });
    expect(jobs.map((job) => job.payload)).toContainEqual({ commandId });
    const audit = await store.database.db.auditEntry.findFirstOrThrow({ where: { subjectId: id } });
    expect(audit).toMatchObject({ actor: 'operator-1', action: 'session.disconnect', requestId: 'request-1' });
    expect(events).toContainEqual({ type: 'session', sessionId: id, username: 'amina', state: 'closing' });
  });

  test('asking twice gives the same command', async () => {
    const id = await session();
    expect(await service.disconnect(id, CONTEXT)).toEqual(await service.disconnect(id, CONTEXT));
  });

  test('a closed session is a conflict and an unknown one is not found', async () => {
    const id = await session({ state: 'closed', stoppedAt: new Date() });
    await expect(service.disconnect(id, CONTEXT)).rejects.toMatchObject({ code: 'conflict' });
    await expect(service.disconnect(uuidv7(), CONTEXT)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('A10: an ACK acknowledges the command and leaves closing to accounting', async () => {
    const id = await session();
    const before = nas.received.length;
    const { command, again } = await disconnect(id);
    expect(command).toMatchObject({ state: 'acknowledged', attempts: 1, errorCause: null });
    expect(await stateOf(id)).toBe('closing');
    const request = nas.received[before];
    expect(request?.code).toBe(CODE.DISCONNECT_REQUEST);
    expect(request?.text(ATTR.USER_NAME)).toBe('amina');
    expect(request?.text(ATTR.ACCT_SESSION_ID)).toBe('80a00001');
    expect(request?.ipv4(ATTR.FRAMED_IP_ADDRESS)).toBe('10.5.50.7');
    expect(request?.ipv4(ATTR.NAS_IP_ADDRESS)).toBe(NAS_ADDRESS);
    await again();
    expect(nas.received.length).toBe(before + 1);
  });

  test('RADIUS knows what the database says of the customer before the NAS is told, as a phone logs in again at once', async () => {
    const customerId = await rows.customer('quick', 'password');
    const before = nas.received.length;
    await disconnect(await session({ customerId }));
    expect(refreshed).toEqual([{ customerId, requestsSoFar: before }]);
    expect(nas.received.length).toBe(before + 1);
  });

  test('A10: NAK 503 means already gone; without a Stop the sweep closes the session where it was last heard of', async () => {
    nasAnswer = { code: CODE.DISCONNECT_NAK, attributes: [integerAttr(ATTR.ERROR_CAUSE, 503)] };
    const lastSeenAt = ago(60);
    const id = await session({ startedAt: ago(600), lastSeenAt });
    const { command } = await disconnect(id);
    expect(command).toMatchObject({ state: 'already_gone', errorCause: 503 });
    expect(await stateOf(id)).toBe('closing');
    await sweep({ graceSeconds: 3_600 })();
    expect(await stateOf(id)).toBe('closing');
    await sweep({ graceSeconds: 0 })();
    const row = await store.database.db.session.findUniqueOrThrow({ where: { id } });
    expect(row).toMatchObject({ state: 'closed', stoppedAt: lastSeenAt, terminateCause: null });
  });

  test('A7: a session of a NAS whose clock is ahead does not end before it began', async () => {
    nasAnswer = { code: CODE.DISCONNECT_NAK, attributes: [integerAttr(ATTR.ERROR_CAUSE, 503)] };
    const startedAt = ago(60);
    const id = await session({ startedAt, lastSeenAt: ago(90) });
    await disconnect(id);
    await sweep({ graceSeconds: 0 })();
    const row = await store.database.db.session.findUniqueOrThrow({ where: { id } });
    expect(row).toMatchObject({ state: 'closed', stoppedAt: startedAt });
  });

  test('A10: another NAK is refused and the session is open as before', async () => {
    nasAnswer = { code: CODE.DISCONNECT_NAK, attributes: [integerAttr(ATTR.ERROR_CAUSE, 506)] };
    const id = await session();
    const { command } = await disconnect(id);
    expect(command).toMatchObject({ state: 'refused', errorCause: 506 });
    expect(await stateOf(id)).toBe('open');
  });

  test('A10: a silent NAS gets the same bytes again, then the command is unanswered and is given again later', async () => {
    nasAnswer = undefined;
    const id = await session();
    const before = nas.received.length;
    const { commandId, command } = await disconnect(id);
    expect(command.state).toBe('unanswered');
    const copies = nas.received.slice(before);
    expect(copies).toHaveLength(3);
    expect(copies.every((copy) => copies[0] !== undefined && copy.raw.equals(copies[0].raw))).toBe(true);
    await sweep({ repeatSeconds: 3_600 })();
    expect(await store.database.db.sessionCommand.count({ where: { sessionId: id } })).toBe(1);
    await sweep({ repeatSeconds: 0 })();
    const commands = await store.database.db.sessionCommand.findMany({ where: { sessionId: id } });
    expect(commands.filter((row) => row.id !== commandId)).toEqual([expect.objectContaining({ state: 'queued' })]);
  });

  test('all sessions of a customer are ended at once', async () => {
    const customerId = await rows.customer('many', 'password');
    const ids = [await session({ customerId }), await session({ customerId })];
    await session({ customerId, state: 'closed', stoppedAt: new Date() });
    const ended = await store.database.transact((tx) =>
      endSessions(tx, { customerId, reason: 'test', actor: 'system' }),
    );
    expect(ended.map((row) => row.sessionId).sort()).toEqual(ids.sort());
  });
});

type SweepLimits = Partial<
  Pick<Parameters<typeof createSessionsStale>[0], 'graceSeconds' | 'repeatSeconds' | 'forgottenSeconds' | 'lostSeconds'>
>;

function sweep(limits: SweepLimits = {}) {
  return createSessionsStale({ ...store.database, leases, live, endSessions, wake, interimSeconds: 60, ...limits });
}

describe('the sweep of silent sessions', () => {
  test('one sweep takes in a whole router that fell silent, however many were on it', async () => {
    const silentSince = ago(600);
    await store.database.db.session.createMany({
      data: Array.from({ length: 2_500 }, (_, place) => ({
        key: `c.crowd${place}`,
        acctSessionId: String(place),
        routerId,
        username: 'crowd',
        startedAt: silentSince,
        lastSeenAt: silentSince,
      })),
    });
    await sweep()();
    expect(await store.database.db.session.count({ where: { username: 'crowd', state: 'stale' } })).toBe(2_500);
    await store.database.db.session.deleteMany({ where: { username: 'crowd' } });
  });

  test('A6: a session silent for more than 2.5 interim intervals is stale and its place is free', async () => {
    const customerId = await rows.customer('silent', 'password');
    const entitlementId = await rows.entitlement(customerId, { devices: 1 });
    const place = { entitlementId, limit: 1, customer: { id: customerId, revision: 1, mayBeAhead: true }, note: '' };
    const device = 'AA:BB:CC:00:00:01';
    const key = 'c.silent-session';
    await leases.take({ ...place, device, sessionKey: key });
    const silent = await session({ key, entitlementId, callingStationId: device, lastSeenAt: ago(151) });
    const heard = await session({ lastSeenAt: ago(140) });
    await sweep()();
    expect(await stateOf(silent)).toBe('stale');
    expect(await stateOf(heard)).toBe('open');
    const other = await leases.take({ ...place, device: 'AA:BB:CC:00:00:02', sessionKey: 'c.other' });
    expect(other.outcome).toBe('granted');
    expect(events).toContainEqual({ type: 'session', sessionId: silent, username: 'amina', state: 'stale' });
  });

  test('a stale session that is never heard of again is closed in the end', async () => {
    const id = await session({ state: 'stale', lastSeenAt: ago(90_000) });
    await sweep()();
    expect(await stateOf(id)).toBe('closed');
  });

  test('A10: a session that runs on an ended entitlement without an order gets one', async () => {
    const entitlementId = await rows.entitlement(await rows.customer('overdue', 'password'), { state: 'expired' });
    const id = await session({ entitlementId });
    await sweep()();
    expect(await stateOf(id)).toBe('closing');
    expect(await store.database.db.sessionCommand.count({ where: { sessionId: id, state: 'queued' } })).toBe(1);
    await sweep({ repeatSeconds: 0 })();
    expect(await store.database.db.sessionCommand.count({ where: { sessionId: id } })).toBe(1);
  });
});

describe('orders that were lost', () => {
  test('a command whose job was lost is given up and given again', async () => {
    const id = await session();
    const { commandId } = await service.disconnect(id, CONTEXT);
    await sweep({ lostSeconds: 900, repeatSeconds: 0 })();
    expect((await service.getCommand(commandId)).state).toBe('queued');
    await sweep({ lostSeconds: -1, repeatSeconds: -1 })();
    expect((await service.getCommand(commandId)).state).toBe('unanswered');
    expect(await store.database.db.sessionCommand.count({ where: { sessionId: id, state: 'queued' } })).toBe(1);
  });
});

describe('listing sessions', () => {
  test('pages neither repeat nor miss a session while new ones arrive', async () => {
    const username = 'paged';
    const ids: string[] = [];
    for (let index = 0; index < 7; index += 1) ids.push(await session({ username, inputOctets: 2n ** 60n }));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await service.list({ limit: 3, username, cursor });
      seen.push(...page.items.map((item) => item.id));
      expect(page.items[0]?.inputOctets).toBe(String(2n ** 60n));
      cursor = page.nextCursor ?? undefined;
      await session({ username });
    } while (cursor !== undefined);
    expect(seen).toEqual(ids.toReversed());
  });

  test('who is being disconnected still counts as online', async () => {
    const customerId = await rows.customer('leaving', 'password');
    const id = await session({ customerId, state: 'closing' });
    const listed = async (state: 'open' | 'closing' | 'closed') =>
      (await service.list({ limit: 10, customerId, state })).items.map((item) => item.id);
    expect(await listed('open')).toEqual([id]);
    expect(await listed('closing')).toEqual([id]);
    expect(await listed('closed')).toEqual([]);
  });

  test('filters by state, router and customer', async () => {
    const customerId = await rows.customer('filtered', 'password');
    const id = await session({ customerId, state: 'stale' });
    expect((await service.list({ limit: 10, customerId })).items.map((item) => item.id)).toEqual([id]);
    expect((await service.list({ limit: 10, customerId, state: 'open' })).items).toEqual([]);
    expect((await service.list({ limit: 10, customerId, routerId: uuidv7() })).items).toEqual([]);
  });
});
