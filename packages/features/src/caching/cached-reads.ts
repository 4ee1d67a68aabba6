/**
 * Everything that is cached, in one table: how long an answer may be given again, ms, when nobody has said before that it is out
 * of date. What writes change is told by tag and gone at once; the times are for what changes by itself.
 */
export const CACHED_MS = {
  packages: 30_000,
  portalPackages: 10_000,
  /** Reachability is written by pollers, which tell of it; what is left is the age of readings. */
  routers: 5_000,
  /** Counts that change with every login. */
  dashboardLive: 2_000,
  dashboardRecent: 5_000,
  dashboardSums: 15_000,
  dashboardPeople: 60_000,
  dashboardSeries: 30_000,
} as const;
