import { hostname } from 'node:os';
import { coalesce } from '@turnpike/core/batcher.js';
import { systemClock } from '@turnpike/core/clock.js';
import { messageOf } from '@turnpike/core/app-error.js';
import { SecretBox } from '@turnpike/core/secret-box.js';
import { accessJobs } from '@turnpike/features/access/access.jobs.js';
import { createDeviceLeases } from '@turnpike/features/access/device-lease.js';
import { createSubjectCache } from '@turnpike/features/access/subject-cache.js';
import { rebuildLostSubjects, refreshSubjects } from '@turnpike/features/access/subject-rebuild.js';
import { createSessionTraces } from '@turnpike/features/accounting/session-traces.js';
import { createAccountingDrain } from '@turnpike/features/accounting/accounting.drain.js';
import { createAccountingStream } from '@turnpike/features/accounting/accounting-stream.js';
import { createLedgerCheck } from '@turnpike/features/ledger/ledger-check.js';
import { createFigureKeeper } from '@turnpike/features/dashboard/daily-figures.js';
import { createSoldKeeper } from '@turnpike/features/reports/sold-days.js';
import { createOutboxRelay } from '@turnpike/features/outbox/outbox-relay.js';
import { outboxWake } from '@turnpike/features/outbox/outbox-wake.js';
import { endSessions } from '@turnpike/features/sessions/session-ender.js';
import { changeRates } from '@turnpike/features/sessions/rate-changer.js';
import { createSessionRemoval } from '@turnpike/features/sessions/session-removal.js';
import { defaultDisconnectPolicy } from '@turnpike/features/sessions/session-disconnect.js';
import { sessionsJobs } from '@turnpike/features/sessions/sessions.jobs.js';
import { createProducer } from '@turnpike/queue/producer.js';
import { createRunner } from '@turnpike/queue/runner.js';
import { registerSchedules } from '@turnpike/queue/schedules.js';
import { createRadiusClient } from '@turnpike/radius/udp-client.js';
import { createCache } from '@turnpike/runtime/cache.js';
import { createCrashPoints } from '@turnpike/runtime/crash-files.js';
import { createLiveBus } from '@turnpike/runtime/live-bus.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import type { Metrics } from '@turnpike/runtime/metrics.js';
import type { Readiness } from '@turnpike/runtime/ops-server.js';
import { refuseWrongRedis, type Redis } from '@turnpike/runtime/redis.js';
import { noTracing, type Tracing } from '@turnpike/runtime/tracing/tracing.js';
import type { WorkerConfig } from './config.js';
import { createAlertsSide } from './alerts.js';
import { accountingMetrics } from './accounting-metrics.js';
import { createFigures } from './figures.js';
import { housekeeping, prepareAccountingDays } from './housekeeping.js';
import { createNoticesSide } from './notices.js';
import { createPaymentsSide } from './payments.js';
import { createReportsSide } from './reports.js';
import { createRouterSide } from './routers.js';
import { createSalesSide } from './sales.js';
import { createSettingsSide } from './settings.js';
import { openStores, type Stores } from './stores.js';

export interface WorkerContextOptions {
  readonly config: WorkerConfig;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Default: nothing is traced. */
  readonly tracing?: Tracing;
  /** Begins every Redis key; tests have one of their own. */
  readonly prefix?: string;
}

export interface WorkerContext {
  /** Durable Redis, for the registration of the ops server. */
  readonly redis: Redis;
  start(): Promise<void>;
  ready(): Promise<Readiness>;
  stop(): Promise<void>;
}

/**
 * Orders to NASes wait for up to a minute for silent ones, and those to others must not wait behind them; what they need of
 * the stores they ask for together. Every sweep has a slot of its own: the one that ends what is over waits for none.
 */
const CONCURRENCY = { sessions: 1_600, payments: 50, notifications: 20, sweeps: 15 } as const;
const TAKERS = { sessions: 8 } as const;
/** Sockets for orders to NASes, 256 each; one with two secrets takes two places. */
const COA_SOCKETS = 16;

/** Leaves time below the supervisor's kill timeout for everything after the jobs. */
const JOBS_STOP_MS = 5_000;

/** The worker process put together by hand. */
export function createWorkerContext(options: WorkerContextOptions): WorkerContext {
  const { config, logger, metrics, prefix = 'turnpike:', tracing = noTracing } = options;
  const stores = openStores(config, logger);
  const { database, durable, subscriber } = stores;
  const { db, transact } = database;
  const clock = systemClock;
  const secretBox = new SecretBox(config.ENCRYPTION_KEYS);
  const crash = createCrashPoints({ directory: config.TURNPIKE_CRASH_DIR, logger });
  const cache = createCache({ redisUrl: config.REDIS_CACHE_URL, prefix, metrics, logger });
  const live = createLiveBus({ publisher: durable, prefix, logger });
  const producer = createProducer({ connection: durable, prefix, tracing });
  const relay = createOutboxRelay({ transact, producer, subscriber, prefix, clock, logger, metrics, crash });
  const wake = outboxWake(durable, prefix);
  const leases = createDeviceLeases({ redis: durable, prefix, leaseMs: config.RADIUS_INTERIM_SECONDS * 2_500 });
  const client = createRadiusClient({ clock, maxSockets: COA_SOCKETS });
  const settings = createSettingsSide({ config, stores, secretBox, clock, logger, prefix });
  const { reader } = settings;
  const routers = createRouterSide({
    config,
    stores,
    settings: reader,
    secretBox,
    cache,
    live,
    producer,
    wake,
    logger,
    metrics,
    tracing,
    prefix,
  });
  const sales = createSalesSide({ database, secretBox, cache, tracing, wake });
  const { publicUrl } = config;
  const reports = createReportsSide({ database, settings: reader, cache, publicUrl, wake, clock });
  const notices = createNoticesSide({
    settings: reader,
    providers: settings.providers,
    reports: reports.mail,
    database,
    secretBox,
    producer,
    wake,
    clock,
    logger,
  });
  const payments = createPaymentsSide({
    config,
    settings: reader,
    database,
    durable,
    prefix,
    secretBox,
    ...sales,
    live,
    wake,
    clock,
    logger,
    metrics,
    tracing,
    crash,
  });
  const accounting = accountingMetrics(metrics);
  const drain = createAccountingDrain({
    stream: accountingStream(stores, prefix),
    db,
    transact,
    leases,
    live,
    wake,
    logger,
    endSessions,
    changeRates,
    touchCustomer: sales.customers.touch,
    tracing,
    traceSessions: createSessionTraces({ db, tracing, logger }),
    ...accounting,
  });
  const subjects = createSubjectCache(durable, prefix);
  const access = accessJobs({ db, cache: subjects, crash });
  const alerts = createAlertsSide({ config, settings: reader, stores, live, wake, clock, logger, prefix });
  const checkLedger = createLedgerCheck({ db, clock, logger, metrics, checked: alerts.ledgerChecked });
  const figures = createFigures({ config, stores, producer, clock, logger, metrics, prefix });
  const timeZone = () => reader.branding().timeZone;
  const keepFigures = createFigureKeeper({ db, transact, clock, timeZone });
  const keepSold = createSoldKeeper({ db, transact, clock, timeZone });
  const runner = createRunner({
    connection: stores.queue,
    prefix,
    logger,
    metrics,
    tracing,
    concurrency: CONCURRENCY,
    takers: TAKERS,
    handlers: {
      ...routers.handlers,
      ...sales.handlers,
      ...settings.handlers,
      ...notices.handlers,
      ...reports.handlers,
      ...alerts.handlers,
      ...payments.handlers,
      ...access,
      'subjects.rebuild': (_nothing, { signal }) =>
        rebuildLostSubjects({ db, cache: subjects, redis: durable, prefix }, signal),
      ...sessionsJobs({
        db,
        transact,
        secretBox,
        client,
        clock,
        tracing,
        logger,
        leases,
        live,
        endSessions,
        wake,
        metrics,
        refreshSubject: coalesce((ids) => refreshSubjects({ db, cache: subjects }, ids).then(() => ids)),
        removal: createSessionRemoval({ openRouter: routers.openSparingly, clock }),
        interimSeconds: config.RADIUS_INTERIM_SECONDS,
        policy: { ...defaultDisconnectPolicy, port: config.RADIUS_COA_PORT },
      }),
      'ledger.check': () => checkLedger(),
      'figures.keep': async (_nothing, { signal }) => {
        const kept = await keepFigures(signal);
        await keepSold(signal);
        return kept;
      },
      'outbox.sweep': () => relay.relayOnce(),
      housekeeping: housekeeping({ db, clock, logger, kept: () => reader.retention() }),
    },
  });

  return {
    redis: durable,
    ready: () => readinessOf(stores),
    start: async () => {
      await refuseWrongRedis(durable, 'durable', logger);
      await prepareAccountingDays({ db, logger });
      await registerSchedules({ connection: durable, prefix });
      await reader.start();
      await relay.start();
      drain.start();
      await runner.start();
      figures.start();
      // The number of the last hour went with the last process.
      checkLedger().catch((error: unknown) => logger.warn({ err: error }, 'the ledger could not be checked'));
    },
    stop: async () => {
      await runner.stop(JOBS_STOP_MS);
      await reader.stop();
      await figures.stop();
      await Promise.all([relay.stop(), drain.stop(), routers.close(), client.close()]);
      await alerts.close();
      await live.close();
      await producer.close();
      await cache.close();
      await stores.close();
    },
  };
}

function accountingStream({ durable, stream }: Stores, prefix: string) {
  return createAccountingStream({
    redis: durable,
    blocking: stream,
    stream: `${prefix}acct`,
    group: 'drain',
    consumer: `${hostname()}-${process.pid}`,
  });
}

async function readinessOf({ database, durable }: Stores): Promise<Readiness> {
  const answers = (probe: Promise<unknown>): Promise<string> => probe.then(() => 'ok', messageOf);
  const [postgres, redis] = await Promise.all([answers(database.ping()), answers(durable.ping())]);
  return { ok: postgres === 'ok' && redis === 'ok', checks: { postgres, redis } };
}
