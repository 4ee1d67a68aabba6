import type { EntitlementView, EntitlementWithLeft } from '@turnpike/contracts/customers.js';
import { AppError } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { Database, Tx } from '@turnpike/db/database.js';
import type { ChangeContext } from '@turnpike/runtime/http/change-context.js';
import { noTracing, type Tracing } from '@turnpike/runtime/tracing/tracing.js';
import { appendAudit } from '../audit/audit.store.js';
import type { CustomersService } from '../customers/customers.service.js';
import type { PackagesService } from '../packages/packages.service.js';
import { offerOf } from '../packages/offer.js';
import { devicesOnline } from '../sessions/devices-online.js';
import type { SessionEnder } from '../sessions/session-ender.js';
import { LATEST_END } from './entitlement-start.js';
import { illegalMove, refuseIllegalMove, stateAt, type EntitlementState } from './entitlement-states.js';
import {
  beginDue,
  expireDue,
  findEntitlementRow,
  listEntitlementRows,
  listLiveRows,
  lockEntitlement,
  updateEntitlementRow,
  type EntitlementRow,
} from './entitlement.store.js';
import { entitlementView, entitlementWithLeft } from './entitlement.view.js';
import { giveOffer } from './give.js';
import { isUsedUp } from './left.js';
import { delayQueued } from './queue-order.js';
import { traceExpiries } from './traced-expiry.js';

export interface EntitlementsService {
  list(customerId: string): Promise<EntitlementView[]>;
  /** With what is left of it now. */
  get(id: string): Promise<EntitlementWithLeft>;
  /** For a customer's own eyes: those that are not over at `now`, with what is left, in the order in which logins use them. */
  entitlementsOf(customerId: string, now: Date): Promise<EntitlementWithLeft[]>;
  /** Gives a package without payment; what runs is treated as the package says of buying it again. */
  grant(customerId: string, packageId: string, context: ChangeContext): Promise<EntitlementView>;
  /** Logins on it are refused and its sessions end; what is left of time and data is kept. */
  suspend(id: string, context: ChangeContext): Promise<EntitlementView>;
  /** Goes on with the time that was left when it was suspended. */
  resume(id: string, context: ChangeContext): Promise<EntitlementView>;
  /** Ends it for good; its sessions end. Moves no money. */
  refund(id: string, context: ChangeContext): Promise<EntitlementView>;
  /** Ends what is over: state, RADIUS snapshot and open sessions in one transaction. Gives how many were ended. */
  expireDue(): Promise<number>;
  /** Marks what has begun, and lets what waits for others begin once none of them runs. Gives how many. */
  beginDue(): Promise<number>;
}

export interface EntitlementsDeps extends Pick<Database, 'db' | 'transact'> {
  readonly customers: CustomersService;
  readonly packages: PackagesService;
  readonly endSessions: SessionEnder;
  readonly wake: () => void;
  readonly clock: Clock;
  /** Default: nothing is traced. */
  readonly tracing?: Tracing;
}

const LIST_LIMIT = 100;
const DUE_BATCH = 200;
const LIVE_ORDER: readonly EntitlementState[] = ['active', 'pending', 'suspended'];

export function createEntitlementsService(deps: EntitlementsDeps): EntitlementsService {
  const { db, customers, packages, clock, tracing = noTracing } = deps;

  return {
    list: async (customerId) => {
      await customers.get(customerId);
      return (await listEntitlementRows(db, customerId, LIST_LIMIT)).map(entitlementView);
    },

    get: async (id) => withLeft([await existing(db, id)], clock.now()).then(([only]) => only ?? unknown(id)),

    entitlementsOf: async (customerId, now) => {
      const rows = await listLiveRows(db, customerId, now, LIST_LIMIT);
      const inUse = (row: EntitlementRow): number => LIVE_ORDER.indexOf(stateAt(row, now));
      return withLeft(
        rows.toSorted((a, b) => inUse(a) - inUse(b)),
        now,
      );
    },

    grant: async (customerId, packageId, context) => {
      const row = await deps.transact(async (tx) => {
        const offer = offerOf(await packages.forSale(tx, packageId));
        const granted = await giveOffer(tx, { customers, clock }, { customerId, offer, grantedBy: context.actor });
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
        delaysQueued: true,
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
        const rows = await expireDue(tx, clock.now(), DUE_BATCH);
        const traces = traceExpiries(tracing, rows);
        await customers.touchAll(tx, [...new Set(rows.map((row) => row.customerId))]);
        const entitlementIds = rows.map((row) => row.id);
        const { traceparents } = traces;
        await deps.endSessions(tx, { entitlementIds, reason: 'time is over', actor: 'system', traceparents });
        return { count: rows.length, traces };
      });
      ended.traces.end();
      if (ended.count > 0) deps.wake();
      return ended.count;
    },

    beginDue: async () => {
      const begun = await deps.transact(async (tx) => {
        const rows = await beginDue(tx, clock.now(), DUE_BATCH);
        await customers.touchAll(tx, [...new Set(rows.map((row) => row.customerId))]);
        return rows.length;
      });
      if (begun > 0) deps.wake();
      return begun;
    },
  };

  async function withLeft(rows: readonly EntitlementRow[], now: Date): Promise<EntitlementWithLeft[]> {
    const online = await devicesOnline(
      db,
      rows.map((row) => row.id),
    );
    return rows.map((row) => entitlementWithLeft(row, online.get(row.id) ?? 0, now));
  }

  async function move(
    id: string,
    context: ChangeContext,
    { action, endsSessions, delaysQueued = false, change }: Move,
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
      if (delaysQueued) await delayQueued(tx, moved.customerId, moved.type, clock.now());
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
  /** It may end later than before, and what waits for it begins later too. */
  readonly delaysQueued?: boolean;
  /** The new columns; throws when the move is not legal. */
  readonly change: (row: EntitlementRow, now: Date) => Parameters<typeof updateEntitlementRow>[2];
}

function movedTo<State extends EntitlementRow['state']>(row: EntitlementRow, to: State, now: Date): { state: State } {
  refuseIllegalMove(stateAt(row, now), to);
  return { state: to };
}

/** Packets that came late may have used the rest of it while it was suspended. */
function refuseUsedUp(row: EntitlementRow): void {
  if (!isUsedUp(row)) return;
  const what = row.quotaOctets !== null && row.usedOctets >= row.quotaOctets ? 'data' : 'time online';
  throw new AppError('conflict', `this entitlement cannot be resumed: its ${what} is used up; grant a package anew`);
}

async function existing(tx: Tx, id: string): Promise<EntitlementRow> {
  const row = await findEntitlementRow(tx, id);
  return row ?? unknown(id);
}

function unknown(id: string): never {
  throw new AppError('not_found', `there is no entitlement ${id}`);
}
