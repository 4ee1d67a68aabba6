import { z } from 'zod';
import { instant, octets } from './common.js';
import { endpoint } from './endpoint.js';

const count = z.number().int();

/** What the newest entries of the front page lead to. */
export const recentLinks = ['router', 'customer', 'payment', 'run', 'operator'] as const;

const recentItem = z.object({
  at: instant,
  /** The action of the audit trail, or `run.` and the state a run ended in. */
  kind: z.string(),
  /** For people; phone numbers are masked in it. */
  text: z.string(),
  link: z.object({ type: z.enum(recentLinks), id: z.string() }).nullable(),
});

export const dashboardStats = z.object({
  routers: z.object({ total: count, online: count, offline: count, pending: count }),
  /** `hotspot` and `pppoe`: of the open ones, by the package they run under. */
  sessions: z.object({ open: count, stale: count, hotspot: count, pppoe: count }),
  /** At most a minute old. Null, like every other number of the whole system, for operators of some sites only. */
  customers: count.nullable(),
  activeEntitlements: count.nullable(),
  /** Bytes of sessions that started today (UTC), both directions. */
  octetsToday: z.string(),
  /** Paid and not refunded, minor units, by currency; days, weeks (from Monday), months and years of `timeZone`. */
  revenue: z.array(
    z.object({
      currency: z.string(),
      todayMinor: count,
      weekMinor: count,
      monthMinor: count,
      yearMinor: count,
    }),
  ),
  /** Payments that succeeded today, and those asked for today that failed or were never answered. */
  paymentsToday: count.nullable(),
  failedPaymentsToday: count.nullable(),
  /** Age of the job that has waited longest; null: none waits. */
  oldestJobSeconds: count.nullable(),
  /** API and RADIUS requests a second over the last 10 s, of all processes; null: no process has told. */
  tps: z.number().nullable(),
  /** Reads of the cache that found something, 0 to 1, of all processes since they began; null: none yet. */
  cacheHitRate: z.number().nullable(),
  /** The newest ten of the audit trail and of the runs on routers. */
  recent: z.array(recentItem),
  timeZone: z.string(),
  at: instant,
});
export type DashboardStats = z.infer<typeof dashboardStats>;
export type RecentItem = z.infer<typeof recentItem>;

export const getDashboardStats = endpoint({
  method: 'get',
  path: '/dashboard/stats',
  tag: 'dashboard',
  summary: 'Counts for the front page; at most 2 seconds old, sums at most 15',
  allow: 'dashboard:read',
  scope: 'site',
  response: dashboardStats,
});

/** A month begins to be drawn by days, a year too: one point a day. */
export const seriesDays = ['7', '30', '365'] as const;

export const dashboardSeries = z.object({
  days: count,
  timeZone: z.string(),
  /** Oldest first, one a day, today last and still growing. */
  points: z.array(
    z.object({
      day: z.iso.date(),
      revenueMinor: count,
      payments: count,
      /** Distinct customers who were online. */
      users: count,
      /** Both directions; of a session that ran over several days each gets its part by time. */
      octets,
    }),
  ),
  /** Of `revenueMinor` and `payments`: the one that most was paid in. */
  currency: z.string(),
});
export type DashboardSeries = z.infer<typeof dashboardSeries>;

export const getDashboardSeries = endpoint({
  method: 'get',
  path: '/dashboard/series',
  tag: 'dashboard',
  summary: 'Revenue, payments, customers online and data a day; days before today are at most 10 minutes old',
  allow: 'dashboard:read',
  query: z.strictObject({ days: z.enum(seriesDays).default('30').transform(Number) }),
  response: dashboardSeries,
});
