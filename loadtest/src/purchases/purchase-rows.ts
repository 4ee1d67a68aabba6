import { z } from 'zod';
import type { Ledger } from '../ledger/open-ledger.js';
import type { SettledReceipt } from './used-receipt.js';

const money = z.coerce.bigint();
const timeMs = z.date().transform((instant) => instant.getTime());

const paymentRow = z.object({
  id: z.string(),
  state: z.string(),
  msisdn: z.string(),
  tokenHash: z.string().nullable(),
  /** CheckoutRequestID, when the service learnt it. */
  requestId: z.string().nullable(),
  amountMinor: money,
  paidMinor: money.nullable(),
  receipt: z.string().nullable(),
  entitlementId: z.string().nullable(),
  customerId: z.string().nullable(),
  settledMs: timeMs.nullable(),
  checks: z.number(),
});
export type PaymentRow = z.output<typeof paymentRow>;

const entryRow = z.object({ paymentId: z.string(), entries: z.number(), soldMinor: money, sumMinor: money });
export type EntryRow = z.output<typeof entryRow>;

const accessRow = z.object({ customerId: z.string(), seconds: z.coerce.number(), count: z.number() });
export type AccessRow = z.output<typeof accessRow>;

/** What the database says about the purchases of a run. */
export interface PurchaseRows {
  readonly payments: readonly PaymentRow[];
  /** One for each payment that has ledger entries. */
  readonly entries: readonly EntryRow[];
  /** Access given to each customer since the run began. */
  readonly access: readonly AccessRow[];
  /** Currencies whose postings do not sum to 0, and accounts whose balance is not the sum of their postings. */
  readonly unbalanced: number;
}

const PAYMENTS = `
  SELECT id, state::text AS state, msisdn, callback_token_hash AS "tokenHash", provider_request_id AS "requestId",
    amount_minor AS "amountMinor",
    paid_minor AS "paidMinor", receipt, entitlement_id AS "entitlementId", customer_id AS "customerId",
    settled_at AS "settledMs", checks
  FROM payment WHERE msisdn = ANY($1) AND created_at >= $2`;

const ENTRIES = `
  SELECT e.payment_id AS "paymentId", count(DISTINCT e.id)::int AS entries,
    coalesce(sum(p.amount_minor) FILTER (WHERE a.kind = 'sales'), 0) AS "soldMinor", sum(p.amount_minor) AS "sumMinor"
  FROM ledger_entry e JOIN ledger_posting p ON p.entry_id = e.id JOIN ledger_account a ON a.id = p.account_id
  WHERE e.payment_id = ANY($1) GROUP BY e.payment_id`;

const ACCESS = `
  SELECT customer_id AS "customerId", count(*)::int AS count, sum(extract(epoch FROM ends_at - starts_at)) AS seconds
  FROM entitlement WHERE customer_id = ANY($1) AND created_at >= $2 GROUP BY customer_id`;

const UNBALANCED = `
  SELECT (SELECT count(*) FROM (
      SELECT a.currency FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id
      GROUP BY a.currency HAVING sum(p.amount_minor) <> 0) AS currency)
    + (SELECT count(*) FROM ledger_account a WHERE a.balance_minor <>
      (SELECT coalesce(sum(p.amount_minor), 0) FROM ledger_posting p WHERE p.account_id = a.id)) AS unbalanced`;

const OPEN = `
  SELECT count(*) AS open FROM payment
  WHERE msisdn = ANY($1) AND created_at >= $2 AND (state IN ('created', 'requested')
    OR state = 'timed_out' AND provider_request_id IS NOT NULL AND next_check_at < now() + interval '5 minutes')`;

const SETTLED = `
  SELECT msisdn, receipt FROM payment
  WHERE msisdn = ANY($1) AND created_at >= $2 AND state = 'succeeded' AND receipt IS NOT NULL
  ORDER BY settled_at LIMIT 5`;

export interface RunOfPurchases {
  readonly msisdns: readonly string[];
  readonly since: Date;
}

export async function readPurchaseRows(ledger: Ledger, run: RunOfPurchases): Promise<PurchaseRows> {
  const select = async <Row extends z.ZodType>(row: Row, sql: string, values: readonly unknown[]) =>
    z.array(row).parse((await ledger.query(sql, values)).rows);
  const payments = await select(paymentRow, PAYMENTS, [run.msisdns, run.since]);
  const ids = payments.map(({ id }) => id);
  const customers = payments.flatMap(({ customerId }) => (customerId === null ? [] : [customerId]));
  const [balance] = await select(z.object({ unbalanced: z.coerce.number() }), UNBALANCED, []);
  return {
    payments,
    entries: await select(entryRow, ENTRIES, [ids]),
    access: await select(accessRow, ACCESS, [customers, run.since]),
    unbalanced: balance?.unbalanced ?? Number.NaN,
  };
}

/** The first receipts of the run that the service knows to be paid. */
export async function readSettled(ledger: Ledger, run: RunOfPurchases): Promise<SettledReceipt[]> {
  const { rows } = await ledger.query(SETTLED, [run.msisdns, run.since]);
  return z.array(z.object({ msisdn: z.string(), receipt: z.string() })).parse(rows);
}

/** Purchases of which it is not known yet what became of them, and those that M-Pesa will soon be asked about once more. */
export async function countOpen(ledger: Ledger, run: RunOfPurchases): Promise<number> {
  const { rows } = await ledger.query(OPEN, [run.msisdns, run.since]);
  return z.object({ open: z.coerce.number() }).parse(rows[0]).open;
}
