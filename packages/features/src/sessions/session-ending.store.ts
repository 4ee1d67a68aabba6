import { Prisma } from '@turnpike/db/generated/client.js';
import type { Tx } from '@turnpike/db/database.js';

/** A session that may be ended, locked. */
export interface EndableSession {
  readonly id: string;
  readonly username: string;
  readonly entitlementId: string | null;
  readonly state: 'open' | 'closing' | 'stale';
  /** Of a disconnect that is still under way. */
  readonly openCommandId: string | null;
}

/** What ends: sessions by id, of entitlements, or of a customer. */
export interface SessionSelection {
  readonly sessionId?: string | undefined;
  readonly sessionIds?: readonly string[] | undefined;
  readonly entitlementId?: string | undefined;
  readonly entitlementIds?: readonly string[] | undefined;
  readonly customerId?: string | undefined;
}

/** Sessions that run as far as we know, locked in order of their keys like everywhere. */
export async function lockRunningSessions(tx: Tx, selection: SessionSelection): Promise<EndableSession[]> {
  const selected = conditions(selection);
  if (selected.length === 0) return [];
  return tx.$queryRaw<EndableSession[]>`
    SELECT s.id::text AS id, s.username, s.entitlement_id::text AS "entitlementId", s.state::text AS state,
           (SELECT c.id::text FROM session_command c
            WHERE c.session_id = s.id AND c.kind = 'disconnect' AND c.state IN ('queued', 'sent')
            ORDER BY c.created_at DESC LIMIT 1) AS "openCommandId"
    FROM session s
    WHERE s.state IN ('open', 'closing', 'stale') AND (${Prisma.join(selected, ' OR ')})
    ORDER BY s.key FOR UPDATE OF s`;
}

/** Only what was asked for: a condition that is always null would keep PostgreSQL from its indexes. */
function conditions(selection: SessionSelection): Prisma.Sql[] {
  const { sessionId, entitlementId, customerId } = selection;
  const sessions = [...(selection.sessionIds ?? []), ...(sessionId === undefined ? [] : [sessionId])];
  const entitlements = [...(selection.entitlementIds ?? []), ...(entitlementId === undefined ? [] : [entitlementId])];
  return [
    ...(sessions.length === 0 ? [] : [Prisma.sql`s.id = ANY(${sessions}::uuid[])`]),
    ...(entitlements.length === 0 ? [] : [Prisma.sql`s.entitlement_id = ANY(${entitlements}::uuid[])`]),
    ...(customerId === undefined ? [] : [Prisma.sql`s.customer_id = ${customerId}::uuid`]),
  ];
}

export async function markClosing(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.session.updateMany({
    where: { id: { in: [...ids] }, state: { in: ['open', 'stale'] } },
    data: { state: 'closing' },
  });
}

/** A NAS that refuses leaves the session as it was. */
export async function reopenRefused(tx: Tx, id: string): Promise<void> {
  await tx.session.updateMany({ where: { id, state: 'closing' }, data: { state: 'open' } });
}
