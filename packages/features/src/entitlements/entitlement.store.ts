import type { SoldTerms, ValidFrom } from '@turnpike/contracts/packages.js';
import type { Tx } from '@turnpike/db/database.js';
import type { Entitlement, Prisma } from '@turnpike/db/generated/client.js';
import { termColumns } from '../packages/sold-terms.js';

export type EntitlementRow = Entitlement;

export async function listEntitlementRows(tx: Tx, customerId: string, limit: number): Promise<EntitlementRow[]> {
  return tx.entitlement.findMany({ where: { customerId }, orderBy: { id: 'desc' }, take: limit });
}

/**
 * The entitlement of this package that a repeat purchase extends, locked: accounting cannot end it meanwhile. One that waits for
 * its first login only where none runs.
 */
export async function lockExtendable(
  tx: Tx,
  customerId: string,
  packageId: string,
  at: Date,
): Promise<EntitlementRow | null> {
  const [locked] = await tx.$queryRaw<{ id: string }[]>`
    SELECT id::text AS id FROM entitlement
    WHERE customer_id = ${customerId}::uuid AND package_id = ${packageId}::uuid
      AND (state = 'active' AND ends_at > ${at} OR state = 'pending' AND valid_for_seconds IS NOT NULL)
    ORDER BY state = 'active' DESC, ends_at DESC, id LIMIT 1
    FOR NO KEY UPDATE`;
  return locked === undefined ? null : tx.entitlement.findUnique({ where: { id: locked.id } });
}

/** Those that are not over at `at`, the ones ending first in front. */
export async function listLiveRows(tx: Tx, customerId: string, at: Date, limit: number): Promise<EntitlementRow[]> {
  return tx.entitlement.findMany({
    where: {
      customerId,
      OR: [{ state: { in: ['active', 'pending'] }, endsAt: { gt: at } }, { state: 'suspended' }],
    },
    orderBy: [{ endsAt: 'asc' }, { id: 'asc' }],
    take: limit,
  });
}

export type ServiceType = EntitlementRow['type'];

/** Those in force for one kind of service, in order of their ids. */
export async function listRunningRows(
  tx: Tx,
  customerId: string,
  type: ServiceType,
  at: Date,
): Promise<EntitlementRow[]> {
  return tx.entitlement.findMany({
    where: { customerId, type, state: 'active', endsAt: { gt: at } },
    orderBy: { id: 'asc' },
  });
}

/** Those that wait for others to end, in the order in which they will begin. */
export async function listQueuedRows(
  tx: Tx,
  customerId: string,
  type: ServiceType,
  at: Date,
): Promise<EntitlementRow[]> {
  return tx.entitlement.findMany({
    where: { customerId, type, state: 'pending', startsAt: { gt: at } },
    orderBy: [{ startsAt: 'asc' }, { id: 'asc' }],
  });
}

export async function findEntitlementRow(tx: Tx, id: string): Promise<EntitlementRow | null> {
  return tx.entitlement.findUnique({ where: { id } });
}

/** As it is now, and unchanged by anybody else until the transaction ends. */
export async function lockEntitlement(tx: Tx, id: string): Promise<EntitlementRow | null> {
  await tx.$queryRaw`SELECT FROM entitlement WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
  return findEntitlementRow(tx, id);
}

export interface EntitlementToInsert {
  readonly customerId: string;
  readonly packageId: string;
  readonly packageName: string;
  readonly terms: SoldTerms;
  readonly state: 'active' | 'pending';
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly validFrom: ValidFrom;
  readonly validForSeconds: number | null;
  readonly grantedBy: string;
  readonly paymentId: string | null;
  readonly traceparent: string | null;
}

export async function insertEntitlementRow(tx: Tx, row: EntitlementToInsert): Promise<EntitlementRow> {
  const { terms, ...plain } = row;
  return tx.entitlement.create({ data: { ...plain, ...termColumns(terms) } });
}

export async function updateEntitlementRow(
  tx: Tx,
  id: string,
  data: Prisma.EntitlementUncheckedUpdateInput,
): Promise<EntitlementRow> {
  return tx.entitlement.update({ where: { id }, data });
}

export interface ExpiredRow {
  readonly id: string;
  readonly customerId: string;
  readonly traceparent: string | null;
}

/**
 * Marks up to `limit` entitlements whose time is over as expired. Rows that somebody else has in hand are left for the next
 * round, their customers too: the customer is locked before a grant is, so waiting here could be waiting in a circle.
 */
export async function expireDue(tx: Tx, at: Date, limit: number): Promise<ExpiredRow[]> {
  return tx.$queryRaw<ExpiredRow[]>`
    UPDATE entitlement SET state = 'expired'
    WHERE id IN (
      SELECT e.id FROM entitlement e JOIN customer c ON c.id = e.customer_id
      WHERE e.state = 'active' AND e.ends_at <= ${at}
      ORDER BY e.ends_at
      LIMIT ${limit}
      FOR NO KEY UPDATE OF e, c SKIP LOCKED
    )
    RETURNING id::text AS id, customer_id::text AS "customerId", traceparent`;
}

/** Marks what has begun by now, of one customer whom the caller holds. */
export async function beginDueOf(tx: Tx, customerId: string, at: Date): Promise<void> {
  await tx.$executeRaw`
    UPDATE entitlement SET state = 'active'
    WHERE customer_id = ${customerId}::uuid AND state = 'pending' AND valid_for_seconds IS NULL AND starts_at <= ${at}`;
}

/**
 * Marks up to `limit` entitlements that have begun by now, and lets those begin that wait for others of which none runs any
 * more. Rows in somebody's hand are left for the next round, as in `expireDue`. Gives whose they are.
 */
export async function beginDue(tx: Tx, at: Date, limit: number): Promise<{ customerId: string }[]> {
  return tx.$queryRaw<{ customerId: string }[]>`
    UPDATE entitlement e SET
      state = CASE WHEN e.valid_for_seconds IS NULL THEN 'active' ELSE e.state END,
      starts_at = least(e.starts_at, ${at}::timestamptz),
      ends_at = CASE WHEN e.valid_for_seconds IS NULL
        THEN e.ends_at - greatest(e.starts_at - ${at}::timestamptz, interval '0') ELSE e.ends_at END
    WHERE e.id IN (
      SELECT q.id FROM entitlement q JOIN customer c ON c.id = q.customer_id
      WHERE q.state = 'pending' AND (
        q.valid_for_seconds IS NULL AND q.starts_at <= ${at}
        OR q.starts_at > ${at} AND NOT EXISTS (
          SELECT FROM entitlement o
          WHERE o.customer_id = q.customer_id AND o.type = q.type AND o.id <> q.id AND (
            o.state = 'suspended' OR o.state = 'active' AND o.ends_at > ${at}
            OR o.state = 'pending' AND o.valid_for_seconds IS NULL AND o.starts_at <= ${at} AND o.ends_at > ${at}
            OR o.state = 'pending' AND o.starts_at > ${at} AND (o.starts_at, o.id) < (q.starts_at, q.id))))
      ORDER BY q.starts_at, q.id
      LIMIT ${limit}
      FOR NO KEY UPDATE OF q, c SKIP LOCKED
    )
    RETURNING e.customer_id::text AS "customerId"`;
}

/**
 * What waits for its first login begins with the first session on it; what has begun without being marked is marked. Whatever
 * comes how often and in which order, each begins once. Gives whose they are.
 */
export async function beginAtLogins(
  tx: Tx,
  logins: readonly { readonly entitlementId: string; readonly startedAt: Date }[],
  latestEnd: Date,
): Promise<{ customerId: string }[]> {
  const rows = JSON.stringify(logins);
  return tx.$queryRaw<{ customerId: string }[]>`
    WITH login AS (
      SELECT e.id, greatest(e.starts_at, r."startedAt") AS at
      FROM jsonb_to_recordset(${rows}::jsonb) AS r("entitlementId" uuid, "startedAt" timestamptz)
      JOIN entitlement e ON e.id = r."entitlementId" AND e.state = 'pending'
      ORDER BY e.id FOR NO KEY UPDATE OF e)
    UPDATE entitlement e SET
      state = 'active',
      starts_at = CASE WHEN e.valid_for_seconds IS NULL THEN e.starts_at ELSE login.at END,
      ends_at = CASE WHEN e.valid_for_seconds IS NULL THEN e.ends_at
        ELSE least(login.at + make_interval(secs => e.valid_for_seconds), ${latestEnd}::timestamptz) END,
      valid_for_seconds = NULL
    FROM login WHERE e.id = login.id AND e.state = 'pending' AND (e.valid_for_seconds IS NOT NULL OR e.starts_at <= login.at)
    RETURNING e.customer_id::text AS "customerId"`;
}

/** Those that are active or begin with the first login, the last to end first. */
export async function listUsableRows(
  tx: Tx,
  customerId: string,
  type: ServiceType,
  limit: number,
): Promise<EntitlementRow[]> {
  return tx.entitlement.findMany({
    where: { customerId, type, OR: [{ state: 'active' }, { state: 'pending', validForSeconds: { not: null } }] },
    orderBy: { endsAt: 'desc' },
    take: limit,
  });
}

export async function hasMacLoginRow(tx: Tx, customerId: string, now: Date): Promise<boolean> {
  const row = await tx.entitlement.findFirst({
    where: { customerId, state: 'active', macLogin: true, startsAt: { lte: now }, endsAt: { gt: now } },
    select: { id: true },
  });
  return row !== null;
}
