import { createDeviceLeases } from '@turnpike/features/access/device-lease.js';
import { createAccountingStream } from '@turnpike/features/accounting/accounting-stream.js';
import { createAccountingDrain, type AccountingDrain } from '@turnpike/features/accounting/accounting.drain.js';
import { changeRates } from '@turnpike/features/sessions/rate-changer.js';
import { endSessions } from '@turnpike/features/sessions/session-ender.js';
import { ACCT_STATUS, ATTR, CODE, MIKROTIK, VENDOR, type Attribute } from '@turnpike/radius/attributes.js';
import type { ExchangeOutcome } from '@turnpike/radius/udp-client.js';
import { bytesAttr, integerAttr, ipv4Attr, textAttr } from '@turnpike/radius/value-codec.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { createMetrics } from '@turnpike/runtime/metrics.js';
import { accessRows, TEST_KEY, type AccessRows } from '@turnpike/testkit/access-rows.js';
import { createNasPeer, type NasPeer } from '@turnpike/testkit/nas-peer.js';
import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { readRadiusConfig } from './config.js';
import { createRadiusContext, type RadiusContext } from './context.js';

const NAS_ADDRESS = '127.0.78.1';
const SECRET = 'the secret of this NAS';
const MAC = '02:AA:BB:CC:DD:01';

let store: TestDatabase;
let redis: TestRedis;
let rows: AccessRows;
let context: RadiusContext;
let nas: NasPeer;
let drain: AccountingDrain;

beforeAll(async () => {
  store = await openTestDatabase();
  redis = await openTestRedis('durable');
  rows = accessRows(store.database.db);
  await rows.router(NAS_ADDRESS, SECRET);
  const logger = createLogger({ level: 'silent', role: 'radius', instance: 'test' });
  const metrics = createMetrics({ role: 'radius', instance: 'test', processMetrics: false });
  const config = readRadiusConfig({
    DATABASE_URL: store.url,
    REDIS_DURABLE_URL: redis.url,
    ENCRYPTION_KEYS: TEST_KEY,
    RADIUS_HOST: '127.0.0.1',
    RADIUS_AUTH_PORT: '0',
    RADIUS_ACCT_PORT: '0',
    RADIUS_REJECT_DELAY_MS: '0',
    LOG_LEVEL: 'silent',
  });
  context = createRadiusContext({ config, logger, metrics, prefix: redis.prefix });
  const { authPort, acctPort } = await context.start();
  nas = createNasPeer({ address: NAS_ADDRESS, secret: SECRET, authPort: authPort ?? 0, acctPort: acctPort ?? 0 });
  const options = {
    redis: redis.redis,
    blocking: redis.redis,
    stream: `${redis.prefix}acct`,
    group: 'd',
    consumer: 'd',
  };
  drain = createAccountingDrain({
    ...store.database,
    stream: createAccountingStream(options),
    leases: createDeviceLeases({ redis: redis.redis, prefix: redis.prefix, leaseMs: 150_000 }),
    live: { publish: () => undefined },
    wake: () => undefined,
    logger,
    endSessions,
    changeRates,
    touchCustomer: (tx, id) => tx.customer.update({ where: { id }, data: { revision: { increment: 1 } } }),
  });
});

afterAll(async () => {
  await nas.close();
  await context.stop();
  await redis.close();
  await store.drop();
});

async function login(username: string, mac = MAC) {
  const attributes = [textAttr(ATTR.CALLING_STATION_ID, mac), integerAttr(ATTR.NAS_PORT_TYPE, 19)];
  return replyOf(await nas.chap({ username, password: 'password', attributes }));
}

function replyOf(outcome: ExchangeOutcome) {
  if (outcome.kind !== 'reply') throw new Error('no reply');
  return outcome.packet;
}

async function account(status: number, token: Buffer, more: Attribute[] = []): Promise<void> {
  const attributes = [
    bytesAttr(ATTR.CLASS, token),
    textAttr(ATTR.CALLING_STATION_ID, MAC),
    ipv4Attr(ATTR.FRAMED_IP_ADDRESS, '10.5.50.9'),
    ...more,
  ];
  replyOf(await nas.account({ status, sessionId: '80000001', username: 'journey', attributes }));
}

describe('a session from login to Stop', () => {
  test('counts on the entitlement that let it in, limits the next login and frees its place', async () => {
    const customerId = await rows.customer('journey', 'password');
    const entitlementId = await rows.entitlement(customerId, { quotaOctets: 10_000n, devices: 1 });
    const accept = await login('journey');
    const token = accept.get(ATTR.CLASS) ?? Buffer.alloc(0);

    await account(ACCT_STATUS.START, token);
    await drain.drainOnce();
    const opened = await store.database.db.session.findFirstOrThrow({ where: { entitlementId } });
    expect(opened).toMatchObject({ state: 'open', customerId, framedIpAddress: '10.5.50.9', callingStationId: MAC });

    await account(ACCT_STATUS.INTERIM_UPDATE, token, [
      integerAttr(ATTR.ACCT_SESSION_TIME, 60),
      integerAttr(ATTR.ACCT_INPUT_OCTETS, 1_000),
      integerAttr(ATTR.ACCT_OUTPUT_OCTETS, 2_000),
    ]);
    await drain.drainOnce();
    const again = await login('journey');
    expect(again.code).toBe(CODE.ACCESS_ACCEPT);
    expect(again.vendor(VENDOR.MIKROTIK, MIKROTIK.TOTAL_LIMIT)?.readUInt32BE()).toBe(7_000);
    expect((await login('journey', '02:AA:BB:CC:DD:02')).code).toBe(CODE.ACCESS_REJECT);

    const second = again.get(ATTR.CLASS) ?? Buffer.alloc(0);
    await account(ACCT_STATUS.STOP, token, [integerAttr(ATTR.ACCT_SESSION_TIME, 61)]);
    await account(ACCT_STATUS.STOP, second, [
      integerAttr(ATTR.ACCT_SESSION_TIME, 5),
      integerAttr(ATTR.ACCT_OUTPUT_OCTETS, 500),
      integerAttr(ATTR.ACCT_TERMINATE_CAUSE, 1),
    ]);
    await drain.drainOnce();
    const sessions = await store.database.db.session.findMany({ where: { entitlementId } });
    expect(sessions.map((session) => session.state)).toEqual(['closed', 'closed']);
    const entitlement = await store.database.db.entitlement.findUniqueOrThrow({ where: { id: entitlementId } });
    expect(entitlement).toMatchObject({ usedOctets: 3_500n, usedSeconds: 66n, state: 'active' });
    expect((await login('journey', '02:AA:BB:CC:DD:02')).code).toBe(CODE.ACCESS_ACCEPT);
  });

  test('A10: data used up is refused at once, before the snapshot says so', async () => {
    const customerId = await rows.customer('journey2', 'password');
    const entitlementId = await rows.entitlement(customerId, { quotaOctets: 1_000n });
    const token = (await login('journey2')).get(ATTR.CLASS) ?? Buffer.alloc(0);
    await account(ACCT_STATUS.INTERIM_UPDATE, token, [
      integerAttr(ATTR.ACCT_SESSION_TIME, 60),
      integerAttr(ATTR.ACCT_OUTPUT_OCTETS, 1_000),
    ]);
    await drain.drainOnce();
    expect((await login('journey2')).code).toBe(CODE.ACCESS_REJECT);
    const commands = await store.database.db.sessionCommand.count({ where: { session: { entitlementId } } });
    expect(commands).toBe(1);
  });
});
