import { z } from 'zod';
import { instant } from './common.js';
import { endpoint } from './endpoint.js';

export const dashboardStats = z.object({
  routers: z.object({
    total: z.number().int(),
    online: z.number().int(),
    offline: z.number().int(),
    pending: z.number().int(),
  }),
  sessions: z.object({ open: z.number().int(), stale: z.number().int() }),
  customers: z.number().int(),
  activeEntitlements: z.number().int(),
  /** Bytes of sessions that started today (UTC), both directions. */
  octetsToday: z.string(),
  /** Paid and not refunded, minor units, by currency; days, weeks (from Monday), months and years of Nairobi. */
  revenue: z.array(
    z.object({
      currency: z.string(),
      todayMinor: z.number().int(),
      weekMinor: z.number().int(),
      monthMinor: z.number().int(),
      yearMinor: z.number().int(),
    }),
  ),
  at: instant,
});
export type DashboardStats = z.infer<typeof dashboardStats>;

export const getDashboardStats = endpoint({
  method: 'get',
  path: '/dashboard/stats',
  tag: 'dashboard',
  summary: 'Counts for the front page; at most 2 seconds old',
  allow: 'dashboard:read',
  response: dashboardStats,
});
