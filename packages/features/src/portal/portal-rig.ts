import type { PortalPurchaseView } from '@turnpike/contracts/portal.js';
import type { Db } from '@turnpike/db/database.js';
import type { AppError } from '@turnpike/core/app-error.js';
import { systemClock } from '@turnpike/core/clock.js';
import { SecretBox } from '@turnpike/core/secret-box.js';
import type { Prisma } from '@turnpike/db/generated/client.js';
import { createApiRouter } from '@turnpike/runtime/http/api-router.js';
import { createErrorHandler } from '@turnpike/runtime/http/error-handler.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { createMetrics } from '@turnpike/runtime/metrics.js';
import { accessRows, TEST_KEY, type AccessRows } from '@turnpike/testkit/access-rows.js';
import { openExpressApp } from '@turnpike/testkit/express-app.js';
import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { openTestRedis } from '@turnpike/testkit/test-redis.js';
import { createCustomersService } from '../customers/customers.service.js';
import { createDevicesService } from '../customers/devices.service.js';
import { createIdempotencyStore } from '../idempotency/idempotency.store.js';
import { endSessions } from '../sessions/session-ender.js';
import type { Purchases, PurchaseStart } from '../payments/purchases.js';
import { purchaseStatus } from '../payments/purchase-words.js';
import type { PortalRedemption, PortalVouchers } from '../vouchers/portal-vouchers.js';
import { captiveApi } from './captive-api.routes.js';
import type { PortalConfig } from './portal-config.js';
import { createPortalKeys } from './portal-keys.js';
import { createPortalLimits } from './portal-limits.js';
import { portalPages } from './portal-pages.routes.js';
import { portalRoutes } from './portal.routes.js';
import { createPortalService } from './portal.service.js';

/** Purchases in memory, moved by the test: pages are about what they show, not about how money moves. */
export interface ScriptedPurchases extends Purchases {
  readonly started: PurchaseStart[];
  /** Thrown by the next start. */
  refuseWith(error: AppError): void;
  settle(reference: string, change: Partial<PortalPurchaseView>): void;
  /** Known by receipt and phone from now on. */
  receipt(receipt: string, msisdn: string, reference: string): void;
}

export interface PortalRig {
  readonly postgres: TestDatabase;
  readonly rows: AccessRows;
  readonly purchases: ScriptedPurchases;
  /** What a code becomes. */
  readonly codes: Map<string, PortalRedemption>;
  /** Without a slash at the end. */
  readonly url: string;
  hotspotPackage(name: string, more?: Partial<Prisma.PackageUncheckedCreateInput>): Promise<string>;
  close(): Promise<void>;
}

export async function openPortalRig(changes: Partial<PortalConfig> = {}): Promise<PortalRig> {
  const [postgres, durable] = await Promise.all([openTestDatabase(), openTestRedis('durable')]);
  const { db, transact } = postgres.database;
  const { app, url, close } = await openExpressApp();
  const secretBox = new SecretBox([TEST_KEY]);
  const logger = createLogger({ level: 'silent', role: 'test', instance: '0' });
  const limits = createPortalLimits({ redis: durable.redis, prefix: durable.prefix });
  const purchases = scriptedPurchases(db);
  const codes = new Map<string, PortalRedemption>();
  const wake = (): void => undefined;
  const customers = createCustomersService({ db, transact, secretBox, endSessions, wake });
  const vouchers: PortalVouchers = {
    redeem: (code) => Promise.resolve(codes.get(code.toUpperCase()) ?? { kind: 'unknown' }),
  };
  const portal = createPortalService({
    db,
    transact,
    cache: { getOrSet: async (_key, _options, load) => load() },
    purchases,
    devices: createDevicesService({ db, transact, customers, endSessions, wake }),
    endSessions,
    wake,
    limits,
    secretBox,
    clock: systemClock,
  });
  const keys = createPortalKeys([TEST_KEY]);
  const config: PortalConfig = {
    name: 'Mama Njeri WiFi',
    color: '#0b6b57',
    contact: 'Call 0700 000 000.',
    timeZone: 'Africa/Nairobi',
    publicUrl: url,
    allowLoopback: true,
    ...changes,
  };
  const deps = { portal, purchases, vouchers, limits, keys, clock: systemClock, config, secretBox };
  const isUnavailable = (): boolean => false;
  app.use('/portal', portalPages({ ...deps, logger, isUnavailable }));
  app.use('/captive-portal/api', captiveApi(deps));
  app.use(
    '/api/v1',
    createApiRouter({
      bindings: portalRoutes(deps),
      authenticate: () => Promise.resolve(undefined),
      idempotency: createIdempotencyStore({ db, clock: systemClock, secretBox }),
      secretBox,
      metrics: createMetrics({ role: 'test', instance: '0', processMetrics: false }),
      logger,
      clock: systemClock,
    }),
  );
  app.use(createErrorHandler({ logger, isUnavailable }));
  return {
    postgres,
    rows: accessRows(db),
    purchases,
    codes,
    url,
    hotspotPackage: async (name, more = {}) => {
      const terms = { priceMinor: 5_000, validForSeconds: 86_400, downKbps: 5_000, upKbps: 1_000 };
      const data = { name, type: 'hotspot' as const, currency: 'KES', ...terms, ...more };
      return (await db.package.create({ data })).id;
    },
    close: async () => {
      await close();
      await Promise.all([postgres.drop(), durable.close()]);
    },
  };
}

function scriptedPurchases(db: Db): ScriptedPurchases {
  const known = new Map<string, PortalPurchaseView>();
  const receipts = new Map<string, string>();
  const started: PurchaseStart[] = [];
  let refusal: AppError | undefined;
  return {
    started,
    refuseWith: (error) => {
      refusal = error;
    },
    settle: (reference, change) => {
      const purchase = known.get(reference);
      if (purchase === undefined) throw new Error(`no purchase ${reference}`);
      known.set(reference, { ...purchase, ...change });
    },
    receipt: (receipt, msisdn, reference) => void receipts.set(`${receipt} ${msisdn}`, reference),
    start: (purchase) => {
      const error = refusal;
      refusal = undefined;
      if (error !== undefined) return Promise.reject(error);
      started.push(purchase);
      const reference = `reference-${String(started.length).padStart(12, '0')}`;
      const message = { en: 'Look at your phone.', sw: 'Angalia simu yako.' };
      const about = { packageName: 'Day', amountMinor: 5_000, currency: 'KES' };
      known.set(reference, { reference, status: 'waiting', message, ...about });
      return Promise.resolve({ reference, status: 'waiting' });
    },
    byReference: (reference) => Promise.resolve(known.get(reference)),
    owner: async (reference) => {
      const row = await db.payment.findUnique({ where: { reference } });
      if (row === null) return undefined;
      const { customerId, packageId } = row;
      return { status: purchaseStatus(row), customerId: customerId ?? undefined, packageId: packageId ?? undefined };
    },
    findByReceipt: (receipt, msisdn) => {
      const reference = receipts.get(`${receipt} ${msisdn}`);
      return Promise.resolve(reference === undefined ? undefined : known.get(reference));
    },
  };
}
