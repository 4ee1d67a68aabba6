import { AppError, messageOf, type AppErrorCode } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { Db } from '@turnpike/db/database.js';
import type { Prisma } from '@turnpike/db/generated/client.js';
import type { Cache } from '@turnpike/runtime/cache.js';
import type { LiveBus } from '@turnpike/runtime/live-bus.js';
import { RosError } from '@turnpike/routeros/ros-error.js';
import { readBoardFacts, type BoardFacts } from './board-facts.js';
import { MAX_LOGIN_FAILURES } from './router-dialer.js';
import { loadColumns } from './router-load.js';
import type { RouterSessionPool } from './router-session-pool.js';
import { findRouterRow, listPollableRouterIds, storeContact, type RouterRow } from './router.store.js';
import { routerStatusView } from './router.view.js';
import { ROUTERS_CACHE_TAG } from './routers.service.js';

const FAULTS: ReadonlySet<AppErrorCode> = new Set<AppErrorCode>([
  'router_unreachable',
  'router_login_failed',
  'router_not_allowed',
]);

/** `left-alone`: it has no address, was changed meanwhile, or has refused our login. */
export type ProbeOutcome = 'reached' | 'unreachable' | 'left-alone';

export interface RouterMonitor {
  /** Contacts one router and stores what it learned. Changes reachability only, never the deployment state. */
  probe(routerId: string, signal: AbortSignal): Promise<ProbeOutcome>;
  /** Ids of the routers to be probed in this round. */
  due(): Promise<string[]>;
}

export interface RouterMonitorDeps {
  readonly db: Db;
  readonly pool: RouterSessionPool;
  readonly cache: Cache;
  readonly live: LiveBus;
  readonly clock: Clock;
  /** A reading was stored, with nothing new in it but figures. */
  readonly readingStored: () => void;
}

export function createRouterMonitor({ db, pool, cache, live, clock, readingStored }: RouterMonitorDeps): RouterMonitor {
  return {
    due: () => listPollableRouterIds(db, MAX_LOGIN_FAILURES),

    probe: async (routerId, signal) => {
      const before = await findRouterRow(db, routerId);
      if (before === null || before.address === null || before.loginFailures >= MAX_LOGIN_FAILURES) return 'left-alone';
      const after = await storeContact(db, before, await outcome(before, signal));
      if (after !== undefined && isWorthTelling(before, after)) {
        await cache.invalidateTags([ROUTERS_CACHE_TAG]);
        await live.publish({ type: 'router-status', routerId, status: routerStatusView(after) });
      } else if (after?.lastError === null) {
        readingStored();
      }
      if (after === undefined || after.loginFailures > before.loginFailures) return 'left-alone';
      return after.lastError === null ? 'reached' : 'unreachable';
    },
  };

  async function outcome(row: RouterRow, signal: AbortSignal): Promise<Prisma.RouterUncheckedUpdateManyInput> {
    const checkedAt = clock.now();
    try {
      const facts = await pool.use(row, signal, (session) => readBoardFacts(session, signal));
      return { ...reached(facts), ...loadColumns(facts, checkedAt), lastSeenAt: checkedAt, lastCheckedAt: checkedAt };
    } catch (error) {
      if (signal.aborted || !isFaultOfRouter(error)) throw error;
      const refused = error instanceof AppError && error.code === 'router_login_failed';
      return {
        status: statusWhenUnreachable[row.status],
        lastCheckedAt: checkedAt,
        lastError: messageOf(error),
        ...(refused ? { loginFailures: { increment: 1 } } : {}),
      };
    }
  }
}

/** A router that was never seen stays pending, whatever the reason; `lastError` tells it. */
const statusWhenUnreachable = { pending: 'pending', online: 'offline', offline: 'offline' } as const;

/** Our own database or keys failing says nothing about the router. */
function isFaultOfRouter(error: unknown): boolean {
  if (error instanceof RosError) return error.kind !== 'aborted' && error.kind !== 'usage';
  return error instanceof AppError && FAULTS.has(error.code);
}

function reached(facts: BoardFacts): Prisma.RouterUncheckedUpdateManyInput {
  return {
    status: 'online',
    lastError: null,
    loginFailures: 0,
    version: facts.version,
    model: facts.model,
    serial: facts.serial,
    identity: facts.identity,
    nasIdentifier: facts.identity,
  };
}

function isWorthTelling(before: RouterRow, after: RouterRow): boolean {
  return (
    before.status !== after.status ||
    before.version !== after.version ||
    before.model !== after.model ||
    before.identity !== after.identity ||
    before.lastError !== after.lastError
  );
}
