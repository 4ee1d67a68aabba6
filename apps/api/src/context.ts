import path from 'node:path';
import { topicReaders } from '@turnpike/contracts/events.js';
import type { Clock } from '@turnpike/core/clock.js';
import { SecretBox } from '@turnpike/core/secret-box.js';
import { isUnavailable } from '@turnpike/db/database-errors.js';
import { createIdempotencyStore } from '@turnpike/features/idempotency/idempotency.store.js';
import { createAuthenticator } from '@turnpike/features/operators/authenticator.js';
import { environmentSettings } from '@turnpike/features/settings/environment-settings.js';
import { createSettingsReader } from '@turnpike/features/settings/settings-reader.js';
import { createQueuesService } from '@turnpike/features/operations/queues.service.js';
import { outboxWake } from '@turnpike/features/outbox/outbox-wake.js';
import { createCache } from '@turnpike/runtime/cache.js';
import { watchConnections } from '@turnpike/runtime/connection-metrics.js';
import { admitRequests } from '@turnpike/runtime/http/admission.js';
import { createApiRouter } from '@turnpike/runtime/http/api-router.js';
import { createHttpMetrics } from '@turnpike/runtime/http/http-metrics.js';
import { createKeptAnswers } from '@turnpike/runtime/http/kept-answers.js';
import { createKeptReads } from '@turnpike/runtime/http/kept-reads.js';
import { buildOpenApi } from '@turnpike/runtime/http/openapi.js';
import { createLiveBus } from '@turnpike/runtime/live-bus.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import type { Metrics } from '@turnpike/runtime/metrics.js';
import { listOpsTargets, type Readiness } from '@turnpike/runtime/ops-server.js';
import { refuseWrongRedis, type Redis } from '@turnpike/runtime/redis.js';
import { createQueueInspector } from '@turnpike/queue/inspector.js';
import { createProducer } from '@turnpike/queue/producer.js';
import { createRequester } from '@turnpike/queue/requester.js';
import { noTracing, type Tracing } from '@turnpike/runtime/tracing/tracing.js';
import type { ApiConfig } from './config.js';
import { featureRoutes } from './feature-routes.js';
import { createHealth, readiness } from './health.js';
import { createHttpApp } from './http-app.js';
import { startHttpServer } from './http-server.js';
import { openOnce } from './open-once.js';
import { QUEUE_BOARD_PATH, queueBoard } from './queue-board.js';
import { createSiteCheck } from './site-check.js';
import { openStores } from './stores.js';

export interface ApiContextOptions {
  readonly config: ApiConfig;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Default: nothing is traced. */
  readonly tracing?: Tracing;
  readonly clock: Clock;
  /** Aborts when the process is told to stop. */
  readonly stopping: AbortSignal;
  /** Begins every Redis key; tests have one of their own. */
  readonly prefix?: string;
  /** How long a stopping server still answers; see HttpServerOptions. */
  readonly lameMs?: number;
}

export interface ApiContext {
  /** Durable Redis, for the registration of the ops server. */
  readonly redis: Redis;
  ready(): Promise<Readiness>;
  /** Listens; gives the port. */
  start(): Promise<{ port: number }>;
  stop(): Promise<void>;
}

const VERSION = '0.1.0';
const API_PATH = '/api/v1';
/** The same from src/ and from dist/. */
const CONSOLE_DIRECTORY = path.resolve(import.meta.dirname, '../../console/dist-web');
/** A revoked token is refused everywhere within a second. */
const TOKEN_REUSE_MS = 500;

/** More than that only wait for the same connections to PostgreSQL, a second and longer. */
const MOST_RUNNING = 500;

/** The API process put together by hand. */
export function createApiContext(options: ApiContextOptions): ApiContext {
  const { config, logger, metrics, clock, stopping, prefix = 'turnpike:', tracing = noTracing } = options;
  const stores = openStores(config, logger);
  const { database, durable } = stores;
  const secretBox = new SecretBox(config.ENCRYPTION_KEYS.map((key) => key.reveal()));
  const cache = createCache({ redisUrl: config.REDIS_CACHE_URL.reveal(), prefix, metrics, logger });
  watchConnections(metrics, {
    postgres: database.poolUse,
    redis: { durable: [durable, stores.live, stores.blocking, stores.counters], cache: [stores.cacheRedis] },
  });
  const live = createLiveBus({ publisher: durable, reader: stores.live, prefix, logger });
  const producer = createProducer({ connection: durable, prefix });
  const requester = createRequester({ connection: durable, blocking: stores.blocking, prefix, tracing });
  const inspector = createQueueInspector({ connection: durable, prefix });
  const queues = createQueuesService({ countQueues: () => producer.counts(), inspector, transact: database.transact });
  const board = openOnce(async () => {
    const { createQueueBoard } = await import('@turnpike/queue/board.js');
    return createQueueBoard({ connection: durable, prefix, basePath: QUEUE_BOARD_PATH });
  });
  const settings = createSettingsReader({
    db: database.db,
    secretBox,
    environment: environmentSettings(config),
    subscriber: stores.subscriber,
    prefix,
    logger,
  });
  const authenticate = createAuthenticator({ db: database.db, clock, reuseMs: TOKEN_REUSE_MS });
  const health = createHealth({ stores, clock, stopping });
  const { bindings, portal } = featureRoutes({
    config,
    stores,
    secretBox,
    settings,
    cache,
    live,
    health,
    requester,
    queues,
    inspector,
    wake: outboxWake(durable, prefix),
    metrics,
    tracing,
    logger,
    clock,
    prefix,
  });
  const streams = new AbortController();
  const answers = createKeptAnswers({ cache, clock });
  const httpMetrics = createHttpMetrics(metrics, clock);
  const app = createHttpApp({
    api: createApiRouter({
      bindings,
      authenticate,
      idempotency: createIdempotencyStore({ db: database.db, clock, secretBox }),
      secretBox,
      metrics,
      httpMetrics,
      tracing,
      answers,
      logger,
      clock,
      isUnavailable,
      stopping: streams.signal,
      belongsToSite: createSiteCheck({ db: database.db }),
      secureCookies: config.publicUrl.startsWith('https:'),
      wrote: (topic, id) => {
        if (topic in topicReaders) void live.publish({ type: 'changed', topic, id });
      },
    }),
    openApi: buildOpenApi(
      bindings.map((binding) => binding.endpoint),
      { version: VERSION, serverUrl: API_PATH },
    ),
    portal,
    queueBoard: queueBoard({ openBoard: board.open, queues, authenticate }),
    consoleDirectory: CONSOLE_DIRECTORY,
    listTargets: () => listOpsTargets(durable, clock),
    metricsToken: config.METRICS_TOKEN,
    publicUrl: config.publicUrl,
    trustProxy: config.TRUST_PROXY,
    logger,
    isUnavailable,
  });
  const reads = createKeptReads({
    answers,
    authenticate,
    metrics: httpMetrics,
    tracing,
    basePath: API_PATH,
    countHit: (name) => cache.countHit(name),
    otherwise: app,
  });
  const handle = admitRequests({ mostRunning: MOST_RUNNING, metrics, otherwise: reads });
  const closeAll = async () => {
    await settings.stop();
    await live.close();
    await requester.close();
    await board.close();
    await inspector.close();
    await producer.close();
    await cache.close();
    await stores.close();
  };
  let stopServer = async (): Promise<void> => undefined;
  return {
    redis: durable,
    ready: () => readiness(health),
    start: async () => {
      await refuseWrongRedis(durable, 'durable', logger);
      await refuseWrongRedis(stores.cacheRedis, 'cache', logger);
      await settings.start();
      const server = await startHttpServer(handle, { host: config.HOST, port: config.PORT, lameMs: options.lameMs });
      stopServer = () => server.stop(() => streams.abort());
      return { port: server.port };
    },
    stop: async () => {
      await stopServer();
      await closeAll();
    },
  };
}
