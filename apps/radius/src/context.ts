import { systemClock } from '@turnpike/core/clock.js';
import { SecretBox } from '@turnpike/core/secret-box.js';
import { openSqlPool, type SqlPool } from '@turnpike/db/sql-pool.js';
import { createBreaker, type Breaker } from '@turnpike/features/access/breaker.js';
import { createClassTokens, type ClassTokens } from '@turnpike/features/access/class-token.js';
import { createAccountingIntake } from '@turnpike/features/accounting/accounting-intake.js';
import { createAccountingHandler } from '@turnpike/features/accounting/accounting.radius.js';
import { createStoredName } from '@turnpike/features/accounting/stored-name.js';
import type { NasDirectory } from '@turnpike/features/nas/nas-directory.js';
import { createRedisDuplicates } from '@turnpike/features/nas/shared-duplicates.js';
import { createVoucherCodes, type VoucherCodes } from '@turnpike/features/vouchers/voucher-code.js';
import { createRadiusServer, type RadiusServer, type RadiusServerOptions } from '@turnpike/radius/udp-server.js';
import { watchConnections } from '@turnpike/runtime/connection-metrics.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import type { Metrics } from '@turnpike/runtime/metrics.js';
import type { Readiness } from '@turnpike/runtime/ops-server.js';
import { openRedis, refuseWrongRedis, type Redis } from '@turnpike/runtime/redis.js';
import { noTracing, type Tracing } from '@turnpike/runtime/tracing/tracing.js';
import { createAccessSide, type AccessSide } from './access-side.js';
import type { RadiusConfig } from './config.js';
import { createNasSide } from './nas-side.js';
import { createRadiusMetrics, type RadiusMetrics } from './radius-metrics.js';
import { watchSockets, type BoundPort } from './socket-watch.js';
import { createStoreWatch, type StoreWatch } from './store-watch.js';

export interface RadiusContextOptions {
  readonly config: RadiusConfig;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Default: nothing is traced. */
  readonly tracing?: Tracing;
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
  /** PostgreSQL without the database client, whose memory would be most of the process's. */
  readonly database: SqlPool;
  readonly redis: Redis;
  readonly breaker: Breaker;
  readonly nases: NasDirectory;
  readonly watch: RadiusMetrics;
  readonly classTokens: ClassTokens;
  readonly codes: VoucherCodes;
  /** Undefined where only accounting is served. */
  readonly access: AccessSide | undefined;
  readonly storeWatch: StoreWatch;
  /** What processes that share a port tell each other goes here; undefined where there is only one. */
  readonly sharing: Redis | undefined;
  readonly prefix: string;
}

const DRAIN_MS = 3_000;
const STATEMENT_TIMEOUT_MS = 2_000;
const MAX_CONNECTIONS = 10;

/** The RADIUS process put together by hand. */
export function createRadiusContext({
  config,
  logger,
  metrics,
  tracing = noTracing,
  prefix = 'turnpike:',
}: RadiusContextOptions): RadiusContext {
  const databaseOptions = {
    url: config.DATABASE_URL,
    applicationName: 'turnpike-radius',
    maxConnections: MAX_CONNECTIONS,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  };
  const database = openSqlPool(databaseOptions);
  const redis = openRedis({ url: config.REDIS_DURABLE_URL, role: 'durable', use: 'radius', logger });
  const subscriber = openRedis({ url: config.REDIS_DURABLE_URL, role: 'durable', use: 'subscriber', logger });
  const registrar = openRedis({ url: config.REDIS_DURABLE_URL, role: 'durable', use: 'commands', logger });
  const breaker = createBreaker({ clock: systemClock });
  const nasSide = createNasSide({
    db: database.sql,
    secretBox: new SecretBox(config.ENCRYPTION_KEYS),
    subscriber,
    publisher: registrar,
    logger,
    metrics,
    defaultRate: config.RADIUS_NAS_RATE,
    prefix,
  });
  const { nases } = nasSide;
  const watch = createRadiusMetrics({ metrics, logger, clock: systemClock, nasWatch: nasSide.watch });
  const storeWatch = createStoreWatch({ probes: [() => registrar.ping(), () => database.ping()] });
  const sharing = sharedDuplicatesRedis(config, logger);
  watchConnections(metrics, { postgres: database.poolUse, redis: { durable: [redis, subscriber, registrar] } });
  const classTokens = createClassTokens(config.ENCRYPTION_KEYS);
  const codes = createVoucherCodes(config.ENCRYPTION_KEYS);
  const common = { config, database, redis, breaker, classTokens, codes, nases, watch, prefix };
  const access = config.RADIUS_ROLES.includes('auth')
    ? createAccessSide({ ...common, db: database.sql, databaseOptions, metrics, tracing })
    : undefined;
  const parts = { ...common, access, storeWatch, sharing };
  const servers = serversOf(parts);

  return {
    redis: registrar,
    refreshRouters: () => nases.refresh(),
    async start() {
      await refuseWrongRedis(registrar, 'durable', logger);
      await Promise.all([nasSide.start(), storeWatch.start()]);
      const auth = await servers.auth?.start();
      const acct = await servers.acct?.start();
      watchSockets([...boundPort('auth', auth), ...boundPort('acct', acct)], { metrics, logger });
      return { authPort: auth?.port ?? null, acctPort: acct?.port ?? null };
    },
    ready: () => readinessOf(parts),
    async stop() {
      await Promise.all([servers.auth?.stop({ drainMs: DRAIN_MS }), servers.acct?.stop({ drainMs: DRAIN_MS })]);
      storeWatch.stop();
      await access?.stop();
      await nasSide.stop();
      for (const connection of [redis, subscriber, registrar, sharing]) connection?.disconnect();
      await database.close();
    },
  };
}

/** Two or more processes on a port tell each other of their replies, unless they are told not to. */
function sharedDuplicatesRedis(config: RadiusConfig, logger: Logger): Redis | undefined {
  const wanted = config.RADIUS_SHARED_DUPLICATES ?? config.RADIUS_INSTANCES > 1;
  if (!wanted || !config.RADIUS_ROLES.includes('auth')) return undefined;
  const [url, role] =
    config.REDIS_CACHE_URL === undefined
      ? [config.REDIS_DURABLE_URL, 'durable' as const]
      : [config.REDIS_CACHE_URL, 'cache' as const];
  return openRedis({ url, role, use: 'radius', logger });
}

function shared({ sharing: redis, prefix }: Parts): Pick<RadiusServerOptions, 'sharedDuplicates'> {
  if (redis === undefined) return {};
  return { sharedDuplicates: createRedisDuplicates({ redis, breaker: createBreaker({ clock: systemClock }), prefix }) };
}

function boundPort(role: 'auth' | 'acct', bound: Omit<BoundPort, 'role'> | undefined): BoundPort[] {
  return bound === undefined ? [] : [{ role, ...bound }];
}

function serversOf(parts: Parts): { auth: RadiusServer | undefined; acct: RadiusServer | undefined } {
  const { config, nases, watch } = parts;
  const common = {
    host: config.RADIUS_HOST,
    recvBufferBytes: config.RADIUS_RECV_BUFFER,
    lookupNas: nases.lookup,
    clock: systemClock,
    isHealthy: () => nases.isLoaded() && parts.storeWatch.isUsable(),
  };
  return {
    auth:
      parts.access === undefined
        ? undefined
        : createRadiusServer({
            ...common,
            role: 'auth',
            port: config.RADIUS_AUTH_PORT,
            handle: parts.access.handle,
            observe: watch.observer('auth'),
            ...shared(parts),
          }),
    acct: config.RADIUS_ROLES.includes('acct')
      ? createRadiusServer({
          ...common,
          role: 'acct',
          port: config.RADIUS_ACCT_PORT,
          handle: createAcct(parts),
          observe: watch.observer('acct'),
        })
      : undefined,
  };
}

function createAcct(parts: Parts) {
  const { database, redis, breaker, classTokens, codes, nases, watch, prefix } = parts;
  const intake = createAccountingIntake({ redis, stream: `${prefix}acct`, breaker, db: database.sql });
  return createAccountingHandler({
    intake,
    classTokens,
    nameOf: createStoredName(codes),
    routerOf: nases.routerOf,
    onKept: watch.onKept,
    onStale: watch.onStale,
  });
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
