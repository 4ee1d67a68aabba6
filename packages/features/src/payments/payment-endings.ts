import { randomBytes } from 'node:crypto';
import type { LiveEvent } from '@turnpike/contracts/events.js';
import { AppError } from '@turnpike/core/app-error.js';
import type { Tx } from '@turnpike/db/database.js';
import {
  findPaymentByReceipt,
  insertPaymentRow,
  movePayment,
  type NewPayment,
  type PaymentChange,
  type PaymentRow,
} from './payment.store.js';
import { statesBefore } from './payment-states.js';

/** What a browser knows a payment by: 128 random bits. */
export function newReference(): string {
  return randomBytes(16).toString('base64url');
}

export interface Failure {
  readonly code: string;
  /** For operators. */
  readonly detail: string;
  readonly at: Date;
  /** When the provider is asked once more all the same; left out: never. */
  readonly nextCheckAt?: Date | null;
}

/** False when it has ended otherwise meanwhile. A person's queue is emptied by persons: what is in review stays there. */
export async function failPayment(
  tx: Tx,
  payment: PaymentRow,
  { code, detail, at, nextCheckAt }: Failure,
): Promise<boolean> {
  const from = statesBefore('failed').filter((state) => state !== 'review');
  const change = { resultCode: code, detail, failedAt: at, nextCheckAt: nextCheckAt ?? null };
  return movePayment(tx, payment.id, 'failed', change, from);
}

export interface Finding {
  /** For operators: what does not fit, and what to look at. */
  readonly why: string;
  readonly receipt?: string | undefined;
  readonly paidMinor?: bigint | undefined;
  readonly paidMsisdn?: string | undefined;
}

/** Puts a payment where a person decides; false when it is a success or there already. */
export async function reviewPayment(tx: Tx, payment: PaymentRow, finding: Finding): Promise<boolean> {
  return movePayment(tx, payment.id, 'review', {
    detail: await withOwnReceipt(tx, payment.id, finding),
    nextCheckAt: null,
    ...(await receiptColumns(tx, payment.id, finding)),
  });
}

/** Money that nobody was asked for, or that cannot be given to anybody, as a payment for a person to decide. */
export async function insertForReview(
  tx: Tx,
  data: Omit<NewPayment, 'reference' | 'state' | 'createdBy' | 'purpose'>,
): Promise<PaymentRow> {
  return insertPaymentRow(tx, {
    purpose: 'top_up',
    ...data,
    reference: newReference(),
    state: 'review',
    createdBy: 'system',
  });
}

/** Whose receipt it is, when it belongs to another payment. */
export async function receiptOwner(tx: Tx, receipt: string | undefined, not: string): Promise<PaymentRow | undefined> {
  if (receipt === undefined) return undefined;
  const owner = await findPaymentByReceipt(tx, receipt);
  return owner === null || owner.id === not ? undefined : owner;
}

async function withOwnReceipt(tx: Tx, id: string, { why, receipt }: Finding): Promise<string> {
  const owner = await receiptOwner(tx, receipt, id);
  return owner === undefined ? why : `${why}; the receipt ${receipt ?? ''} belongs to payment ${owner.id}`;
}

async function receiptColumns(tx: Tx, id: string, finding: Finding): Promise<PaymentChange> {
  const { receipt, paidMinor, paidMsisdn } = finding;
  const isFree = (await receiptOwner(tx, receipt, id)) === undefined;
  return {
    ...(receipt === undefined || !isFree ? {} : { receipt }),
    ...(paidMinor === undefined ? {} : { paidMinor }),
    ...(paidMsisdn === undefined ? {} : { paidMsisdn }),
  };
}

/** What the live stream tells of a payment. */
export function paymentEvent({ id, provider, state, amountMinor, currency }: PaymentRow): LiveEvent {
  return { type: 'payment', paymentId: id, provider, state, amountMinor: Number(amountMinor), currency };
}

/** An operator's decision; also for what is in review. Throws `conflict` for a success. */
export async function failByHand(tx: Tx, payment: PaymentRow, note: string, at: Date): Promise<void> {
  const change = { detail: note, resultCode: 'by_hand', failedAt: at, nextCheckAt: null };
  if (await movePayment(tx, payment.id, 'failed', change)) return;
  const why = payment.state === 'succeeded' ? 'it is paid: refund it instead' : 'it has failed already';
  throw new AppError('conflict', `this payment cannot be marked as failed: ${why}`, {
    extra: { state: payment.state },
  });
}
