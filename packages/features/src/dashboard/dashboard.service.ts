import type { DashboardSeries, DashboardStats } from '@turnpike/contracts/dashboard.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { Db } from '@turnpike/db/database.js';
import type { Cache } from '@turnpike/runtime/cache.js';
import { CACHED_MS } from '../caching/cached-reads.js';
import { daysOf, type RevenueOfDay } from './daily-figures.store.js';
import { readDailyFigures } from './daily-figures.js';
import { countPayments, countPeople, readLiveCounts, sumOctetsSince, type Sites } from './dashboard.store.js';
import { addDays, localDay, periodStarts, startOfDay } from './local-day.js';
import { readRecent } from './recent.js';

/** What the processes say of themselves; see process-rates.ts. */
export interface Rates {
  readonly tps: number | null;
  readonly cacheHitRate: number | null;
}

export interface DashboardService {
  /** `sites`: of an operator of some sites; null: everything. */
  stats(sites: Sites): Promise<DashboardStats>;
  /** The last `days` days, today included. */
  series(days: number): Promise<DashboardSeries>;
}

interface Deps {
  readonly db: Db;
  readonly cache: Cache;
  readonly clock: Clock;
  /** IANA name as set up now: days of money begin by its clock. */
  readonly timeZone: () => string;
  /** Age of the job that has waited longest, seconds; null: none waits. */
  readonly oldestJobSeconds: () => Promise<number | null>;
  readonly rates: () => Promise<Rates>;
}

/** The counts change with every login, so they are cached by age alone; what reads more rows may be older. */
const TAGS = ['dashboard'];

export function createDashboardService(deps: Deps): DashboardService {
  const { db, cache, clock } = deps;
  const cached = <Value>(key: string, ttlMs: number, load: () => Promise<Value>): Promise<Value> =>
    cache.getOrSet(`dashboard:${key}`, { ttlMs, tags: TAGS }, load);

  async function readStats(sites: Sites): Promise<DashboardStats> {
    const key = keyOf(sites);
    const [counts, octetsToday, recent, system, rates] = await Promise.all([
      readLiveCounts(db, sites),
      cached(`octets:${key}`, CACHED_MS.dashboardSums, () => readOctets(sites)),
      cached(`recent:${key}`, CACHED_MS.dashboardRecent, () => readRecent(db, sites)),
      sites === null ? readSystem() : NOTHING_OF_THE_SYSTEM,
      deps.rates(),
    ]);
    const { routersOnline: online, routersOffline: offline, routersPending: pending } = counts;
    return {
      routers: { total: online + offline + pending, online, offline, pending },
      sessions: {
        open: counts.sessionsOpen,
        stale: counts.sessionsStale,
        hotspot: counts.sessionsHotspot,
        pppoe: counts.sessionsPppoe,
      },
      octetsToday,
      ...system,
      ...rates,
      recent,
      timeZone: deps.timeZone(),
      at: clock.now().toISOString(),
    };
  }

  /** The numbers of the whole system. */
  async function readSystem(): Promise<OfTheSystem> {
    const [people, money, oldestJobSeconds] = await Promise.all([
      cached('people', CACHED_MS.dashboardPeople, () => countPeople(db, clock.now())),
      cached('money', CACHED_MS.dashboardSums, readMoney),
      deps.oldestJobSeconds(),
    ]);
    return { ...people, ...money, oldestJobSeconds };
  }

  async function readOctets(sites: Sites): Promise<string> {
    const dayStart = new Date(`${clock.now().toISOString().slice(0, 10)}T00:00:00Z`);
    return (await sumOctetsSince(db, dayStart, sites)).toString();
  }

  async function readMoney() {
    const timeZone = deps.timeZone();
    const today = localDay(clock.now(), timeZone);
    const { week, year } = periodStarts(today);
    const { revenue } = await readDailyFigures({ db, clock, timeZone }, week < year ? week : year, { usage: false });
    const { succeeded, failed } = await countPayments(db, startOfDay(today, timeZone));
    return { revenue: sums(revenue, today), paymentsToday: succeeded, failedPaymentsToday: failed };
  }

  async function readSeries(count: number): Promise<DashboardSeries> {
    const timeZone = deps.timeZone();
    const today = localDay(clock.now(), timeZone);
    const from = addDays(today, 1 - count);
    const { usage, revenue } = await readDailyFigures({ db, clock, timeZone }, from);
    const currency = mainCurrency(revenue);
    const paid = new Map(revenue.filter((row) => row.currency === currency).map((row) => [row.day, row]));
    const points = daysOf(from, addDays(today, 1)).map((day) => ({
      day,
      revenueMinor: Number(paid.get(day)?.revenueMinor ?? 0),
      payments: paid.get(day)?.payments ?? 0,
      users: usage.get(day)?.users ?? 0,
      octets: (usage.get(day)?.octets ?? 0n).toString(),
    }));
    return { days: count, timeZone, points, currency };
  }

  return {
    stats: (sites) => cached(`stats:${keyOf(sites)}`, CACHED_MS.dashboardLive, () => readStats(sites)),
    series: (days) => cached(`series:${days}`, CACHED_MS.dashboardSeries, () => readSeries(days)),
  };
}

type OfTheSystem = Pick<
  DashboardStats,
  'customers' | 'activeEntitlements' | 'revenue' | 'paymentsToday' | 'failedPaymentsToday' | 'oldestJobSeconds'
>;

const NOTHING_OF_THE_SYSTEM: OfTheSystem = {
  customers: null,
  activeEntitlements: null,
  revenue: [],
  paymentsToday: null,
  failedPaymentsToday: null,
  oldestJobSeconds: null,
};

const NO_MONEY_YET = 'KES';

function keyOf(sites: Sites): string {
  return sites === null ? 'all' : `of:${JSON.stringify([...sites].sort())}`;
}

function sums(revenue: readonly RevenueOfDay[], today: string): DashboardStats['revenue'] {
  const { week, month, year } = periodStarts(today);
  const currencies = [...new Set(revenue.map(({ currency }) => currency))].sort();
  return currencies.map((currency) => {
    const since = (from: string) =>
      revenue
        .filter((row) => row.currency === currency && row.day >= from)
        .reduce((sum, row) => sum + Number(row.revenueMinor), 0);
    return {
      currency,
      todayMinor: since(today),
      weekMinor: since(week),
      monthMinor: since(month),
      yearMinor: since(year),
    };
  });
}

/** The one that was paid in most often. */
function mainCurrency(revenue: readonly RevenueOfDay[]): string {
  const payments = new Map<string, number>();
  for (const row of revenue) payments.set(row.currency, (payments.get(row.currency) ?? 0) + row.payments);
  return [...payments].sort(([, one], [, other]) => other - one)[0]?.[0] ?? NO_MONEY_YET;
}
