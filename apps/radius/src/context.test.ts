import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { systemClock } from '@turnpike/core/clock.js';
import { accessJobs } from '@turnpike/features/access/access.jobs.js';
import { REPLY_MESSAGES } from '@turnpike/features/access/access-reply.js';
import { msChap2 } from '@turnpike/radius/mschap2.js';
import { createHolderReader } from '@turnpike/features/access/device-holders.js';
import { createSubjectCache } from '@turnpike/features/access/subject-cache.js';
import { subjectHash } from '@turnpike/features/access/subject-snapshot.js';
import { announceNasChange } from '@turnpike/features/nas/nas-directory.js';
import { ATTR, CODE, MICROSOFT, MIKROTIK, VENDOR, type Attribute } from '@turnpike/radius/attributes.js';
import type { RadiusPacket } from '@turnpike/radius/packet.js';
import { createRadiusClient, type ExchangeOutcome } from '@turnpike/radius/udp-client.js';
import { bytesAttr, integerAttr, textAttr, vendorBytesAttr } from '@turnpike/radius/value-codec.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { createMetrics, type Metrics } from '@turnpike/runtime/metrics.js';
import { accessRows, TEST_KEY, type AccessRows } from '@turnpike/testkit/access-rows.js';
import { createNasPeer, type NasPeer } from '@turnpike/testkit/nas-peer.js';
import { openStoreProxy, type StoreProxy } from '@turnpike/testkit/store-proxy.js';
import { decodeRecord } from '@turnpike/features/accounting/accounting-record.js';
import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { readRadiusConfig } from './config.js';
import { createRadiusContext, type RadiusContext } from './context.js';

const SECRET = 'a secret of this NAS';
const NAS_ADDRESS = '127.0.77.1';

let store: TestDatabase;
let redis: TestRedis;
let postgresProxy: StoreProxy;
let redisProxy: StoreProxy;
let rows: AccessRows;
let metrics: Metrics;
let context: RadiusContext;
let ports: { authPort: number; acctPort: number };
let nas: NasPeer;
let routerId: string;

beforeAll(async () => {
  store = await openTestDatabase();
  redis = await openTestRedis('durable');
  postgresProxy = await openStoreProxy(store.url);
  redisProxy = await openStoreProxy(redis.url);
  rows = accessRows(store.database.db);
  routerId = await rows.router(NAS_ADDRESS, SECRET);
  metrics = createMetrics({ role: 'radius', instance: 'test', processMetrics: false });
  context = createRadiusContext({
    config: readRadiusConfig({
      DATABASE_URL: postgresProxy.url,
      REDIS_DURABLE_URL: redisProxy.url,
      ENCRYPTION_KEYS: TEST_KEY,
      RADIUS_HOST: '127.0.0.1',
      RADIUS_AUTH_PORT: '0',
      RADIUS_ACCT_PORT: '0',
      RADIUS_REJECT_DELAY_MS: '10',
      LOG_LEVEL: 'silent',
    }),
    logger: createLogger({ level: 'silent', role: 'radius', instance: 'test' }),
    metrics,
    prefix: redis.prefix,
  });
  const bound = await context.start();
  ports = { authPort: bound.authPort ?? 0, acctPort: bound.acctPort ?? 0 };
  nas = createNasPeer({ address: NAS_ADDRESS, secret: SECRET, ...ports });
});

afterEach(() => {
  postgresProxy.restore();
  redisProxy.restore();
});

afterAll(async () => {
  await nas.close();
  await context.stop();
  await Promise.all([postgresProxy.close(), redisProxy.close()]);
  await redis.close();
  await store.drop();
});

function replyOf(outcome: ExchangeOutcome): RadiusPacket {
  if (outcome.kind !== 'reply') throw new Error(`no reply: ${JSON.stringify(outcome)}`);
  return outcome.packet;
}

async function refusal(outcome: Promise<ExchangeOutcome>): Promise<string | undefined> {
  const packet = replyOf(await outcome);
  expect(packet.code).toBe(CODE.ACCESS_REJECT);
  return packet.text(ATTR.REPLY_MESSAGE);
}

async function newCustomer(username: string, more: Parameters<AccessRows['entitlement']>[1] = {}) {
  const customerId = await rows.customer(username, 'right password');
  return { customerId, entitlementId: await rows.entitlement(customerId, more) };
}

async function exchangeAccess(attributes: readonly Attribute[]): Promise<ExchangeOutcome> {
  const client = createRadiusClient({ localAddress: NAS_ADDRESS, clock: systemClock });
  const common = { host: '127.0.0.1', port: ports.authPort, secret: Buffer.from(SECRET), code: CODE.ACCESS_REQUEST };
  const signal = AbortSignal.timeout(5_000);
  const outcome = await client.exchange({ ...common, attributes, timeoutMs: 1_000, tries: 3, signal });
  await client.close();
  return outcome;
}

const login = (username: string, password = 'right password') => nas.pap({ username, password });
const calling = (mac: string) => textAttr(ATTR.CALLING_STATION_ID, mac);

async function untilRedisAnswers(): Promise<void> {
  while ((await context.ready()).checks['redis'] !== 'ok') await new Promise((resolve) => setImmediate(resolve));
}

describe('access', () => {
  test('an Accept carries what the entitlement says', async () => {
    await newCustomer('amina', { quotaOctets: 5_000_000_000n, usedOctets: 1_000n });
    const packet = replyOf(await login('amina'));
    expect(packet.code).toBe(CODE.ACCESS_ACCEPT);
    expect(packet.raw[20]).toBe(ATTR.MESSAGE_AUTHENTICATOR);
    expect(packet.vendor(VENDOR.MIKROTIK, MIKROTIK.RATE_LIMIT)?.toString()).toBe('1000k/5000k');
    expect(packet.integer(ATTR.SESSION_TIMEOUT)).toBeGreaterThan(86_000);
    expect(packet.integer(ATTR.SESSION_TIMEOUT)).toBeLessThanOrEqual(86_400);
    expect(packet.integer(ATTR.IDLE_TIMEOUT)).toBe(600);
    expect(packet.integer(ATTR.ACCT_INTERIM_INTERVAL)).toBe(60);
    expect(packet.vendor(VENDOR.MIKROTIK, MIKROTIK.TOTAL_LIMIT)?.readUInt32BE()).toBe(4_999_999_000 - 2 ** 32);
    expect(packet.vendor(VENDOR.MIKROTIK, MIKROTIK.TOTAL_LIMIT_GIGAWORDS)?.readUInt32BE()).toBe(1);
    expect(packet.get(ATTR.CLASS)?.length).toBeLessThanOrEqual(64);
  });

  test('CHAP is accepted with the right password and rejected with another', async () => {
    await newCustomer('chapuser');
    expect(replyOf(await nas.chap({ username: 'chapuser', password: 'right password' })).code).toBe(CODE.ACCESS_ACCEPT);
    expect(await refusal(nas.chap({ username: 'chapuser', password: 'wrong' }))).toBe(REPLY_MESSAGES.wrong_password);
  });

  test('MS-CHAPv2, which PPP clients prefer, is accepted with the proof that the client asks for', async () => {
    await newCustomer('pppuser', { type: 'pppoe' });
    const attempt = (password: string) => {
      const authenticatorChallenge = randomBytes(16);
      const peerChallenge = randomBytes(16);
      const made = msChap2({ username: Buffer.from('pppuser'), password, authenticatorChallenge, peerChallenge });
      const response = Buffer.concat([Buffer.from([9, 0]), peerChallenge, Buffer.alloc(8), made.ntResponse]);
      const attributes = [
        textAttr(ATTR.USER_NAME, 'pppuser'),
        integerAttr(ATTR.FRAMED_PROTOCOL, 1),
        vendorBytesAttr(VENDOR.MICROSOFT, MICROSOFT.CHAP_CHALLENGE, authenticatorChallenge),
        vendorBytesAttr(VENDOR.MICROSOFT, MICROSOFT.CHAP2_RESPONSE, response),
      ];
      return { made, outcome: exchangeAccess(attributes) };
    };
    const right = attempt('right password');
    const packet = replyOf(await right.outcome);
    expect(packet.code).toBe(CODE.ACCESS_ACCEPT);
    const success = packet.vendor(VENDOR.MICROSOFT, MICROSOFT.CHAP2_SUCCESS);
    expect(success?.toString('latin1')).toBe(`\x09${right.made.authenticatorResponse}`);
    expect(await refusal(attempt('wrong').outcome)).toBe(REPLY_MESSAGES.wrong_password);
  });

  test('a request without any credentials we know is refused as such', async () => {
    await newCustomer('eap');
    const outcome = exchangeAccess([textAttr(ATTR.USER_NAME, 'eap')]);
    expect(await refusal(outcome)).toBe(REPLY_MESSAGES.unsupported_method);
  });

  test('a wrong password and an unknown name get the same words', async () => {
    await newCustomer('known');
    expect(await refusal(login('known', 'wrong'))).toBe(REPLY_MESSAGES.wrong_password);
    expect(await refusal(login('stranger'))).toBe(REPLY_MESSAGES.wrong_password);
  });

  test('each obstacle has its own Reply-Message', async () => {
    const past = new Date(Date.now() - 1000);
    const future = new Date(Date.now() + 3_600_000);
    await store.database.db.customer.update({
      where: { id: (await newCustomer('suspended')).customerId },
      data: { status: 'suspended' },
    });
    await rows.customer('nothing', 'right password');
    await newCustomer('expired', { endsAt: past });
    await newCustomer('exhausted', { quotaOctets: 10n, usedOctets: 10n });
    await newCustomer('early', { startsAt: future });
    await newCustomer('pppoe', { type: 'pppoe' });
    expect(await refusal(login('suspended'))).toBe(REPLY_MESSAGES.suspended);
    expect(await refusal(login('nothing'))).toBe(REPLY_MESSAGES.no_entitlement);
    expect(await refusal(login('expired'))).toBe(REPLY_MESSAGES.expired);
    expect(await refusal(login('exhausted'))).toBe(REPLY_MESSAGES.exhausted);
    expect(await refusal(login('early'))).toBe(REPLY_MESSAGES.not_started);
    const hotspot = [integerAttr(ATTR.SERVICE_TYPE, 1)];
    expect(await refusal(nas.pap({ username: 'pppoe', password: 'right password', attributes: hotspot }))).toBe(
      REPLY_MESSAGES.wrong_service,
    );
    const ppp = [integerAttr(ATTR.SERVICE_TYPE, 2), integerAttr(ATTR.FRAMED_PROTOCOL, 1)];
    const accepted = await nas.pap({ username: 'pppoe', password: 'right password', attributes: ppp });
    expect(replyOf(accepted).code).toBe(CODE.ACCESS_ACCEPT);
    expect(await refusal(login('suspended', 'wrong'))).toBe(REPLY_MESSAGES.wrong_password);
  });

  test('a customer without access is refused from the snapshot alone while PostgreSQL is away', async () => {
    const customerId = await rows.customer('bare', 'right password');
    const cache = createSubjectCache(redis.redis, redis.prefix);
    await accessJobs({ db: store.database.db, cache })['subject.refresh']({ customerId });
    postgresProxy.cut();
    expect(await refusal(login('bare'))).toBe(REPLY_MESSAGES.no_entitlement);
  });

  test('A12: the last part of a second is a Reject, never a Session-Timeout of 0', async () => {
    await newCustomer('lastsecond', { endsAt: new Date(Date.now() + 900) });
    expect(await refusal(login('lastsecond'))).toBe(REPLY_MESSAGES.expired);
  });

  test('A9: of fifty devices at once exactly the allowed number get in, and one of them may log in again', async () => {
    const { entitlementId } = await newCustomer('crowd', { devices: 3 });
    const attempts = await Promise.all(
      Array.from({ length: 50 }, async (_, device) => {
        const mac = `02:00:00:00:00:${device.toString(16).padStart(2, '0').toUpperCase()}`;
        const outcome = await nas.pap({ username: 'crowd', password: 'right password', attributes: [calling(mac)] });
        return { mac, code: replyOf(outcome).code };
      }),
    );
    const inside = attempts.filter(({ code }) => code === CODE.ACCESS_ACCEPT);
    expect(inside).toHaveLength(3);
    expect(await createHolderReader(redis)(entitlementId)).toHaveLength(3);
    const again = inside[0]?.mac.toLowerCase().replaceAll(':', '-') ?? '';
    const attributes = [calling(again)];
    expect(replyOf(await nas.pap({ username: 'crowd', password: 'right password', attributes })).code).toBe(
      CODE.ACCESS_ACCEPT,
    );
    expect(await refusal(login('crowd'))).toBe(REPLY_MESSAGES.too_many_devices);
  });

  test('R16: names are compared by bytes: case, spaces and Redis or SQL syntax mean nothing', async () => {
    for (const name of ['Zoë', 'a*:{b} c', "x'; DROP TABLE customer; --", 'ÀÉ', '名前']) await newCustomer(name);
    expect(replyOf(await login('Zoë')).code).toBe(CODE.ACCESS_ACCEPT);
    expect(replyOf(await login('a*:{b} c')).code).toBe(CODE.ACCESS_ACCEPT);
    expect(replyOf(await login("x'; DROP TABLE customer; --")).code).toBe(CODE.ACCESS_ACCEPT);
    expect(replyOf(await login('名前')).code).toBe(CODE.ACCESS_ACCEPT);
    expect(await refusal(login('zoë'))).toBe(REPLY_MESSAGES.unknown_user);
    expect(await refusal(login('Zoë '))).toBe(REPLY_MESSAGES.unknown_user);
    expect(await refusal(login('Zoë\0'))).toBe(REPLY_MESSAGES.unknown_user);
  });

  test('the snapshot in Redis answers alone and holds no password in the clear', async () => {
    const { customerId } = await newCustomer('cached');
    const cache = createSubjectCache(redis.redis, redis.prefix);
    await accessJobs({ db: store.database.db, cache })['subject.refresh']({ customerId });
    const text = await redis.redis.hget(`${redis.prefix}subject:${subjectHash(Buffer.from('cached'))}`, 's');
    expect(text).toContain(customerId);
    expect(text).not.toContain('right password');
    postgresProxy.cut();
    expect(replyOf(await login('cached')).code).toBe(CODE.ACCESS_ACCEPT);
  });

  test('R17: with both stores away nobody is answered, least of all rejected', async () => {
    await newCustomer('nostore');
    expect(replyOf(await login('nostore')).code).toBe(CODE.ACCESS_ACCEPT);
    postgresProxy.cut();
    redisProxy.cut();
    const peer = createNasPeer({ address: NAS_ADDRESS, secret: SECRET, ...ports, timeoutMs: 300, tries: 2 });
    expect(await peer.pap({ username: 'nostore', password: 'right password' })).toEqual({ kind: 'timeout' });
    expect(await peer.pap({ username: 'nostore', password: 'wrong' })).toEqual({ kind: 'timeout' });
    await peer.close();
    redisProxy.restore();
    await untilRedisAnswers();
  });

  test('D2: a hung Redis costs 150 ms at most and PostgreSQL answers in its place', async () => {
    await newCustomer('hung', { devices: 1 });
    redisProxy.hang();
    const outcome = await login('hung');
    expect(replyOf(outcome).code).toBe(CODE.ACCESS_ACCEPT);
    expect(outcome.kind === 'reply' && outcome.rttMs).toBeLessThan(900);
    redisProxy.restore();
    await untilRedisAnswers();
  });

  test('R14: a NAS with another secret gets no reply', async () => {
    const wrong = createNasPeer({ address: NAS_ADDRESS, secret: 'not it', ...ports, timeoutMs: 200, tries: 1 });
    expect((await wrong.pap({ username: 'amina', password: 'right password' })).kind).toBe('timeout');
    await wrong.close();
  });

  test('R7: a stranger gets no reply until the router is known, then at once', async () => {
    const late = createNasPeer({ address: '127.0.77.2', secret: 'late secret', ...ports, timeoutMs: 200, tries: 1 });
    await newCustomer('roaming');
    expect((await late.pap({ username: 'roaming', password: 'right password' })).kind).toBe('timeout');
    await rows.router('127.0.77.2', 'late secret');
    await announceNasChange(redis.redis, `${redis.prefix}nas-changed`);
    await context.refreshRouters();
    expect(replyOf(await late.pap({ username: 'roaming', password: 'right password' })).code).toBe(CODE.ACCESS_ACCEPT);
    await late.close();
  });
});

describe('accounting', () => {
  const kept = () => redis.redis.xlen(`${redis.prefix}acct`);

  test('a record is answered once it is in the durable stream, with the session our Class names', async () => {
    const { entitlementId } = await newCustomer('counted');
    const token = replyOf(await login('counted')).get(ATTR.CLASS) ?? Buffer.alloc(0);
    const outcome = await nas.account({
      status: 3,
      sessionId: '81000001',
      username: 'counted',
      attributes: [
        bytesAttr(ATTR.CLASS, Buffer.from('a Class a visitor added')),
        bytesAttr(ATTR.CLASS, token),
        integerAttr(ATTR.ACCT_INPUT_OCTETS, 5),
        integerAttr(ATTR.ACCT_INPUT_GIGAWORDS, 2),
        integerAttr(ATTR.ACCT_SESSION_TIME, 60),
      ],
    });
    expect(replyOf(outcome).code).toBe(CODE.ACCOUNTING_RESPONSE);
    const [newest] = await redis.redis.xrevrange(`${redis.prefix}acct`, '+', '-', 'COUNT', 1);
    expect(decodeRecord(newest?.[1][1] ?? '')).toMatchObject({
      routerId,
      entitlementId,
      kind: 'interim',
      inputOctets: String(2n ** 33n + 5n),
      sessionKey: expect.stringMatching(/^c\./),
    });
  });

  test('A1: a retransmission with another identifier and delay has the same key', async () => {
    const send = (delay: number) =>
      nas.account({
        status: 2,
        sessionId: 'retry',
        username: 'someone',
        attributes: [integerAttr(ATTR.ACCT_SESSION_TIME, 61), integerAttr(ATTR.ACCT_DELAY_TIME, delay)],
      });
    await send(0);
    await send(3);
    const newest = await redis.redis.xrevrange(`${redis.prefix}acct`, '+', '-', 'COUNT', 2);
    const keys = newest.map(([, fields]) => decodeRecord(fields[1] ?? '')?.dedupKey);
    expect(keys[0]).toBe(keys[1]);
  });

  test('D2: with Redis away the record is in PostgreSQL before the reply', async () => {
    const before = await kept();
    redisProxy.cut();
    const outcome = await nas.account({ status: 1, sessionId: 'past-redis', username: 'someone' });
    expect(replyOf(outcome).code).toBe(CODE.ACCOUNTING_RESPONSE);
    const waiting = await store.database.db.accountingRecord.findMany({ where: { mergedAt: null } });
    const waitingIds = waiting.map((row) => decodeRecord(JSON.stringify(row.body))?.acctSessionId);
    expect(waitingIds).toContain('past-redis');
    expect(await kept()).toBe(before);
    redisProxy.restore();
    await untilRedisAnswers();
  });

  test('R17: with both stores away accounting is not acknowledged', async () => {
    postgresProxy.cut();
    redisProxy.cut();
    const peer = createNasPeer({ address: NAS_ADDRESS, secret: SECRET, ...ports, timeoutMs: 400, tries: 2 });
    expect((await peer.account({ status: 1, sessionId: 'nowhere', username: 'someone' })).kind).toBe('timeout');
    await peer.close();
    redisProxy.restore();
    await untilRedisAnswers();
  });
});

describe('the process', () => {
  test('R18: Status-Server is answered on both ports', async () => {
    expect(replyOf(await nas.status('auth')).code).toBe(CODE.ACCESS_ACCEPT);
    expect(replyOf(await nas.status('acct')).code).toBe(CODE.ACCOUNTING_RESPONSE);
  });

  test('decisions are counted by a closed set of reasons', async () => {
    const text = await metrics.registry.metrics();
    expect(text).toMatch(/turnpike_radius_access_decisions_total\{outcome="accept",[^}]*\} [1-9]/);
    expect(text).toMatch(/outcome="wrong_password"/);
    expect(text).not.toContain('amina');
  });

  test('radclient, an independent client, is accepted', async () => {
    const installed = await promisify(execFile)('radclient', ['-v']).then(
      () => true,
      () => false,
    );
    if (!installed) return;
    const radclientAddress = '127.0.0.1';
    await rows.router(radclientAddress, 'radclient secret');
    await context.refreshRouters();
    await newCustomer('radclient');
    const attributes = 'User-Name=radclient,User-Password="right password",Message-Authenticator=0x00';
    const child = promisify(execFile)('radclient', [
      '-x',
      '-r',
      '2',
      '-t',
      '2',
      `127.0.0.1:${ports.authPort}`,
      'auth',
      'radclient secret',
    ]);
    child.child.stdin?.end(attributes);
    const { stdout } = await child;
    expect(stdout).toMatch(/Received Access-Accept/);
    expect(stdout).toMatch(/Mikrotik-Rate-Limit = "1000k\/5000k"/);
  });
});
