import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { ATTR, CODE } from '@turnpike/radius/attributes.js';
import { encodeRequest } from '@turnpike/radius/encode.js';
import { textAttr } from '@turnpike/radius/value-codec.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { createMetrics, type Metrics } from '@turnpike/runtime/metrics.js';
import { accessRows, TEST_KEY } from '@turnpike/testkit/access-rows.js';
import { openStoreProxy, type StoreProxy } from '@turnpike/testkit/store-proxy.js';
import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { readRadiusConfig } from './config.js';
import { createRadiusContext, type RadiusContext } from './context.js';

const ADDRESS = '127.0.61.1';

interface Process {
  readonly context: RadiusContext;
  readonly metrics: Metrics;
  readonly port: number;
}

let store: TestDatabase;
let durable: TestRedis;
let cache: TestRedis;
let cacheProxy: StoreProxy;
let processes: Process[];
let nas: Socket;

beforeAll(async () => {
  store = await openTestDatabase();
  durable = await openTestRedis('durable');
  cache = await openTestRedis('cache');
  cacheProxy = await openStoreProxy(cache.url);
  const rows = accessRows(store.database.db);
  await rows.router(ADDRESS, 'secret');
  await rows.entitlement(await rows.customer('amina', 'right'), { devices: 1 });
  processes = [await startProcess(), await startProcess()];
  nas = createSocket('udp4');
  nas.bind(0, ADDRESS);
  await once(nas, 'listening');
});

afterAll(async () => {
  nas.close();
  for (const { context } of processes) await context.stop();
  await removeShared();
  await cacheProxy.close();
  await Promise.all([durable.close(), cache.close()]);
  await store.drop();
});

/** One of several processes that a load balancer, or the kernel, spreads packets over. */
async function startProcess(): Promise<Process> {
  const metrics = createMetrics({ role: 'radius-auth', instance: 'test', processMetrics: false });
  const context = createRadiusContext({
    config: readRadiusConfig({
      DATABASE_URL: store.url,
      REDIS_DURABLE_URL: durable.url,
      REDIS_CACHE_URL: cacheProxy.url,
      ENCRYPTION_KEYS: TEST_KEY,
      RADIUS_HOST: '127.0.0.1',
      RADIUS_AUTH_PORT: '0',
      RADIUS_ROLES: 'auth',
      RADIUS_INSTANCES: '2',
      RADIUS_REJECT_DELAY_MS: '0',
      LOG_LEVEL: 'silent',
    }),
    logger: createLogger({ level: 'silent', role: 'radius', instance: 'test' }),
    metrics,
    prefix: durable.prefix,
  });
  const { authPort, acctPort } = await context.start();
  expect(acctPort).toBeNull();
  return { context, metrics, port: authPort ?? 0 };
}

function request(identifier: number, password: string): Buffer {
  return encodeRequest({
    code: CODE.ACCESS_REQUEST,
    identifier,
    secret: Buffer.from('secret'),
    messageAuthenticator: true,
    password: Buffer.from(password),
    attributes: [textAttr(ATTR.USER_NAME, 'amina'), textAttr(ATTR.CALLING_STATION_ID, '02:00:00:00:00:01')],
  }).datagram;
}

async function send(datagram: Buffer, to: Process | undefined): Promise<Buffer> {
  const replied = once(nas, 'message');
  nas.send(datagram, to?.port ?? 0, '127.0.0.1');
  const [reply]: unknown[] = await replied;
  return Buffer.isBuffer(reply) ? reply : Buffer.alloc(0);
}

const sharedKeys = () => cache.redis.keys(`${durable.prefix}duplicate:*`);

/** A reply goes to the NAS and to the other processes at the same time. */
async function untilAllAreSettled(): Promise<void> {
  const inWork = async (): Promise<boolean> => {
    const lengths = await Promise.all((await sharedKeys()).map((key) => cache.redis.strlen(key)));
    return lengths.length === 0 || lengths.includes(1);
  };
  while (await inWork()) await new Promise(setImmediate);
}

async function removeShared(): Promise<void> {
  const keys = await sharedKeys();
  if (keys.length > 0) await cache.redis.del(...keys);
}

async function decisions({ metrics }: Process): Promise<number> {
  const counted = (await metrics.registry.metrics()).matchAll(/access_decisions_total\{[^}]*\} (\d+)/g);
  return [...counted].reduce((sum, [, count]) => sum + Number(count), 0);
}

describe('processes that share a port', () => {
  test.each([
    ['an Accept', 'right', CODE.ACCESS_ACCEPT],
    ['a Reject', 'wrong', CODE.ACCESS_REJECT],
  ])('R10: give a retransmission that reaches another one the same bytes: %s', async (_what, password, code) => {
    const [one, other] = processes;
    if (one === undefined || other === undefined) throw new Error('two processes are needed');
    const datagram = request(code, password);
    const before = await decisions(other);
    const first = await send(datagram, one);
    expect(first[0]).toBe(code);
    await untilAllAreSettled();
    let again = await send(datagram, other);
    expect(again.equals(first)).toBe(true);
    again = await send(datagram, one);
    expect(again.equals(first)).toBe(true);
    expect(await decisions(other)).toBe(before);
  });

  test('R11: take the same identifier with a new authenticator for a new request', async () => {
    const [one, other] = processes;
    const first = await send(request(9, 'right'), one);
    const second = await send(request(9, 'right'), other);
    expect([first[0], second[0]]).toEqual([CODE.ACCESS_ACCEPT, CODE.ACCESS_ACCEPT]);
    expect(second.equals(first)).toBe(false);
  });

  test('R17: go on alone while what they share is away', async () => {
    const [one] = processes;
    cacheProxy.cut();
    const datagram = request(10, 'right');
    const reply = await send(datagram, one);
    expect(reply[0]).toBe(CODE.ACCESS_ACCEPT);
    expect((await send(datagram, one)).equals(reply)).toBe(true);
  });
});
