import { SecretBox } from '@turnpike/core/secret-box.js';
import { packageBody, type PackageView } from '@turnpike/contracts/packages.js';
import { createCache, type Cache } from '@turnpike/runtime/cache.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { createMetrics } from '@turnpike/runtime/metrics.js';
import { createSteerableClock } from '@turnpike/testkit/steerable-clock.js';
import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { openTestRedis } from '@turnpike/testkit/test-redis.js';
import { createCustomersService } from '../customers/customers.service.js';
import { createDevicesService } from '../customers/devices.service.js';
import { createPackagesService } from '../packages/packages.service.js';
import { endSessions } from '../sessions/session-ender.js';
import { createVoucherCodes } from '../vouchers/voucher-code.js';
import { createVoucherRedemption } from '../vouchers/voucher-redemption.js';
import { createVouchersService } from '../vouchers/vouchers.service.js';
import { createEntitlementsService } from './entitlements.service.js';

export type Shop = Awaited<ReturnType<typeof openShop>>;

export const byOperator = { actor: 'operator-1', requestId: 'request-1' };

/** Everything that sells, over real stores, with a clock that stands still until it is moved. */
export async function openShop() {
  const [postgres, redis] = await Promise.all([openTestDatabase({ maxConnections: 10 }), openTestRedis('cache')]);
  const { db, transact } = postgres.database;
  const clock = createSteerableClock(new Date('2026-03-01T12:00:00.000Z'));
  const keys = ['5a'.repeat(32)];
  const secretBox = new SecretBox(keys);
  const caches: Cache[] = [];
  const wakes = { count: 0 };
  const wake = (): void => {
    wakes.count += 1;
  };
  const newCache = async (): Promise<Cache> => {
    const cache = createCache({
      redisUrl: redis.url,
      prefix: redis.prefix,
      metrics: createMetrics({ role: 'test', instance: 'test' }),
      logger: createLogger({ level: 'silent', role: 'test', instance: 'test' }),
    });
    caches.push(cache);
    await cache.started();
    return cache;
  };
  const packages = createPackagesService({ db, transact, cache: await newCache() });
  const customers = createCustomersService({ db, transact, secretBox, endSessions, wake });
  const newEntitlements = () =>
    createEntitlementsService({ db, transact, customers, packages, endSessions, wake, clock });
  /** `now`: the encryption keys of the process, the current one first. */
  const vouchersUnder = (now: readonly string[]) => {
    const codes = createVoucherCodes(now);
    const redemption = createVoucherRedemption({ db, transact, secretBox, codes, clock, wake });
    const deps = { db, transact, packages, entitlements: newEntitlements(), redemption, codes, clock, wake };
    return { codes, vouchers: createVouchersService(deps), redemption };
  };
  let made = 0;
  return {
    db,
    transact,
    clock,
    secretBox,
    wakes,
    packages,
    customers,
    devices: createDevicesService({ db, transact, customers, endSessions, wake }),
    entitlements: newEntitlements(),
    ...vouchersUnder(keys),
    keys,
    vouchersUnder,
    /** As another process would have them. */
    newPackages: async () => createPackagesService({ db, transact, cache: await newCache() }),
    newEntitlements,
    /** A package of one hour; `changes` in the words of the API. */
    newPackage: (changes: Record<string, unknown> = {}): Promise<PackageView> => {
      made += 1;
      const body = packageBody.parse({ ...oneHour, name: `Package ${made}`, ...changes });
      return packages.create(body, byOperator);
    },
    newCustomer: async (): Promise<string> => {
      made += 1;
      return (await customers.create({ username: `customer-${made}` }, byOperator)).row.id;
    },
    openSession: (input: OpenSession) => openSession(postgres, input),
    /** A router by its name; gives its id. */
    newRouter: (name: string) => newRouter(postgres, name),
    /** Payloads of the waiting jobs of one name, oldest first. */
    jobs: async (job: string) => {
      const rows = await db.outboxMessage.findMany({ where: { job }, orderBy: { id: 'asc' } });
      return rows.map((row) => row.payload);
    },
    forgetJobs: () => db.outboxMessage.deleteMany(),
    close: async () => {
      await Promise.all(caches.map((cache) => cache.close()));
      await Promise.all([postgres.drop(), redis.close()]);
    },
  };
}

const oneHour = {
  type: 'hotspot',
  priceMinor: 1_000,
  currency: 'KES',
  validForSeconds: 3_600,
  downKbps: 5_000,
  upKbps: 2_000,
};

let sessions = 0;

interface OpenSession {
  readonly customerId: string;
  readonly entitlementId?: string;
  readonly callingStationId?: string;
  readonly username?: string;
}

/** An open session at a router of its own; gives its id. */
async function openSession(postgres: TestDatabase, input: OpenSession): Promise<string> {
  sessions += 1;
  const startedAt = new Date('2026-03-01T12:00:00.000Z');
  const session = await postgres.database.db.session.create({
    data: {
      key: `session-${sessions}`,
      acctSessionId: `8000000${sessions}`,
      routerId: await newRouter(postgres, `NAS ${sessions}`),
      username: 'somebody',
      startedAt,
      lastSeenAt: startedAt,
      ...input,
    },
  });
  return session.id;
}

async function newRouter({ database: { db } }: TestDatabase, name: string): Promise<string> {
  const login = { apiPort: 8728, apiUsername: 'x', apiPassword: 'x', radiusSecret: 'x' };
  return (await db.router.create({ data: { name, ...login }, select: { id: true } })).id;
}
