import type {
  enterPayment,
  listPayments,
  PaymentSummary,
  PaymentView,
  PaymentWithMessages,
  refundPayment,
  resolvePayment,
  StatementImport,
} from '@turnpike/contracts/payments.js';
import { AppError, invalidField } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import { moneyText } from '@turnpike/core/money.js';
import { parseMsisdn } from '@turnpike/core/msisdn.js';
import { cursorId, toPage, type Page, type PageQuery } from '@turnpike/core/page.js';
import type { Database, Tx } from '@turnpike/db/database.js';
import type { ChangeContext } from '@turnpike/runtime/http/change-context.js';
import type { z } from 'zod';
import { appendAudit } from '../audit/audit.store.js';
import type { CustomersService } from '../customers/customers.service.js';
import type { Offer } from '../packages/offer.js';
import type { PackagesService } from '../packages/packages.service.js';
import { MPESA_CURRENCY } from './mpesa/mpesa-provider.js';
import { failByHand, newReference, receiptOwner } from './payment-endings.js';
import { listMessages } from './payment-message.store.js';
import type { RefundInTx } from './payment-refund.js';
import { paymentSummary } from './payment-summary.js';
import { summarizePayments } from './payment-summary.store.js';
import {
  findPaymentByReceipt,
  findPaymentRow,
  insertPaymentRow,
  listPaymentRows,
  listReviewRows,
  lockPayment,
  updatePaymentRow,
  type PaymentRow,
} from './payment.store.js';
import { paymentView, paymentWithMessages } from './payment.view.js';
import type { Purchases } from './purchases.js';
import type { Settle } from './settlement.js';
import { importStatement } from './statements/import-statement.js';

type ListQuery = z.output<(typeof listPayments)['query']>;
type Resolution = z.output<(typeof resolvePayment)['body']>;
type ManualEntry = z.output<(typeof enterPayment)['body']>;
type Refund = z.output<(typeof refundPayment)['body']>;

export interface PaymentsService {
  /** What customers do. */
  readonly purchases: Purchases;
  list(query: ListQuery): Promise<Page<PaymentView>>;
  get(id: string): Promise<PaymentWithMessages>;
  ofCustomer(customerId: string, query: PageQuery): Promise<Page<PaymentView>>;
  summary(query: { from?: string | undefined; to?: string | undefined; timeZone: string }): Promise<PaymentSummary>;
  review(query: PageQuery): Promise<Page<PaymentView>>;
  resolve(id: string, resolution: Resolution, context: ChangeContext): Promise<PaymentView>;
  enter(entry: ManualEntry, context: ChangeContext): Promise<PaymentView>;
  /** Sells a package for money that is there now. `wallet`: `conflict` when there is not enough. */
  sell(provider: 'cash' | 'wallet', sale: Sale, context: ChangeContext): Promise<PaymentView>;
  refund(id: string, refund: Refund, context: ChangeContext): Promise<PaymentView>;
  importStatement(input: { csv: string; currency: string }, context: ChangeContext): Promise<StatementImport>;
}

export interface Sale {
  readonly customerId: string;
  readonly packageId: string;
}

export interface PaymentsDeps extends Pick<Database, 'db' | 'transact'> {
  readonly purchases: Purchases;
  readonly settle: Settle;
  readonly refundInTx: RefundInTx;
  readonly packages: Pick<PackagesService, 'offer'>;
  readonly customers: Pick<CustomersService, 'get'>;
  readonly clock: Clock;
  /** Called after a commit that changed a payment. */
  readonly moved: (paymentId: string) => Promise<void>;
}

const MESSAGES_SHOWN = 100;
const SUMMARY_MS = 30 * 86_400_000;
const LONGEST_SUMMARY_MS = 400 * 86_400_000;

export function createPaymentsService(deps: PaymentsDeps): PaymentsService {
  const { db, transact, clock } = deps;

  /** One change of one payment: row, consequences and audit entry together. */
  async function change(
    context: ChangeContext,
    action: string,
    work: (tx: Tx) => Promise<{ id: string; details: Record<string, unknown> }>,
  ): Promise<PaymentView> {
    const id = await transact(async (tx) => {
      const done = await work(tx);
      const subject = { subjectType: 'payment', subjectId: done.id };
      await appendAudit(tx, { ...context, action: `payment.${action}`, ...subject, details: done.details });
      return done.id;
    });
    await deps.moved(id);
    return paymentView(await existing(db, id));
  }

  return {
    purchases: deps.purchases,

    list: async ({ limit, cursor, q, from, to, state, provider }) => {
      const text = q?.trim();
      const search = text === undefined || text === '' ? {} : { text, msisdn: parseMsisdn(text) };
      const rows = await listPaymentRows(db, {
        ...search,
        state,
        provider,
        from: from === undefined ? undefined : new Date(from),
        to: to === undefined ? undefined : new Date(to),
        after: cursorId(cursor),
        limit,
      });
      return toPage(rows, limit, paymentView);
    },

    get: async (id) => paymentWithMessages(await existing(db, id), await listMessages(db, id, MESSAGES_SHOWN)),

    ofCustomer: async (customerId, { limit, cursor }) => {
      const customer = await deps.customers.get(customerId);
      const rows = await listPaymentRows(db, { customer, after: cursorId(cursor), limit });
      return toPage(rows, limit, paymentView);
    },

    summary: async ({ timeZone, ...range }) => {
      refuseUnknownZone(timeZone);
      const to = range.to === undefined ? clock.now() : new Date(range.to);
      const from = range.from === undefined ? new Date(to.getTime() - SUMMARY_MS) : new Date(range.from);
      if (to.getTime() - from.getTime() > LONGEST_SUMMARY_MS || from > to) {
        throw invalidField('query.from', 'must be before `to`, and not more than 400 days');
      }
      return paymentSummary(await summarizePayments(db, from, to, timeZone), from, to);
    },

    review: async ({ limit, cursor }) => toPage(await listReviewRows(db, cursorId(cursor), limit), limit, paymentView),

    resolve: (id, resolution, context) =>
      change(context, 'resolve', async (tx) => {
        const payment = await locked(tx, id);
        const details = { ...resolution, from: payment.state };
        if (resolution.as === 'failed') {
          await failByHand(tx, payment, resolution.note, clock.now());
          return { id, details };
        }
        const receipt = resolution.receipt ?? payment.receipt ?? undefined;
        await refuseOthersReceipt(tx, receipt, id);
        const completed = await complete(tx, payment, resolution);
        const paidMinor = payment.paidMinor ?? payment.amountMinor;
        await settled(tx, completed, { receipt, paidMinor, by: context.actor, detail: resolution.note });
        return { id, details };
      }),

    enter: (entry, context) =>
      change(context, 'enter', async (tx) => {
        const msisdn = parseMsisdn(entry.msisdn);
        if (msisdn === undefined) throw invalidField('msisdn', 'must be a phone number such as 0712 345 678');
        await refuseOthersReceipt(tx, entry.receipt);
        const offer =
          entry.packageId === undefined ? undefined : await deps.packages.offer(tx, entry.packageId, 'operators');
        refuseOtherPrice(offer, entry.amountMinor);
        const row = await insertPaymentRow(tx, {
          ...offered(offer),
          reference: newReference(),
          provider: 'paybill',
          amountMinor: BigInt(entry.amountMinor),
          currency: MPESA_CURRENCY,
          msisdn,
          createdBy: context.actor,
          createdAt: clock.now(),
        });
        const { receipt, note: detail } = entry;
        await settled(tx, row, { receipt, paidMinor: row.amountMinor, by: context.actor, detail });
        return { id: row.id, details: { receipt, amountMinor: entry.amountMinor, packageId: entry.packageId ?? null } };
      }),

    sell: (provider, { customerId, packageId }, context) =>
      change(context, `sell_${provider}`, async (tx) => {
        await deps.customers.get(customerId);
        const offer = await deps.packages.offer(tx, packageId, 'operators');
        const row = await insertPaymentRow(tx, {
          ...offered(offer),
          reference: newReference(),
          provider,
          customerId,
          amountMinor: BigInt(offer.priceMinor),
          currency: offer.currency,
          createdBy: context.actor,
          createdAt: clock.now(),
        });
        await settled(tx, row, { paidMinor: row.amountMinor, by: context.actor });
        return {
          id: row.id,
          details: { customerId, packageId, amountMinor: offer.priceMinor, currency: offer.currency },
        };
      }),

    refund: (id, refund, context) =>
      change(context, 'refund', async (tx) => {
        const payment = await locked(tx, id);
        await deps.refundInTx(tx, payment, { to: refund.to, actor: context.actor });
        return {
          id,
          details: { to: refund.to, note: refund.note ?? '', amountMinor: Number(payment.paidMinor ?? 0n) },
        };
      }),

    importStatement: (input, context) => importStatement({ ...deps, ...input }, context),
  };

  async function settled(tx: Tx, payment: PaymentRow, paid: Parameters<Settle>[2]): Promise<void> {
    if (await deps.settle(tx, payment, paid)) return;
    throw new AppError(
      'conflict',
      'this payment is paid already, and a success is never taken back: refund it instead',
    );
  }

  /** What an operator knows of a payment that the payment itself does not say. */
  async function complete(tx: Tx, payment: PaymentRow, { customerId, packageId }: Resolution): Promise<PaymentRow> {
    if (payment.state === 'succeeded') return payment;
    if (customerId !== undefined) await deps.customers.get(customerId);
    const offer =
      packageId === undefined || payment.offer !== null
        ? undefined
        : await deps.packages.offer(tx, packageId, 'operators');
    await updatePaymentRow(tx, payment.id, {
      ...(payment.customerId === null && customerId !== undefined ? { customerId } : {}),
      ...(offer === undefined ? {} : offered(offer)),
    });
    return existing(tx, payment.id);
  }
}

/** Columns of what is bought; without an offer the money is for the wallet. */
function offered(offer: Offer | undefined) {
  if (offer === undefined) return { purpose: 'top_up' };
  return { purpose: 'package', packageId: offer.packageId, offer: { ...offer } };
}

async function existing(tx: Tx, id: string): Promise<PaymentRow> {
  const row = await findPaymentRow(tx, id);
  if (row === null) throw new AppError('not_found', `there is no payment ${id}`);
  return row;
}

async function locked(tx: Tx, id: string): Promise<PaymentRow> {
  const row = await lockPayment(tx, id);
  if (row === null) throw new AppError('not_found', `there is no payment ${id}`);
  return row;
}

async function refuseOthersReceipt(tx: Tx, receipt: string | undefined, id?: string): Promise<void> {
  const owner =
    receipt === undefined
      ? undefined
      : id === undefined
        ? ((await findPaymentByReceipt(tx, receipt)) ?? undefined)
        : await receiptOwner(tx, receipt, id);
  if (owner === undefined) return;
  const what = owner.state === 'succeeded' ? 'it has been given out' : 'resolve that one';
  throw new AppError('conflict', `the receipt ${receipt ?? ''} belongs to payment ${owner.id}: ${what}`, {
    extra: { paymentId: owner.id },
  });
}

function refuseOtherPrice(offer: Offer | undefined, amountMinor: number): void {
  if (offer === undefined || (offer.priceMinor === amountMinor && offer.currency === MPESA_CURRENCY)) return;
  const [costs, paid] = [moneyText(offer.priceMinor, offer.currency), moneyText(amountMinor, MPESA_CURRENCY)];
  throw new AppError(
    'conflict',
    `${offer.packageName} costs ${costs}, and ${paid} was paid: leave the package out, then the wallet is topped up`,
  );
}

function refuseUnknownZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    throw invalidField('query.timeZone', 'must be an IANA time zone such as Africa/Nairobi');
  }
}
