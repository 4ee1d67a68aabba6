import { EXPORTED_SESSIONS } from '@turnpike/contracts/customer-privacy.js';
import type { Tx } from '@turnpike/db/database.js';

/**
 * Every place that holds data about a person, in one file whichever feature it belongs to: an export that forgets one is
 * wrong, and so is an erasure.
 */
export async function readPersonalData(tx: Tx, customerId: string) {
  const newest = { orderBy: { id: 'desc' } } as const;
  const [entitlements, payments, sessions, notifications, wallet, history] = await Promise.all([
    tx.entitlement.findMany({ where: { customerId }, ...newest }),
    tx.payment.findMany({ where: { customerId }, include: { messages: { orderBy: { id: 'asc' } } }, ...newest }),
    tx.session.findMany({
      where: { customerId },
      include: { router: { select: { id: true, name: true } } },
      take: EXPORTED_SESSIONS + 1,
      ...newest,
    }),
    tx.notification.findMany({ where: { customerId }, ...newest }),
    tx.ledgerPosting.findMany({
      where: { account: { kind: 'customer_wallet', owner: customerId } },
      include: { account: { select: { currency: true } }, entry: { select: { createdAt: true, description: true } } },
      ...newest,
    }),
    tx.auditEntry.findMany({ where: { subjectType: 'customer', subjectId: customerId }, ...newest }),
  ]);
  return { entitlements, payments, sessions, notifications, wallet, history };
}
export type PersonalData = Awaited<ReturnType<typeof readPersonalData>>;

/** What still goes on around a customer. */
export interface Unfinished {
  readonly entitlements: number;
  readonly sessions: number;
  readonly payments: number;
  /** `KES 1250` each, in minor units. */
  readonly balances: readonly { currency: string; balanceMinor: bigint }[];
}

export async function countUnfinished(tx: Tx, customerId: string, now: Date): Promise<Unfinished> {
  const [entitlements, sessions, payments, balances] = await Promise.all([
    tx.entitlement.count({
      where: {
        customerId,
        OR: [{ state: { in: ['pending', 'suspended'] } }, { state: 'active', endsAt: { gt: now } }],
      },
    }),
    tx.session.count({ where: { customerId, state: { in: ['open', 'closing', 'stale'] } } }),
    tx.payment.count({ where: { customerId, state: { in: ['created', 'requested', 'review'] } } }),
    tx.ledgerAccount.findMany({
      where: { kind: 'customer_wallet', owner: customerId, balanceMinor: { not: 0n } },
      select: { currency: true, balanceMinor: true },
    }),
  ]);
  return { entitlements, sessions, payments, balances };
}

/** Whatever is left of access is over now. */
export async function endEntitlements(tx: Tx, customerId: string, now: Date): Promise<void> {
  await tx.$executeRaw`
    UPDATE entitlement SET state = 'expired', ends_at = least(ends_at, greatest(starts_at, ${now}::timestamptz)),
      suspended_at = NULL
    WHERE customer_id = ${customerId}::uuid AND state IN ('active', 'pending', 'suspended')`;
}

/** Numbers of phones in words for people. */
const PHONE = '\\+?(254|0)[17][0-9]{8}';

/** Everything about the person but the customer's row and sessions. Money stays, with receipts, which name nobody. */
export async function erasePersonalRows(tx: Tx, customerId: string): Promise<void> {
  const ofCustomer = await tx.payment.findMany({ where: { customerId }, select: { id: true } });
  const paymentIds = ofCustomer.map(({ id }) => id);
  await tx.customerDevice.deleteMany({ where: { customerId } });
  await tx.$executeRaw`
    UPDATE payment SET msisdn = NULL, paid_msisdn = NULL, mac = NULL, detail = regexp_replace(detail, ${PHONE}, 'a phone', 'g')
    WHERE customer_id = ${customerId}::uuid`;
  await tx.paymentMessage.updateMany({
    where: { paymentId: { in: paymentIds } },
    data: { body: '[erased]', sourceAddress: null },
  });
  await tx.statementLine.updateMany({
    where: { paymentId: { in: paymentIds } },
    data: { msisdn: null, account: null },
  });
  await tx.notification.updateMany({
    where: { customerId, state: 'queued' },
    data: { state: 'suppressed', error: 'the customer has been erased' },
  });
  await tx.notification.updateMany({ where: { customerId }, data: { recipient: '', params: {} } });
}

/**
 * Sessions that have ended, of one erased customer or of all: when and how much stays, who and with what does not. Those
 * that still run keep what their routers know them by until they have ended. Gives how many were changed.
 */
export async function anonymiseEndedSessions(tx: Tx, customerId: string | undefined): Promise<number> {
  return tx.$executeRaw`
    UPDATE session s SET username = 'erased-' || c.id, calling_station_id = NULL, framed_ip_address = NULL,
      nas_port_id = NULL
    FROM customer c
    WHERE s.customer_id = c.id AND c.erased_at IS NOT NULL AND s.state = 'closed'
      AND (${customerId ?? null}::uuid IS NULL OR c.id = ${customerId ?? null}::uuid)
      AND (s.username <> 'erased-' || c.id OR s.calling_station_id IS NOT NULL OR s.framed_ip_address IS NOT NULL)`;
}
