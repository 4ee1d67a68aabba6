import type { DashboardStats } from '@turnpike/contracts/dashboard.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { Db } from '@turnpike/db/database.js';
import type { Cache } from '@turnpike/runtime/cache.js';
import { readDashboardCounts, readRevenue } from './dashboard.store.js';

export interface DashboardService {
  stats(): Promise<DashboardStats>;
}

/** The counts change with every login, so they are cached by age alone. */
const TTL_MS = 2_000;
/** Sums of money go through the payments of a year: they may be older. */
const REVENUE_TTL_MS = 15_000;
const TIME_ZONE = 'Africa/Nairobi';

export function createDashboardService({ db, cache, clock }: { db: Db; cache: Cache; clock: Clock }): DashboardService {
  return {
    stats: () => cache.getOrSet('dashboard:stats', { ttlMs: TTL_MS, tags: ['dashboard'] }, read),
  };

  async function read(): Promise<DashboardStats> {
    const now = clock.now();
    const counts = await readDashboardCounts(db, now, new Date(`${now.toISOString().slice(0, 10)}T00:00:00Z`));
    const revenue = await cache.getOrSet(
      'dashboard:revenue',
      { ttlMs: REVENUE_TTL_MS, tags: ['dashboard'] },
      readMoney,
    );
    return {
      routers: {
        total: counts.routersOnline + counts.routersOffline + counts.routersPending,
        online: counts.routersOnline,
        offline: counts.routersOffline,
        pending: counts.routersPending,
      },
      sessions: { open: counts.sessionsOpen, stale: counts.sessionsStale },
      customers: counts.customers,
      activeEntitlements: counts.activeEntitlements,
      octetsToday: counts.octetsToday.toString(),
      revenue,
      at: now.toISOString(),
    };
  }

  async function readMoney(): Promise<DashboardStats['revenue']> {
    const rows = await readRevenue(db, clock.now(), TIME_ZONE);
    return rows.map(({ currency, today, week, month, year }) => ({
      currency,
      todayMinor: Number(today),
      weekMinor: Number(week),
      monthMinor: Number(month),
      yearMinor: Number(year),
    }));
  }
}
