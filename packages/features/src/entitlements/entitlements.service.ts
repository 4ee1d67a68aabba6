import type { EntitlementView } from '@turnpike/contracts/customers.js';
import { AppError } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { Database, Tx } from '@turnpike/db/database.js';
import type { ChangeContext } from '@turnpike/runtime/http/change-context.js';
import { appendAudit } from '../audit/audit.store.js';
import type { CustomersService } from '../customers/customers.service.js';
import type { PackagesService } from '../packages/packages.service.js';
import { termsOf } from '../packages/sold-terms.js';
import type { SessionEnder } from '../sessions/session-ender.js';
import { endOf, LATEST_END, startEntitlement } from './entitlement-start.js';
import { illegalMove, refuseIllegalMove, stateAt } from './entitlement-states.js';
import {
  expireDue,
  findEntitlementRow,
  findRunningEntitlement,
  listEntitlementRows,
  lockEntitlement,
  updateEntitlementRow,
  type EntitlementRow,
} from './entitlement.store.js';
import { entitlementView } from './entitlement.view.js';

export interface EntitlementsService {
  list(customerId: string): Promise<EntitlementView[]>;
  /** Gives a package: extends the running entitlement of the same package, or starts a new one now. */
  grant(customerId: string, packageId: string, context: ChangeContext): Promise<EntitlementView>;
  /** Logins on it are refused and its sessions end; what is left of time and data is kept. */
  suspend(id: string, context: ChangeContext): Promise<EntitlementView>;
  /** Goes on with the time that was left when it was suspended. */
  resume(id: string, context: ChangeContext): Promise<EntitlementView>;
  /** Ends it for good; its sessions end. Moves no money. */
  refund(id: string, context: ChangeContext): Promise<EntitlementView>;
  /** Ends what is over: state, RADIUS snapshot and open sessions in one transaction. Gives how many were ended. */
  expireDue(): Promise<number>;
}

export interface EntitlementsDeps extends Pick<Database, 'db' | 'transact'> {
  readonly customers: CustomersService;
  readonly packages: PackagesService;
  readonly endSessions: SessionEnder;
  readonly wake: () => void;
  readonly clock: Clock;
}

const LIST_LIMIT = 100;
const EXPIRE_BATCH = 200;
/** What PostgreSQL counts to. */
const MAX_COUNT = 2n ** 63n - 1n;

export function createEntitlementsService(deps: EntitlementsDeps): EntitlementsService {
  const { db, customers, packages, clock } = deps;

  return {
    list: async (customerId) => {
      await customers.get(customerId);
      return (await listEntitlementRows(db, customerId, LIST_LIMIT)).map(entitlementView);
    },

    grant: async (customerId, packageId, context) => {
      const row = await deps.transact(async (tx) => {
        // Takes the customer's row lock first: two grants at once extend one after the other.
        await customers.touch(tx, customerId);
        const granted = await give(tx, customerId, packageId, context);
        await appendAudit(tx, {
          ...context,
          action: 'entitlement.grant',
          subjectType: 'customer',
          subjectId: customerId,
          details: { entitlementId: granted.id, packageId, endsAt: granted.endsAt.toISOString() },
        });
        return granted;
      });
      deps.wake();
      return entitlementView(row);
    },

    suspend: (id, context) =>
      move(id, context, {
        action: 'suspend',
        endsSessions: 'access suspended',
        change: (row, now) => ({ ...movedTo(row, 'suspended', now), suspendedAt: now }),
      }),

    resume: (id, context) =>
      move(id, context, {
        action: 'resume',
        change: (row, now) => {
          // What has not begun becomes active by its first use, not by this.
          if (row.state !== 'suspended') throw illegalMove(stateAt(row, now), 'active');
          refuseUsedUp(row);
          const keptMs = row.endsAt.getTime() + now.getTime() - (row.suspendedAt ?? now).getTime();
          return {
            ...movedTo(row, 'active', now),
            suspendedAt: null,
            endsAt: new Date(Math.min(keptMs, LATEST_END.getTime())),
          };
        },
      }),

    refund: (id, context) =>
      move(id, context, {
        action: 'refund',
        endsSessions: 'access refunded',
        change: (row, now) => ({ ...movedTo(row, 'refunded', now), suspendedAt: null }),
      }),

    expireDue: async () => {
      const ended = await deps.transact(async (tx) => {
        const rows = await expireDue(tx, clock.now(), EXPIRE_BATCH);
        await customers.touchAll(tx, [...new Set(rows.map((row) => row.customerId))]);
        const entitlementIds = rows.map((row) => row.id);
        await deps.endSessions(tx, { entitlementIds, reason: 'time is over', actor: 'system' });
        return rows.length;
      });
      if (ended > 0) deps.wake();
      return ended;
    },
  };

  async function give(tx: Tx, customerId: string, packageId: string, context: ChangeContext): Promise<EntitlementRow> {
    const sold = await packages.forSale(tx, packageId);
    const now = clock.now();
    const running = await findRunningEntitlement(tx, customerId, packageId, now);
    if (running !== null) {
      return updateEntitlementRow(tx, running.id, {
        endsAt: endOf(running.endsAt, sold.validForSeconds),
        quotaOctets: sumOf(running.quotaOctets, sold.quotaOctets, 'data'),
        onlineSeconds: sumOf(running.onlineSeconds, sold.onlineSeconds, 'time online'),
      });
    }
    return startEntitlement(tx, {
      customerId,
      packageId,
      packageName: sold.name,
      terms: termsOf(sold),
      startsAt: now,
      validForSeconds: sold.validForSeconds,
      grantedBy: context.actor,
    });
  }

  async function move(
    id: string,
    context: ChangeContext,
    { action, endsSessions, change }: Move,
  ): Promise<EntitlementView> {
    const row = await deps.transact(async (tx) => {
      const known = await existing(tx, id);
      // Customer, sessions, entitlement: locked in this order by grants and by accounting too.
      await customers.touch(tx, known.customerId);
      if (endsSessions !== undefined) {
        await deps.endSessions(tx, { entitlementId: id, reason: endsSessions, actor: context.actor });
      }
      const held = (await lockEntitlement(tx, id)) ?? known;
      const moved = await updateEntitlementRow(tx, id, change(held, clock.now()));
      await appendAudit(tx, {
        ...context,
        action: `entitlement.${action}`,
        subjectType: 'customer',
        subjectId: known.customerId,
        details: { entitlementId: id, from: held.state, to: moved.state, endsAt: moved.endsAt.toISOString() },
      });
      return moved;
    });
    deps.wake();
    return entitlementView(row);
  }
}

interface Move {
  /** For the audit trail. */
  readonly action: string;
  /** Why its sessions end; left out when they do not. */
  readonly endsSessions?: string;
  /** The new columns; throws when the move is not legal. */
  readonly change: (row: EntitlementRow, now: Date) => Parameters<typeof updateEntitlementRow>[2];
}

function movedTo<State extends EntitlementRow['state']>(row: EntitlementRow, to: State, now: Date): { state: State } {
  refuseIllegalMove(stateAt(row, now), to);
  return { state: to };
}

/** Packets that came late may have used the rest of it while it was suspended. */
function refuseUsedUp({ quotaOctets, usedOctets, onlineSeconds, usedSeconds }: EntitlementRow): void {
  const noData = quotaOctets !== null && usedOctets >= quotaOctets;
  const noTime = onlineSeconds !== null && usedSeconds >= onlineSeconds;
  if (!noData && !noTime) return;
  const what = noData ? 'data' : 'time online';
  throw new AppError('conflict', `this entitlement cannot be resumed: its ${what} is used up; grant a package anew`);
}

async function existing(tx: Tx, id: string): Promise<EntitlementRow> {
  const row = await findEntitlementRow(tx, id);
  if (row === null) throw new AppError('not_found', `there is no entitlement ${id}`);
  return row;
}

/** Without a limit on either side there is none. */
function sumOf(running: bigint | null, sold: bigint | null, what: string): bigint | null {
  if (running === null || sold === null) return null;
  const sum = running + sold;
  if (sum > MAX_COUNT) throw new AppError('conflict', `this customer has as much ${what} as can be counted already`);
  return sum;
}
