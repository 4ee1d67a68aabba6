import { setImmediate as nextTurn } from 'node:timers/promises';
import { systemClock } from '@turnpike/core/clock.js';
import { SecretBox } from '@turnpike/core/secret-box.js';
import { announceNasChange } from '@turnpike/features/nas/nas-directory.js';
import { createSecretRotation } from '@turnpike/features/nas/secret-rotation.js';
import { ATTR, CODE } from '@turnpike/radius/attributes.js';
import { createRadiusServer, DROP_SECRET_SUSPECT, type RadiusServer } from '@turnpike/radius/udp-server.js';
import { revealPassword } from '@turnpike/radius/user-password.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { createMetrics, type Metrics } from '@turnpike/runtime/metrics.js';
import { accessRows, TEST_KEY, type AccessRows } from '@turnpike/testkit/access-rows.js';
import { createNasPeer, type NasPeer, type NasPeerOptions } from '@turnpike/testkit/nas-peer.js';
import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { createNasSide, type NasSide } from './nas-side.js';
import { createRadiusMetrics } from './radius-metrics.js';

/** A RADIUS process that accepts everybody: only its NASes are looked at. */
interface Process {
  readonly side: NasSide;
  readonly metrics: Metrics;
  readonly authPort: number;
  readonly acctPort: number;
  stop(): Promise<void>;
}

let store: TestDatabase;
let redis: TestRedis;
let rows: AccessRows;
const running: Process[] = [];
const peers: NasPeer[] = [];
const secretBox = new SecretBox([TEST_KEY]);
const logger = createLogger({ level: 'silent', role: 'test', instance: '0' });

beforeAll(async () => {
  store = await openTestDatabase({ maxConnections: 10 });
  redis = await openTestRedis('durable');
  rows = accessRows(store.database.db);
});

afterEach(async () => {
  for (const peer of peers.splice(0)) await peer.close();
  for (const one of running.splice(0)) await one.stop();
});

afterAll(async () => {
  await redis.close();
  await store.drop();
});

async function startProcess(defaultRate = 0): Promise<Process> {
  const metrics = createMetrics({ role: 'radius', instance: '0', processMetrics: false });
  const side = createNasSide({
    db: store.database.db,
    secretBox,
    subscriber: redis.open('subscriber'),
    publisher: redis.redis,
    logger,
    metrics,
    defaultRate,
    prefix: redis.prefix,
  });
  const { observer } = createRadiusMetrics({ metrics, logger, clock: systemClock, nasWatch: side.watch });
  const server = (role: 'auth' | 'acct'): RadiusServer =>
    createRadiusServer({
      role,
      host: '127.0.0.1',
      port: 0,
      lookupNas: side.nases.lookup,
      clock: systemClock,
      observe: observer(role),
      // A password that the secret turns to noise, in a request that nothing signs, as the access feature tells it.
      handle: async ({ packet, secret, secretProven }) => {
        if (role === 'acct') return { code: CODE.ACCOUNTING_RESPONSE, attributes: [] };
        const hidden = packet.get(ATTR.USER_PASSWORD) ?? Buffer.alloc(16);
        const clear = revealPassword(hidden, packet.authenticator, secret);
        if (!secretProven && clear.toString() !== 'right') return DROP_SECRET_SUSPECT;
        return { code: CODE.ACCESS_ACCEPT, attributes: [] };
      },
    });
  const [auth, acct] = [server('auth'), server('acct')];
  await side.start();
  const [{ port: authPort }, { port: acctPort }] = [await auth.start(), await acct.start()];
  const one: Process = {
    side,
    metrics,
    authPort,
    acctPort,
    stop: async () => {
      await Promise.all([auth.stop({ drainMs: 500 }), acct.stop({ drainMs: 500 })]);
      await side.stop();
    },
  };
  running.push(one);
  return one;
}

function peerOf(ports: Pick<Process, 'authPort' | 'acctPort'>, options: Omit<NasPeerOptions, 'authPort' | 'acctPort'>) {
  const { authPort, acctPort } = ports;
  const peer = createNasPeer({ timeoutMs: 500, tries: 3, ...options, authPort, acctPort });
  peers.push(peer);
  return peer;
}

const login = { username: 'someone', password: 'right' };
const isReply = ({ kind }: { kind: string }): boolean => kind === 'reply';
const activityOf = (routerId: string) => store.database.db.nasActivity.findUnique({ where: { routerId } });
const count = async (metrics: Metrics, pattern: RegExp): Promise<number> =>
  Number(pattern.exec(await metrics.registry.metrics())?.[1] ?? Number.NaN);

describe('the NASes of a RADIUS process', () => {
  test('R7: a new router is served within two seconds of being added, in every process and without a restart', async () => {
    const [one, other] = [await startProcess(), await startProcess()];
    await rows.router('127.0.63.1', 'fresh');
    const addedMs = performance.now();
    await announceNasChange(redis.redis, `${redis.prefix}nas-changed`);
    const options = { address: '127.0.63.1', secret: 'fresh', timeoutMs: 200, tries: 8 };
    const outcomes = await Promise.all([peerOf(one, options).pap(login), peerOf(other, options).pap(login)]);
    expect(outcomes.every(isReply)).toBe(true);
    expect(performance.now() - addedMs).toBeLessThan(2_000);
  });

  test('R12: a NAS that floods is held at its rate, and the others are all served meanwhile', async () => {
    const noisyId = await rows.router('127.0.63.10', 'noisy', { radiusRateLimit: 20 });
    const addresses = Array.from({ length: 5 }, (_, index) => `127.0.63.${11 + index}`);
    await Promise.all(addresses.map((address) => rows.router(address, 'good')));
    const one = await startProcess(3_000);
    const noisy = peerOf(one, { address: '127.0.63.10', secret: 'noisy', timeoutMs: 1_500, tries: 1 });
    const flood = Array.from({ length: 300 }, () => noisy.pap(login));
    const served = await Promise.all(
      addresses.flatMap((address) => {
        const good = peerOf(one, { address, secret: 'good', tries: 5 });
        return Array.from({ length: 40 }, () => good.pap(login));
      }),
    );
    expect(served.filter(isReply)).toHaveLength(200);
    const answered = (await Promise.all(flood)).filter(isReply).length;
    const throttled = /packets_dropped_total\{port="auth",reason="throttled",[^}]*\} (\d+)/;
    expect(await count(one.metrics, throttled)).toBeGreaterThan(200);
    expect(answered).toBeLessThan(100);

    // Full would be 40, and two seconds at 20 a second may have passed since.
    await one.side.nases.refresh();
    const again = await Promise.all(Array.from({ length: 200 }, () => noisy.pap(login)));
    expect(again.filter(isReply).length).toBeLessThan(120);
    await one.stop();
    expect((await activityOf(noisyId))?.throttled).toBeGreaterThan(280n);
  });

  test('R14: a wrong secret gets no reply, is shown and counted, and is over with the first right packet', async () => {
    const id = await rows.router('127.0.63.20', 'right secret');
    const one = await startProcess();
    const wrong = peerOf(one, { address: '127.0.63.20', secret: 'wrong secret', timeoutMs: 50, tries: 1 });
    expect((await wrong.pap(login)).kind).toBe('timeout');
    expect((await wrong.account({ status: 1, sessionId: 's' })).kind).toBe('timeout');
    await one.stop();
    expect(await activityOf(id)).toMatchObject({ mismatches: 2n, currentUsedAt: null });
    const next = await startProcess();
    const gauge = /turnpike_radius_nas_secret_mismatches\{[^}]*\} (\d+)/;
    expect(await count(next.metrics, gauge)).toBe(1);
    expect(isReply(await peerOf(next, { address: '127.0.63.20', secret: 'right secret' }).pap(login))).toBe(true);
    await next.stop();
    expect(await count((await startProcess()).metrics, gauge)).toBe(0);
  });

  test('R14: an unsigned request whose password is noise counts against the secret, not against the user', async () => {
    const id = await rows.router('127.0.63.21', 'right secret', { messageAuthenticator: 'optional' });
    const one = await startProcess();
    const options = { address: '127.0.63.21', messageAuthenticator: false, timeoutMs: 50, tries: 1 };
    expect((await peerOf(one, { ...options, secret: 'wrong secret' }).pap(login)).kind).toBe('timeout');
    expect(isReply(await peerOf(one, { ...options, secret: 'right secret', timeoutMs: 500 }).pap(login))).toBe(true);
    await one.stop();
    expect(await activityOf(id)).toMatchObject({ mismatches: 1n });
  });

  test('R5: eleven forged requests within a minute raise the alarm', async () => {
    await rows.router('127.0.63.22', 'right secret');
    const one = await startProcess();
    const forger = peerOf(one, { address: '127.0.63.22', secret: 'guessed', timeoutMs: 50, tries: 1 });
    await Promise.all(Array.from({ length: 11 }, () => forger.pap(login)));
    expect(await count(one.metrics, /turnpike_radius_nas_forgery_alarms\{[^}]*\} (\d+)/)).toBe(1);
  });
});

describe('rotating the secret of a NAS under load', () => {
  const rotation = createSecretRotationOf();

  function createSecretRotationOf() {
    return {
      rotate: (id: string) =>
        createSecretRotation({
          transact: store.database.transact,
          secretBox,
          clock: systemClock,
          redeploy: async () => undefined,
          radiusAddress: '127.0.0.1',
          announceNasChange: () => announceNasChange(redis.redis, `${redis.prefix}nas-changed`),
          routerChanged: async () => undefined,
        }).rotate(id, { force: false }, { actor: 'test', requestId: 'r' }),
    };
  }

  test('R13: nothing is rejected or lost before, at and after the change, and the secret last used is known', async () => {
    const address = '127.0.63.30';
    const id = await rows.router(address, 'old secret');
    const [auth, acct] = [await startProcess(), await startProcess()];
    const ports = { authPort: auth.authPort, acctPort: acct.acctPort };
    const outcomes: { kind: string }[] = [];
    let stopped = false;
    let nas = peerOf(ports, { address, secret: 'old secret' });
    const load = Array.from({ length: 16 }, async (_, lane) => {
      while (!stopped) {
        const outcome = lane % 2 === 0 ? await nas.pap(login) : await nas.account({ status: 3, sessionId: `s${lane}` });
        outcomes.push(outcome);
      }
    });
    const pass = async (requests: number): Promise<void> => {
      const goal = outcomes.length + requests;
      while (outcomes.length < goal) await nextTurn();
    };
    await pass(300);
    const { script } = await rotation.rotate(id);
    await pass(300);
    const secret = /secret=(\S+)$/.exec(script ?? '')?.[1] ?? '';
    const changedMs = performance.now();
    nas = peerOf(ports, { address, secret });
    await pass(300);
    expect(performance.now() - changedMs).toBeLessThan(2_000);
    stopped = true;
    await Promise.all(load);
    expect(outcomes.length).toBeGreaterThan(900);
    expect(outcomes.filter((outcome) => !isReply(outcome))).toEqual([]);
    for (const one of [auth, acct]) {
      expect(await count(one.metrics, /packets_dropped_total\{[^}]*mismatch[^}]*\} (\d+)/)).toBeNaN();
      await one.stop();
    }
    const { currentUsedAt, previousUsedAt, mismatches } = (await activityOf(id)) ?? {};
    expect(currentUsedAt?.getTime()).toBeGreaterThan(previousUsedAt?.getTime() ?? Infinity);
    expect(mismatches).toBe(0n);
  });
});
