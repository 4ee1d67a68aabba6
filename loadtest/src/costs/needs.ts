import { type Costs, ofRoles, ROLES, type CpuOfRoles, sumOf, type Thing, THING_NAMES } from './unit-costs.js';

/** What people do in the busiest hour, and what a day is beside it. */
export interface Assumptions {
  /** Of all users, in the busiest hour. */
  readonly onlineShare: number;
  /** Of somebody who is online: how often the device logs in anew in an hour. */
  readonly loginsPerOnlineHour: number;
  /** API requests of somebody who is online, through portal and console. */
  readonly requestsPerOnlineMinute: number;
  /** Of those, how many are answered from the cache. */
  readonly cachedShare: number;
  readonly purchasesPerUserDay: number;
  /** Of a day's purchases, how many are made in the busiest hour. */
  readonly purchasesInBusyHour: number;
  readonly usersPerRouter: number;
  /** Deploys of each router in a month. */
  readonly deploysPerRouterMonth: number;
  /** Mean of a day against its busiest hour, for everything but purchases. */
  readonly meanOfDay: number;
  /** Of a core, how much may be used: the rest is for what comes all at once. */
  readonly coreUse: number;
}

export const ASSUMPTIONS: Assumptions = {
  onlineShare: 0.1,
  loginsPerOnlineHour: 1,
  requestsPerOnlineMinute: 2,
  cachedShare: 0.8,
  purchasesPerUserDay: 0.2,
  purchasesInBusyHour: 0.15,
  usersPerRouter: 200,
  deploysPerRouterMonth: 2,
  meanOfDay: 0.5,
  coreUse: 0.6,
};

export const USERS = [1_000, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000] as const;

export interface Needs {
  readonly users: number;
  readonly online: number;
  /** In the busiest hour, a second. */
  readonly rates: Readonly<Record<Thing, number>>;
  readonly cores: number;
  readonly coresOfRoles: CpuOfRoles;
  readonly diskBytesPerDay: number;
  readonly diskBytesPerMonth: number;
  readonly networkBitsPerSecond: number;
}

const HOUR = 3_600;
const DAY = 86_400;
const MONTH_DAYS = 30;

/** Each rate times what one costs, plus what runs anyway. */
export function needsOf(users: number, costs: Costs, interimSeconds: number, assumed = ASSUMPTIONS): Needs {
  const online = users * assumed.onlineShare;
  const reads = (online * assumed.requestsPerOnlineMinute) / 60;
  const rates: Record<Thing, number> = {
    login: (online * assumed.loginsPerOnlineHour) / HOUR,
    interim: online / interimSeconds,
    cachedRead: reads * assumed.cachedShare,
    uncachedRead: reads * (1 - assumed.cachedShare),
    purchase: (users * assumed.purchasesPerUserDay * assumed.purchasesInBusyHour) / HOUR,
    router: ((users / assumed.usersPerRouter) * assumed.deploysPerRouterMonth) / (MONTH_DAYS * DAY),
  };
  const sum = (value: (thing: Thing) => number): number => THING_NAMES.reduce((all, thing) => all + value(thing), 0);
  const coresOfRoles = ofRoles((role) => {
    const busy = sum((thing) => rates[thing] * costs.of[thing].cpu[role]);
    return (costs.idle[role] + busy) / assumed.coreUse;
  });
  const perDay = (thing: Thing): number =>
    thing === 'purchase' ? users * assumed.purchasesPerUserDay : rates[thing] * DAY * assumed.meanOfDay;
  const diskBytesPerDay = sum((thing) => perDay(thing) * costs.of[thing].diskBytes);
  return {
    users,
    online,
    rates,
    cores: sumOf(coresOfRoles),
    coresOfRoles,
    diskBytesPerDay,
    diskBytesPerMonth: diskBytesPerDay * MONTH_DAYS,
    networkBitsPerSecond: sum((thing) => rates[thing] * costs.of[thing].networkBytes * 8),
  };
}

/** Every assumption, in words. */
export function assumptionLines(interimSeconds: number, assumed = ASSUMPTIONS): string[] {
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  return [
    `${percent(assumed.onlineShare)} of all users are online in the busiest hour`,
    `a router reports each of them every ${interimSeconds} s (RADIUS_INTERIM_SECONDS)`,
    `each logs in ${assumed.loginsPerOnlineHour} time an hour and makes ${assumed.requestsPerOnlineMinute} API requests a minute, ${percent(assumed.cachedShare)} of them cached`,
    `each user buys ${assumed.purchasesPerUserDay} times a day, ${percent(assumed.purchasesInBusyHour)} of them in the busiest hour`,
    `one router for ${assumed.usersPerRouter} users, deployed ${assumed.deploysPerRouterMonth} times a month`,
    `a day has ${percent(assumed.meanOfDay)} of what 24 of its busiest hours would have`,
    `cores are used to ${percent(assumed.coreUse)}, and no more is asked of a larger machine than of the measured one`,
  ];
}

/** The role that needs most, for a table. */
export function largestRole({ coresOfRoles }: Needs): { readonly role: string; readonly cores: number } {
  const [first] = ROLES.toSorted((one, other) => coresOfRoles[other] - coresOfRoles[one]);
  return { role: first ?? '', cores: first === undefined ? 0 : coresOfRoles[first] };
}
