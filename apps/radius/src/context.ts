import { systemClock } from '@turnpike/core/clock.js';
import { SecretBox } from '@turnpike/core/secret-box.js';
import { openDatabase, type Database } from '@turnpike/db/database.js';
import { createAccessHandler } from '@turnpike/features/access/access.radius.js';
import { createBreaker, type Breaker } from '@turnpike/features/access/breaker.js';
import { createClassTokens } from '@turnpike/features/access/class-token.js';
import { createDeviceLeases } from '@turnpike/features/access/device-lease.js';
import { createSubjectCache } from '@turnpike/features/access/subject-cache.js';
import { createSubjectDirectory } from '@turnpike/features/access/subject-directory.js';
import { createAccountingIntake } from '@turnpike/features/accounting/accounting-intake.js';
import { createAccountingHandler } from '@turnpike/features/accounting/accounting.radius.js';
import { createNasDirectory, type NasDirectory } from '@turnpike/features/nas/nas-directory.js';
import { createRadiusServer, type RadiusServer } from '@turnpike/radius/udp-server.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import type { Metrics } from '@turnpike/runtime/metrics.js';
import type { Readiness } from '@turnpike/runtime/ops-server.js';
import { openRedis, refuseWrongRedis, type Redis } from '@turnpike/runtime/redis.js';
import type { RadiusConfig } from './config.js';
import { createRadiusMetrics, type RadiusMetrics } from './radius-metrics.js';

export interface RadiusContextOptions {
  readonly config: RadiusConfig;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Begins every Redis key; tests have one of their own. */
  readonly prefix?: string;
}

export interface RadiusContext {
  /** Durable Redis, for the registration of the ops server. */
  readonly redis: Redis;
  /** Binds the ports; a port is null when its role runs elsewhere. */
  start(): Promise<{ authPort: number | null; acctPort: number | null }>;
  ready(): Promise<Readiness>;
  /** Reads the routers again now. */
  refreshRouters(): Promise<void>;
  stop(): Promise<void>;
}

interface Parts {
  readonly config: RadiusConfig;
  readonly database: Database;
  readonly redis: Redis;
  readonly breaker: Breaker;
  readonly nases: NasDirectory;
  readonly watch: RadiusMetrics;
  readonly prefix: string;
}

const DRAIN_MS = 3_000;
const STATEMENT_TIMEOUT_MS = 2_000;

/** The RADIUS process put together by hand. */
export function createRadiusContext({
  config,
  logger,
  metrics,
  prefix = 'turnpike:',
}: RadiusContextOptions): RadiusContext {
  const database = openDatabase({
    url: config.DATABASE_URL,
    applicationName: 'turnpike-radius',
    maxConnections: 10,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  });
  const redis = openRedis({ url: config.REDIS_DURABLE_URL, role: 'durable', use: 'radius', logger });
  const subscriber = openRedis({ url: config.REDIS_DURABLE_URL, role: 'durable', use: 'subscriber', logger });
  const registrar = openRedis({ url: config.REDIS_DURABLE_URL, role: 'durable', use: 'commands', logger });
  const breaker = createBreaker({ clock: systemClock });
  const nases = createNasDirectory({
    db: database.db,
    secretBox: new SecretBox(config.ENCRYPTION_KEYS),
    subscriber,
    logger,
    clock: systemClock,
    channel: `${prefix}nas-changed`,
  });
  const watch = createRadiusMetrics({ metrics, logger, onStranger: (address) => nases.unknownSource(address) });
  const parts = { config, database, redis, breaker, nases, watch, prefix };
  const servers = serversOf(parts);

  return {
    redis: registrar,
    refreshRouters: () => nases.refresh(),
    async start() {
      await refuseWrongRedis(registrar, 'durable', logger);
      await nases.start();
      const auth = await servers.auth?.start();
      const acct = await servers.acct?.start();
      return { authPort: auth?.port ?? null, acctPort: acct?.port ?? null };
    },
    ready: () => readinessOf(parts),
    async stop() {
      await Promise.all([servers.auth?.stop({ drainMs: DRAIN_MS }), servers.acct?.stop({ drainMs: DRAIN_MS })]);
      await nases.stop();
      for (const connection of [redis, subscriber, registrar]) connection.disconnect();
      await database.close();
    },
  };
}

function serversOf(parts: Parts): { auth: RadiusServer | undefined; acct: RadiusServer | undefined } {
  const { config, nases, watch } = parts;
  const classTokens = createClassTokens(config.ENCRYPTION_KEYS);
  const common = { host: config.RADIUS_HOST, lookupNas: nases.lookup, clock: systemClock, isHealthy: nases.isLoaded };
  const auth = createAuth(parts, classTokens);
  const acct = createAcct(parts, classTokens);
  return {
    auth: config.RADIUS_ROLES.includes('auth')
      ? createRadiusServer({
          ...common,
          role: 'auth',
          port: config.RADIUS_AUTH_PORT,
          handle: auth,
          observe: watch.observer('auth'),
        })
      : undefined,
    acct: config.RADIUS_ROLES.includes('acct')
      ? createRadiusServer({
          ...common,
          role: 'acct',
          port: config.RADIUS_ACCT_PORT,
          handle: acct,
          observe: watch.observer('acct'),
        })
      : undefined,
  };
}

function createAuth(parts: Parts, classTokens: ReturnType<typeof createClassTokens>) {
  const { config, database, redis, breaker, nases, watch, prefix } = parts;
  const cache = createSubjectCache(redis, prefix);
  return createAccessHandler({
    subjects: createSubjectDirectory({ cache, breaker, db: database.db, onRead: watch.onRead }),
    leases: createDeviceLeases({ redis, prefix, leaseMs: config.RADIUS_INTERIM_SECONDS * 2500 }),
    breaker,
    db: database.db,
    classTokens,
    secretBox: new SecretBox(config.ENCRYPTION_KEYS),
    policy: {
      interimSeconds: config.RADIUS_INTERIM_SECONDS,
      idleSeconds: config.RADIUS_IDLE_SECONDS,
      rejectDelayMs: config.RADIUS_REJECT_DELAY_MS,
    },
    clock: systemClock,
    routerOf: nases.routerOf,
    onOutcome: watch.onOutcome,
  });
}

function createAcct(parts: Parts, classTokens: ReturnType<typeof createClassTokens>) {
  const { database, redis, breaker, nases, watch, prefix } = parts;
  const intake = createAccountingIntake({ redis, stream: `${prefix}acct`, breaker, db: database.db });
  return createAccountingHandler({ intake, classTokens, routerOf: nases.routerOf, onKept: watch.onKept });
}

/** Fit to serve while the routers are known and one of the two stores answers. */
async function readinessOf({ database, redis, breaker, nases }: Parts): Promise<Readiness> {
  const answers = (probe: Promise<unknown>): Promise<string> =>
    probe.then(
      () => 'ok',
      () => 'does not answer',
    );
  const [postgres, durable] = await Promise.all([answers(database.ping()), answers(breaker.run(() => redis.ping()))]);
  const routers = nases.isLoaded() ? 'ok' : 'not read yet';
  const checks = { postgres, redis: durable, routers };
  return { ok: routers === 'ok' && (postgres === 'ok' || durable === 'ok'), checks };
}
