import type { EntitlementView } from '@turnpike/contracts/customers.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { Database, Tx } from '@turnpike/db/database.js';
import type { ChangeContext } from '@turnpike/runtime/http/change-context.js';
import { appendAudit } from '../audit/audit.store.js';
import type { CustomersService } from '../customers/customers.service.js';
import type { PackagesService } from '../packages/packages.service.js';
import type { SessionEnder } from '../sessions/session-ender.js';
import {
  expireDue,
  findRunningEntitlement,
  insertEntitlementRow,
  listEntitlementRows,
  updateEntitlementRow,
  type EntitlementRow,
} from './entitlement.store.js';
import { entitlementView } from './entitlement.view.js';

export interface EntitlementsService {
  list(customerId: string): Promise<EntitlementView[]>;
  /** Gives a package: extends the running entitlement of the same package, or starts a new one now. */
  grant(customerId: string, packageId: string, context: ChangeContext): Promise<EntitlementView>;
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

    expireDue: async () => {
      const ended = await deps.transact(async (tx) => {
        const rows = await expireDue(tx, clock.now(), EXPIRE_BATCH);
        for (const row of rows) {
          await customers.touch(tx, row.customerId);
          await deps.endSessions(tx, { entitlementId: row.id, reason: 'time is over', actor: 'system' });
        }
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
    const validForMs = sold.validForSeconds * 1000;
    if (running !== null) {
      return updateEntitlementRow(tx, running.id, {
        endsAt: new Date(running.endsAt.getTime() + validForMs),
        quotaOctets:
          running.quotaOctets === null || sold.quotaOctets === null ? null : running.quotaOctets + sold.quotaOctets,
      });
    }
    return insertEntitlementRow(tx, {
      customerId,
      packageId,
      packageName: sold.name,
      type: sold.type,
      startsAt: now,
      endsAt: new Date(now.getTime() + validForMs),
      downKbps: sold.downKbps,
      upKbps: sold.upKbps,
      quotaOctets: sold.quotaOctets,
      devices: sold.devices,
      grantedBy: context.actor,
    });
  }
}
