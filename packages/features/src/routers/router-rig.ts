import { SecretBox } from '@turnpike/core/secret-box.js';
import type { LiveEvent } from '@turnpike/contracts/events.js';
import type { CreateRouterBody } from '@turnpike/contracts/routers.js';
import { createDialer } from '@turnpike/routeros/dial-router.js';
import { probeTlsFingerprint } from '@turnpike/routeros/tls-probe.js';
import { createCache } from '@turnpike/runtime/cache.js';
import type { LiveBus } from '@turnpike/runtime/live-bus.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { createMetrics } from '@turnpike/runtime/metrics.js';
import { ScriptedRouter, type ScriptedRouterOptions } from '@turnpike/testkit/scripted-router.js';
import { createSteerableClock } from '@turnpike/testkit/steerable-clock.js';
import { openTestDatabase } from '@turnpike/testkit/test-database.js';
import { openTestRedis } from '@turnpike/testkit/test-redis.js';
import { createProvisioningService } from '../provisioning/provisioning.service.js';
import { createSecretRotation } from '../nas/secret-rotation.js';
import type { AddressPolicy } from './address-policy.js';
import { createRouterDialer } from './router-dialer.js';
import { createRouterMonitor } from './router-monitor.js';
import { createRouterReads } from './router-reads.js';
import { createRouterSessionPool } from './router-session-pool.js';
import { createRoutersService, ROUTERS_CACHE_TAG } from './routers.service.js';

export type RouterRig = Awaited<ReturnType<typeof openRouterRig>>;

export const byOperator = { actor: 'operator-1', requestId: 'request-1' };
export const anySignal = new AbortController().signal;

/** Everything about routers except provisioning, over real stores; routers live on loopback. */
export async function openRouterRig() {
  const [postgres, redis] = await Promise.all([openTestDatabase(), openTestRedis('cache')]);
  const { db, transact } = postgres.database;
  const secretBox = new SecretBox(['6b'.repeat(32)]);
  const clock = createSteerableClock(new Date('2026-03-01T12:00:00.000Z'));
  const events: LiveEvent[] = [];
  const seen = { wakes: 0, nasChanges: 0, readings: 0 };
  const cache = createCache({
    redisUrl: redis.url,
    prefix: redis.prefix,
    metrics: createMetrics({ role: 'test', instance: 'test' }),
    logger: createLogger({ level: 'silent', role: 'test', instance: 'test' }),
  });
  const routers = createRoutersService({
    db,
    transact,
    cache,
    secretBox,
    publicUrl: 'https://turnpike.example.net',
    clock,
    wake: () => {
      seen.wakes += 1;
    },
    announceNasChange: async () => {
      seen.nasChanges += 1;
    },
  });
  const noPlan = async () => {
    throw new Error('no plan is made in these tests');
  };
  const provisioning = createProvisioningService({
    db,
    transact,
    planner: { plan: noPlan },
    clock,
    wake: () => undefined,
    publish: (event) => void events.push(event),
    routerChanged: () => cache.invalidateTags([ROUTERS_CACHE_TAG]),
  });
  const rotation = createSecretRotation({
    transact,
    secretBox,
    clock,
    redeploy: provisioning.redeploy,
    radiusAddress: '10.255.0.1',
    announceNasChange: async () => {
      seen.nasChanges += 1;
    },
    routerChanged: () => cache.invalidateTags([ROUTERS_CACHE_TAG]),
  });
  const newDialer = (policy: AddressPolicy, probe = impatientProbe) =>
    createRouterDialer({
      db,
      dial: createDialer({ connectTimeoutMs: 2_000, commandTimeoutMs: 2_000, closeGraceMs: 200 }),
      probeTlsFingerprint: probe,
      secretBox,
      policy,
    });
  const dialer = newDialer({ allowLoopback: true, ownPorts: new Set() });
  const pool = createRouterSessionPool({ dialer });
  let made = 0;
  return {
    db,
    transact,
    secretBox,
    clock,
    cache,
    routers,
    rotation,
    newDialer,
    dialer,
    pool,
    reads: createRouterReads({ db, dialer, clock }),
    monitor: createRouterMonitor({
      db,
      pool,
      cache,
      live: collecting(events),
      clock,
      readingStored: () => (seen.readings += 1),
    }),
    /** What was published live. */
    events,
    seen,
    /** Adds a router as the API does; gives its id. */
    add: async (body: Partial<CreateRouterBody> = {}): Promise<string> => {
      made += 1;
      return (await routers.create({ name: `Router ${made}`, ...body }, byOperator)).id;
    },
    row: (id: string) => db.router.findUniqueOrThrow({ where: { id } }),
    /** Payloads of the waiting jobs of one name, oldest first. */
    jobs: async (job: string) => {
      const rows = await db.outboxMessage.findMany({ where: { job }, orderBy: { id: 'asc' } });
      return rows.map((row) => row.payload);
    },
    forget: async () => {
      await db.session.deleteMany();
      await db.router.deleteMany();
      await db.outboxMessage.deleteMany();
      await cache.clear();
      events.length = 0;
    },
    close: async () => {
      await pool.close();
      await cache.close();
      await Promise.all([postgres.drop(), redis.close()]);
    },
  };
}

const impatientProbe: typeof probeTlsFingerprint = (options) => probeTlsFingerprint({ ...options, timeoutMs: 1_000 });

function collecting(events: LiveEvent[]): LiveBus {
  return {
    publish: async (event) => void events.push(event),
    subscribe: () => () => undefined,
    position: () => '0-0',
    started: async () => undefined,
    close: async () => undefined,
  };
}

export interface Board {
  password: string;
  version: string;
  identity: string;
}

/** A router that tells `board` about itself and accepts its password only; `board` may be changed while it runs. */
export async function startBoard(
  options: ScriptedRouterOptions = {},
  board: Board = { password: 'right password', version: '7.22', identity: 'hAP' },
): Promise<{
  router: ScriptedRouter;
  board: Board;
  address: Pick<CreateRouterBody, 'address' | 'apiPort' | 'apiUsername' | 'apiPassword'>;
}> {
  const router = await ScriptedRouter.start({
    ...options,
    handlers: {
      '/login': (request) => {
        if (request.attributes['password'] !== board.password) request.trap('invalid user name or password (6)');
        request.done();
      },
      '/system/resource/print': (request) =>
        request.rows({
          version: `${board.version} (stable)`,
          'board-name': 'hAP ax^2',
          uptime: '1h2m3s',
          'cpu-load': '7',
          'free-memory': '1000',
          'total-memory': '2000',
          'free-hdd-space': '5000000000',
          'total-hdd-space': '16000000000',
          'architecture-name': 'arm64',
        }),
      '/system/identity/print': (request) => request.rows({ name: board.identity }),
      '/system/routerboard/print': (request) => request.rows({ model: 'C52iG', 'serial-number': 'HF1' }),
      ...options.handlers,
    },
  });
  const address = {
    address: '127.0.0.1',
    apiPort: router.port,
    apiUsername: 'turnpike',
    apiPassword: 'right password',
  };
  return { router, board, address };
}
