import { systemClock } from '@turnpike/core/clock.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import { announceNasChange } from '@turnpike/features/nas/nas-directory.js';
import { nasJobs } from '@turnpike/features/nas/nas.jobs.js';
import { provisioningJobs } from '@turnpike/features/provisioning/provisioning.jobs.js';
import { createServicePlanner } from '@turnpike/features/provisioning/service-planner.js';
import { measuredDial } from '@turnpike/features/routers/measured-dial.js';
import type { AddressPolicy } from '@turnpike/features/routers/address-policy.js';
import { createRouterDialer } from '@turnpike/features/routers/router-dialer.js';
import { createReadingsNews } from '@turnpike/features/routers/readings-news.js';
import { createRouterMonitor } from '@turnpike/features/routers/router-monitor.js';
import { createRouterReads } from '@turnpike/features/routers/router-reads.js';
import { createRouterSessionPool } from '@turnpike/features/routers/router-session-pool.js';
import { routerJobs } from '@turnpike/features/routers/router.jobs.js';
import { ROUTERS_CACHE_TAG } from '@turnpike/features/routers/routers.service.js';
import type { SettingsReader } from '@turnpike/features/settings/settings-reader.js';
import type { Producer } from '@turnpike/queue/producer.js';
import { createDialer } from '@turnpike/routeros/dial-router.js';
import { probeTlsFingerprint } from '@turnpike/routeros/tls-probe.js';
import type { Cache } from '@turnpike/runtime/cache.js';
import type { LiveBus } from '@turnpike/runtime/live-bus.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import type { Metrics } from '@turnpike/runtime/metrics.js';
import type { Tracing } from '@turnpike/runtime/tracing/tracing.js';
import type { WorkerConfig } from './config.js';
import type { Stores } from './stores.js';

export interface RouterSideDeps {
  readonly config: WorkerConfig;
  readonly stores: Stores;
  readonly settings: Pick<SettingsReader, 'branding'>;
  readonly secretBox: SecretBox;
  readonly cache: Cache;
  readonly live: LiveBus;
  readonly producer: Producer;
  readonly wake: () => void;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  /** Begins every Redis key. */
  readonly prefix: string;
}

/** A router that does not answer must not hold a job for long; the job's own deadline ends everything. */
const LIMITS = { connectTimeoutMs: 5_000, commandTimeoutMs: 10_000 };

/** Everything that talks to routers. */
export function createRouterSide(deps: RouterSideDeps) {
  const { config, stores, settings, secretBox, cache, live, producer, wake, metrics } = deps;
  const { db, transact } = stores.database;
  const dial = measuredDial(metrics, createDialer(LIMITS), deps.tracing);
  const dialer = createRouterDialer({ db, dial, probeTlsFingerprint, secretBox, policy: addressPolicy(config) });
  const pool = createRouterSessionPool({ dialer });
  const openRouter = dialer.open;
  const radius = {
    address: config.RADIUS_ADVERTISED_ADDRESS,
    authPort: config.RADIUS_AUTH_PORT,
    acctPort: config.RADIUS_ACCT_PORT,
    coaPort: config.RADIUS_COA_PORT,
    interimSeconds: config.RADIUS_INTERIM_SECONDS,
  };
  // Asked at every plan: the pages on a router then say what was set last.
  const portal = {
    url: config.publicUrl,
    get name() {
      return settings.branding().name;
    },
    get color() {
      return settings.branding().color;
    },
  };
  const planner = createServicePlanner({ db, openRouter, radius, secretBox, portal });
  const announce = () => announceNasChange(stores.durable, `${deps.prefix}nas-changed`);
  const invalidate = () => cache.invalidateTags([ROUTERS_CACHE_TAG]);
  const handlers = {
    ...provisioningJobs({
      db,
      transact,
      openRouter,
      radius,
      secretBox,
      portal,
      clock: systemClock,
      random: Math.random,
      wake,
      publish: (event) => void live.publish(event),
      // A run may have given the router a new secret: RADIUS then tries that one first.
      routerChanged: async () => {
        await Promise.all([invalidate(), announce()]);
      },
    }),
    ...nasJobs({
      transact,
      clock: systemClock,
      logger: deps.logger,
      announceNasChange: announce,
      routerChanged: invalidate,
    }),
    ...routerJobs({
      monitor: createRouterMonitor({
        db,
        pool,
        cache,
        live,
        clock: systemClock,
        readingStored: createReadingsNews(live),
      }),
      reads: createRouterReads({ db, dialer, clock: systemClock }),
      plan: planner.plan,
      producer,
      clock: systemClock,
    }),
  };
  return {
    handlers,
    /** For what nobody waits for. */
    openSparingly: (routerId: string, { signal }: { signal: AbortSignal }) =>
      dialer.open(routerId, { signal, sparing: true }),
    close: () => pool.close(),
  };
}

/** Our own services on this machine are never dialled, whatever an operator enters. */
function addressPolicy(config: WorkerConfig): AddressPolicy {
  const urls = [config.DATABASE_URL, config.REDIS_DURABLE_URL, config.REDIS_CACHE_URL];
  const ports = urls.map((url) => Number(new URL(url).port));
  return { allowLoopback: config.ROUTER_ALLOW_LOOPBACK, ownPorts: new Set([...ports, config.PORT]) };
}
