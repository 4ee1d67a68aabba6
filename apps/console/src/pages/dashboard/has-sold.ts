import type { DashboardStats } from '@turnpike/contracts/dashboard.js';

/** Whether anything was ever sold, as far as the front page's figures tell. */
export function hasSold({
  revenue,
  activeEntitlements,
}: Pick<DashboardStats, 'revenue' | 'activeEntitlements'>): boolean {
  return (activeEntitlements ?? 0) > 0 || revenue.some(({ yearMinor }) => yearMinor > 0);
}
