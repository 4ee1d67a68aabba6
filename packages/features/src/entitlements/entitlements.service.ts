import type { EntitlementView } from '@turnpike/contracts/customers.js';
import { AppError } from '@turnpike/core/app-error.js';
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
/** ISO 8601 has four digits for a year. */
const LATEST_END = new Date('9999-12-31T23:59:59.999Z');
const MAX_OCTETS = 2n ** 63n - 1n;

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
        for (const customerId of new Set(rows.map((row) => row.customerId))) await customers.touch(tx, customerId);
        for (const row of rows) {
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
    const endsAt = new Date((running?.endsAt ?? now).getTime() + sold.validForSeconds * 1000);
    if (endsAt > LATEST_END) throw new AppError('conflict', 'this customer has access beyond the year 9999 already');
    if (running !== null) {
      return updateEntitlementRow(tx, running.id, { endsAt, quotaOctets: sumOfQuotas(running, sold) });
    }
    return insertEntitlementRow(tx, {
      customerId,
      packageId,
      packageName: sold.name,
      type: sold.type,
      startsAt: now,
      endsAt,
      downKbps: sold.downKbps,
      upKbps: sold.upKbps,
      quotaOctets: sold.quotaOctets,
      devices: sold.devices,
      grantedBy: context.actor,
    });
  }
}

type Quota = Pick<EntitlementRow, 'quotaOctets'>;

/** Without a cap on either side there is none. */
function sumOfQuotas(running: Quota, sold: Quota): bigint | null {
  if (running.quotaOctets === null || sold.quotaOctets === null) return null;
  const sum = running.quotaOctets + sold.quotaOctets;
  if (sum > MAX_OCTETS) throw new AppError('conflict', 'this customer has as much data as can be counted already');
  return sum;
}
