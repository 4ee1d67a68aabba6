import type { Clock } from '@turnpike/core/clock.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import { accessRoutes } from '@turnpike/features/access/access.routes.js';
import { createAccessService } from '@turnpike/features/access/access.service.js';
import { createDecisionReader, strangerHash } from '@turnpike/features/access/decision-log.js';
import { createHolderReader } from '@turnpike/features/access/device-holders.js';
import { createCustomersService } from '@turnpike/features/customers/customers.service.js';
import { createDevicesService } from '@turnpike/features/customers/devices.service.js';
import { entitlementRoutes } from '@turnpike/features/entitlements/entitlements.routes.js';
import { createEntitlementsService } from '@turnpike/features/entitlements/entitlements.service.js';
import type { HealthService } from '@turnpike/features/operations/health.service.js';
import type { QueuesService } from '@turnpike/features/operations/queues.service.js';
import { createSalesReader } from '@turnpike/features/packages/package-sales.js';
import { packageRoutes } from '@turnpike/features/packages/packages.routes.js';
import { createPackagesService } from '@turnpike/features/packages/packages.service.js';
import { endSessions } from '@turnpike/features/sessions/session-ender.js';
import { announceNasChange } from '@turnpike/features/nas/nas-directory.js';
import { createSecretRotation } from '@turnpike/features/nas/secret-rotation.js';
import { createBulkActions } from '@turnpike/features/provisioning/bulk-actions.js';
import { createProvisioningService } from '@turnpike/features/provisioning/provisioning.service.js';
import { provisioningRoutes } from '@turnpike/features/provisioning/provisioning.routes.js';
import { createRemoteReads } from '@turnpike/features/routers/remote-reads.js';
import { createRoutersService, ROUTERS_CACHE_TAG } from '@turnpike/features/routers/routers.service.js';
import { routerRoutes } from '@turnpike/features/routers/routers.routes.js';
import { createCustomerUsage } from '@turnpike/features/sessions/customer-usage.js';
import { sessionRoutes } from '@turnpike/features/sessions/sessions.routes.js';
import { createSessionsService } from '@turnpike/features/sessions/sessions.service.js';
import { createVoucherCodes } from '@turnpike/features/vouchers/voucher-code.js';
import type { SettingsReader } from '@turnpike/features/settings/settings-reader.js';
import type { QueueInspector } from '@turnpike/queue/inspector.js';
import type { Requester } from '@turnpike/queue/requester.js';
import type { Cache } from '@turnpike/runtime/cache.js';
import type { RouteBinding } from '@turnpike/runtime/http/route.js';
import type { LiveBus } from '@turnpike/runtime/live-bus.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import type { Metrics } from '@turnpike/runtime/metrics.js';
import type { Tracing } from '@turnpike/runtime/tracing/tracing.js';
import type { ApiConfig } from './config.js';
import { customerFeatures } from './customer-features.js';
import { moneyFeatures } from './money-features.js';
import { operatorFeatures } from './operator-features.js';
import { portalFeatures } from './portal-features.js';
import { paymentFeatures } from './payment-features.js';
import { reportFeatures } from './report-features.js';
import { settingsFeatures } from './settings-features.js';
import type { Stores } from './stores.js';
import { voucherFeatures } from './voucher-features.js';
import { watchFeatures } from './watch-features.js';

export interface FeatureDeps {
  readonly config: ApiConfig;
  readonly stores: Stores;
  readonly secretBox: SecretBox;
  readonly settings: SettingsReader;
  readonly cache: Cache;
  readonly live: LiveBus;
  readonly health: HealthService;
  /** Asks a worker, the only kind of process that talks to routers. */
  readonly requester: Requester;
  readonly queues: QueuesService;
  readonly inspector: QueueInspector;
  /** Tells the outbox relay that there is work. */
  readonly wake: () => void;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly prefix: string;
}

/** What the API serves: endpoints, and the portal's pages beside them. */
export interface Features {
  readonly bindings: RouteBinding[];
  readonly portal: ReturnType<typeof portalFeatures>;
}

/** Every feature with its HTTP side: its service made and its routes bound. */
export function featureRoutes(deps: FeatureDeps): Features {
  const { bindings, portal } = salesSide(deps);
  const { stores, ...rest } = deps;
  const { database, counters } = stores;
  const { routes, namesOf } = operatorFeatures({ ...rest, database, counters, pepper: deps.config.TOKEN_PEPPER });
  const settings = settingsFeatures({ ...deps, namesOf });
  return {
    bindings: [
      ...routes,
      ...settings,
      ...watchFeatures(deps),
      ...reportFeatures(deps),
      ...routerSide(deps),
      ...bindings,
    ],
    portal,
  };
}

function routerSide({ config, stores, secretBox, cache, live, requester, wake, clock, prefix }: FeatureDeps) {
  const { db, transact } = stores.database;
  const reads = createRemoteReads({ requester });
  const announce = () => announceNasChange(stores.durable, `${prefix}nas-changed`);
  const routerChanged = () => cache.invalidateTags([ROUTERS_CACHE_TAG]);
  const routers = createRoutersService({
    db,
    transact,
    cache,
    secretBox,
    publicUrl: config.publicUrl,
    clock,
    wake,
    announceNasChange: announce,
  });
  const provisioning = createProvisioningService({
    db,
    transact,
    planner: reads,
    clock,
    wake,
    publish: (event) => void live.publish(event),
    routerChanged,
  });
  const bulk = createBulkActions({ db, provisioning, reads });
  const rotation = createSecretRotation({
    transact,
    secretBox,
    clock,
    redeploy: provisioning.redeploy,
    radiusAddress: config.RADIUS_ADVERTISED_ADDRESS,
    announceNasChange: announce,
    routerChanged,
  });
  return [...routerRoutes({ routers, reads, rotation }), ...provisioningRoutes({ service: provisioning, bulk })];
}

function salesSide(deps: FeatureDeps): Features {
  const { config, settings, stores, secretBox, cache, live, wake, clock, prefix } = deps;
  const { db, transact } = stores.database;
  const radiusPolicy = { interimSeconds: config.RADIUS_INTERIM_SECONDS, idleSeconds: config.RADIUS_IDLE_SECONDS };
  const packages = createPackagesService({ db, transact, cache, radiusPolicy });
  const customers = createCustomersService({ db, transact, secretBox, endSessions, wake });
  const mostDevices = config.CUSTOMER_DEVICES;
  const devices = createDevicesService({ db, transact, customers, endSessions, wake, mostDevices });
  const codes = createVoucherCodes(config.ENCRYPTION_KEYS.map((key) => key.reveal()));
  const entitlements = createEntitlementsService({ db, transact, customers, packages, endSessions, wake, clock });
  const ofPayments = paymentFeatures({ ...deps, packages, customers, entitlements });
  const { vouchers, ...ofVouchers } = voucherFeatures({ ...deps, packages, entitlements, codes });
  const sessions = createSessionsService({ db, transact, endSessions, live, wake, clock });
  const usernameOfCode = (text: string): string | undefined => {
    const code = codes.parse(text);
    return code === undefined ? undefined : codes.usernameOf(code);
  };
  const access = createAccessService({
    db,
    customers,
    sessions,
    readHolders: createHolderReader({ redis: stores.durable, prefix }),
    decisions: createDecisionReader({ redis: stores.durable, hashName: strangerHash(secretBox), prefix }),
    usernameOfCode,
    clock,
  });
  const { purchases } = ofPayments;
  const portal = portalFeatures({ ...deps, purchases, vouchers: ofVouchers.portalVouchers, devices });
  const bindings = [
    ...packageRoutes({ packages, sales: createSalesReader({ db, cache, clock }) }),
    ...customerFeatures({ settings, database: stores.database, secretBox, customers, devices, codes, wake, clock }),
    ...entitlementRoutes({ entitlements }),
    ...ofVouchers.routes,
    ...ofPayments.routes,
    ...sessionRoutes({
      sessions,
      usage: createCustomerUsage({ db, clock, timeZone: () => settings.branding().timeZone }),
    }),
    ...accessRoutes({ access }),
    ...moneyFeatures({ database: stores.database, customers, packages, vouchers, publicUrl: config.publicUrl }),
    ...portal.routes,
  ];
  return { bindings, portal };
}
