import type { Db } from '@turnpike/db/database.js';
import type { QueueBacklog } from '@turnpike/queue/inspector.js';
import type { AlertMemory } from './alert-memory.js';
import { ledgerDifferences } from './alert-memory.js';
import { WHOLE, type Finder, type Finders, type Finding, type Findings } from './finding.js';
import type { RefusedLogins } from './login-watch.js';
import { countWaiting, reachOfMpesa, shareOfFailed, shareOfLostSms, type Share } from './money-findings.store.js';
import {
  findOffline,
  findSilent,
  findSitesDown,
  findWrongSecret,
  type RouterFinding,
} from './router-findings.store.js';

export interface FinderDeps {
  readonly db: Db;
  /** Of every queue: since when its oldest job waits, and how many failed since then. */
  readonly backlog: (failedSince: Date) => Promise<readonly QueueBacklog[]>;
  /** Sessions that should have been over for so long and are not proven to be. */
  readonly countUnended: (overdueSeconds: number) => Promise<number>;
  /** Roles of the processes that gave a sign of life. */
  readonly liveRoles: () => Promise<readonly string[]>;
  readonly refusedLogins: () => Promise<RefusedLogins | 'none' | undefined>;
  /** The entry where the audit trail is broken; undefined: nowhere. */
  readonly brokenAuditEntry: () => Promise<string | undefined>;
  readonly memory: AlertMemory;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const WINDOW_MS = 15 * MINUTE_MS;
const LEAST_PAYMENTS = 10;
const LEAST_SMS = 5;
const WRONG_SECRET_MINUTES = 5;
const OVERDUE_SECONDS = 120;
/** No money, given up, wrong PIN: the payer's own doing. See result-codes.ts. */
const PAYERS_OWN = ['1', '1032', '2001'];

/** Each is something that a process has to do: by the names of the roles that do it, the usual one first. */
const REQUIRED_ROLES: readonly (readonly [string, ...string[]])[] = [
  ['api'],
  ['radius-auth', 'radius'],
  ['radius-acct', 'radius'],
];

/** What is looked at for each kind of alert: a few short questions of PostgreSQL and Redis. */
export function createFinders(deps: FinderDeps): Finders {
  const { db, memory } = deps;
  return {
    router_offline: async ({ now, threshold }) =>
      (await findOffline(db, now, threshold)).map(({ id, name, site, minutes }) => {
        const params = { name, ...(site === null ? {} : { site }) };
        return { subjectId: id, routerId: id, value: minutes, params };
      }),
    router_silent_radius: async ({ now, threshold }) => ofRouters(await findSilent(db, now, threshold)),
    router_wrong_secret: async ({ now }) => ofRouters(await findWrongSecret(db, now, WRONG_SECRET_MINUTES)),
    site_down: async ({ threshold }) =>
      (await findSitesDown(db, threshold)).map(({ site, routers }) => {
        return { subjectId: site, value: routers, params: { name: site } };
      }),
    payments_failing: async ({ now, threshold }) =>
      ofShare(await shareOfFailed(db, since(now, WINDOW_MS), PAYERS_OWN), LEAST_PAYMENTS, threshold),
    payments_waiting: waitingFinder(db, 'open', MINUTE_MS),
    review_waiting: waitingFinder(db, 'review', HOUR_MS),
    mpesa_unreachable: async ({ now, threshold }) => {
      const { asked, failed } = await reachOfMpesa(db, since(now, WINDOW_MS));
      return asked === 0 ? 'unknown' : atLeast(failed, threshold, {});
    },
    sms_failing: async ({ now, threshold }) =>
      ofShare(await shareOfLostSms(db, since(now, WINDOW_MS)), LEAST_SMS, threshold),
    login_failures: async ({ threshold }) => {
      const refused = await deps.refusedLogins();
      if (refused === undefined) return 'unknown';
      return refused === 'none' ? [] : atLeast(refused.perMinute, threshold, { reason: refused.reason });
    },
    session_orders_failing: async ({ threshold }) => atLeast(await deps.countUnended(OVERDUE_SECONDS), threshold, {}),
    queue_stuck: async ({ now, threshold }) =>
      (await deps.backlog(since(now, HOUR_MS))).flatMap(({ name, oldestWaitingMs }) => {
        const seconds = oldestWaitingMs === undefined ? 0 : (now.getTime() - oldestWaitingMs) / 1_000;
        return seconds < threshold ? [] : [{ subjectId: name, value: seconds, params: { name } }];
      }),
    jobs_failed: async ({ now, threshold }) =>
      (await deps.backlog(since(now, HOUR_MS))).flatMap(({ name, failed }) => {
        return failed < threshold ? [] : [{ subjectId: name, value: failed, params: { name } }];
      }),
    process_missing: async () => {
      const roles = new Set(await deps.liveRoles());
      const missing = REQUIRED_ROLES.filter((names) => !names.some((name) => roles.has(name)));
      return missing.map(([name]) => ({ subjectId: name, value: 1, params: { name } }));
    },
    ledger_unbalanced: async () => {
      const differences = await ledgerDifferences(memory);
      return differences === undefined ? 'unknown' : atLeast(differences, 1, {});
    },
    audit_chain_broken: async () => {
      const entry = await deps.brokenAuditEntry();
      return entry === undefined ? [] : [{ subjectId: WHOLE, value: 1, params: { entry } }];
    },
  };
}

function ofRouters(found: readonly RouterFinding[]): Finding[] {
  return found.map(({ id, name, minutes }) => ({ subjectId: id, routerId: id, value: minutes, params: { name } }));
}

/** Too few of them tell nothing: neither that it is bad nor that it is good again. */
function ofShare({ failed, all }: Share, least: number, threshold: number): Findings {
  if (all < least) return failed === 0 && all > 0 ? [] : 'unknown';
  return atLeast((failed / all) * 100, threshold, { failed, all });
}

function waitingFinder(db: Db, what: 'open' | 'review', unitMs: number): Finder {
  return async ({ now, threshold }) => {
    const { count, oldest } = await countWaiting(db, what);
    return oldest === null ? [] : atLeast((now.getTime() - oldest.getTime()) / unitMs, threshold, { count });
  };
}

/** Of what there is one of. */
function atLeast(value: number, threshold: number, params: Finding['params']): Finding[] {
  return value < threshold ? [] : [{ subjectId: WHOLE, value, params }];
}

function since(now: Date, spanMs: number): Date {
  return new Date(now.getTime() - spanMs);
}
