import type { Tx } from '@turnpike/db/database.js';
import type { Payment, Prisma } from '@turnpike/db/generated/client.js';
import { NEWEST_FIRST, olderThan } from '@turnpike/db/time-order.js';
import { statesBefore, type PaymentState } from './payment-states.js';

export type PaymentRow = Payment;
export type NewPayment = Prisma.PaymentUncheckedCreateInput;
export type PaymentChange = Prisma.PaymentUncheckedUpdateManyInput;

export interface PaymentFilter {
  readonly state?: PaymentState | undefined;
  readonly provider?: string | undefined;
  /** A receipt or a reference. */
  readonly text?: string | undefined;
  readonly msisdn?: string | undefined;
  readonly customer?: { readonly id: string; readonly msisdn: string | null } | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

export async function insertPaymentRow(tx: Tx, data: NewPayment): Promise<PaymentRow> {
  return tx.payment.create({ data });
}

export async function findPaymentRow(tx: Tx, id: string): Promise<PaymentRow | null> {
  return tx.payment.findUnique({ where: { id } });
}

export async function findPaymentByReference(tx: Tx, reference: string): Promise<PaymentRow | null> {
  return tx.payment.findUnique({ where: { reference } });
}

/** `receipt`: in upper case. */
export async function findPaymentByReceipt(tx: Tx, receipt: string): Promise<PaymentRow | null> {
  return tx.payment.findUnique({ where: { receipt } });
}

/** The push that its owner has not answered yet. */
export async function findOutstandingPush(tx: Tx, msisdn: string): Promise<PaymentRow | null> {
  return tx.payment.findFirst({ where: { msisdn, provider: 'mpesa', state: { in: ['created', 'requested'] } } });
}

/** As it is now, and unchanged by anybody else until the transaction ends. Payments are locked before all else. */
export async function lockPayment(tx: Tx, id: string): Promise<PaymentRow | null> {
  await tx.$queryRaw`SELECT FROM payment WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
  return findPaymentRow(tx, id);
}

/** False when it is in no state from which it may become `to`; `from` narrows that further. */
export async function movePayment(
  tx: Tx,
  id: string,
  to: PaymentState,
  change: PaymentChange,
  from: readonly PaymentState[] = statesBefore(to),
): Promise<boolean> {
  const { count } = await tx.payment.updateMany({
    where: { id, state: { in: from.filter((state) => statesBefore(to).includes(state)) } },
    data: { ...change, state: to },
  });
  return count === 1;
}

/** The payer sees on a page that it failed. */
export async function markFailureShown(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.payment.updateMany({ where: { id, state: 'failed', failureShownAt: null }, data: { failureShownAt: at } });
}

/** What is not about the state. */
export async function updatePaymentRow(tx: Tx, id: string, change: PaymentChange): Promise<void> {
  await tx.payment.updateMany({ where: { id }, data: change });
}

/** False when it is refunded already. */
export async function markRefunded(tx: Tx, id: string, at: Date): Promise<boolean> {
  const { count } = await tx.payment.updateMany({
    where: { id, state: 'succeeded', refundedAt: null },
    data: { refundedAt: at },
  });
  return count === 1;
}

/**
 * Payments whose check is due, each given to one caller: the next check is put off to `until`, which is when another one takes
 * what this caller does not come to.
 */
export async function takeDuePayments(tx: Tx, at: Date, until: Date, limit: number): Promise<PaymentRow[]> {
  const taken = await tx.$queryRaw<{ id: string }[]>`
    UPDATE payment SET next_check_at = ${until}
    WHERE id IN (
      SELECT id FROM payment WHERE next_check_at <= ${at}
      ORDER BY next_check_at LIMIT ${limit}
      FOR NO KEY UPDATE SKIP LOCKED
    )
    RETURNING id::text AS id`;
  if (taken.length === 0) return [];
  return tx.payment.findMany({ where: { id: { in: taken.map(({ id }) => id) } } });
}

/** Newest first; one row more than `limit` when there are more. */
export async function listPaymentRows(tx: Tx, filter: PaymentFilter): Promise<PaymentRow[]> {
  const take = filter.limit + 1;
  if (filter.from === undefined && filter.to === undefined) {
    return tx.payment.findMany({ where: whereOf(filter), orderBy: { id: 'desc' }, take });
  }
  // In order of their ids PostgreSQL would walk through all that is newer than the time that is asked for.
  const { after, ...rest } = filter;
  const where = whereOf(rest);
  if (after === undefined) return tx.payment.findMany({ where, orderBy: [...NEWEST_FIRST], take });
  const last = await tx.payment.findUnique({ where: { id: after }, select: { id: true, createdAt: true } });
  if (last === null) return [];
  return tx.payment.findMany({ where: { AND: [where, olderThan(last)] }, orderBy: [...NEWEST_FIRST], take });
}

/** Oldest first: they wait for a person. */
export async function listReviewRows(tx: Tx, after: string | undefined, limit: number): Promise<PaymentRow[]> {
  return tx.payment.findMany({
    where: { state: 'review', ...(after === undefined ? {} : { id: { gt: after } }) },
    orderBy: { id: 'asc' },
    take: limit + 1,
  });
}

/** Other payments whose money is in the same entitlement and not given back. */
export async function countPaymentsOfEntitlement(tx: Tx, entitlementId: string, except: string): Promise<number> {
  return tx.payment.count({
    where: { entitlementId, state: 'succeeded', refundedAt: null, id: { not: except } },
  });
}

/** Succeeded without a receipt, by what was paid, by whom and about when: its receipt was in a message that was lost. */
export async function findReceiptless(
  tx: Tx,
  said: { amountMinor: bigint; msisdn: string; from: Date; to: Date },
): Promise<PaymentRow | null> {
  return tx.payment.findFirst({
    where: {
      provider: 'mpesa',
      state: 'succeeded',
      receipt: null,
      amountMinor: said.amountMinor,
      msisdn: said.msisdn,
      settledAt: { gte: said.from, lte: said.to },
    },
    orderBy: { id: 'asc' },
  });
}

function whereOf(filter: PaymentFilter): Prisma.PaymentWhereInput {
  const { state, provider, text, msisdn, customer, from, to, after } = filter;
  const found: Prisma.PaymentWhereInput[] = [];
  if (text !== undefined) found.push({ receipt: text.toUpperCase() }, { reference: text });
  if (msisdn !== undefined) found.push({ msisdn }, { paidMsisdn: msisdn });
  const of: Prisma.PaymentWhereInput[] = [];
  if (customer !== undefined) of.push({ customerId: customer.id });
  if (typeof customer?.msisdn === 'string') of.push({ customerId: null, msisdn: customer.msisdn });
  const createdAt = { ...(from === undefined ? {} : { gte: from }), ...(to === undefined ? {} : { lt: to }) };
  return {
    ...(state === undefined ? {} : { state }),
    ...(provider === undefined ? {} : { provider }),
    ...(from === undefined && to === undefined ? {} : { createdAt }),
    ...(after === undefined ? {} : { id: { lt: after } }),
    AND: [...(found.length === 0 ? [] : [{ OR: found }]), ...(of.length === 0 ? [] : [{ OR: of }])],
  };
}

/** A request that ended without money, as far as we know, by what it asked whom for and about when. */
export async function findGivenUp(
  tx: Tx,
  said: { amountMinor: bigint; msisdn: string; from: Date; to: Date },
): Promise<PaymentRow | null> {
  return tx.payment.findFirst({
    where: {
      provider: 'mpesa',
      state: { in: ['failed', 'timed_out'] },
      amountMinor: said.amountMinor,
      msisdn: said.msisdn,
      requestedAt: { gte: said.from, lte: said.to },
    },
    orderBy: { id: 'desc' },
  });
}
