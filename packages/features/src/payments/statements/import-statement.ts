import type { StatementImport } from '@turnpike/contracts/payments.js';
import { moneyText } from '@turnpike/core/money.js';
import type { Database, Tx } from '@turnpike/db/database.js';
import type { ChangeContext } from '@turnpike/runtime/http/change-context.js';
import { appendAudit } from '../../audit/audit.store.js';
import { insertForReview, reviewPayment } from '../payment-endings.js';
import {
  findGivenUp,
  findPaymentByReceipt,
  findReceiptless,
  lockPayment,
  updatePaymentRow,
  type PaymentRow,
} from '../payment.store.js';
import { readMpesaStatement, type StatementMoney } from './mpesa-statement.js';
import { insertStatementLines, knownReceipts, lockImports, type NewStatementLine } from './statement-line.store.js';

interface ImportInput extends Pick<Database, 'transact'> {
  readonly csv: string;
  readonly currency: string;
  readonly moved: (paymentId: string) => Promise<void>;
}

interface Verdict {
  readonly verdict: NewStatementLine['verdict'];
  readonly paymentId: string;
  readonly detail?: string;
}

const PROVIDER = 'mpesa';
/** Statement and callback of one payment differ by no more than this. */
const APART_MS = 15 * 60_000;
const CHUNK = 100;
const MOST_PROBLEMS = 200;

/** Compares every line that is money for us with our payments; what is missing here becomes a payment for a person. */
export async function importStatement(input: ImportInput, context: ChangeContext): Promise<StatementImport> {
  const { money, skipped, unreadable } = readMpesaStatement(input.csv, input.currency);
  const counts = { matched: 0, missing: 0, amount: 0 };
  const problems: StatementImport['problems'] = unreadable.map((each) => ({
    ...each,
    verdict: 'unreadable',
    paymentId: null,
  }));
  let known = 0;
  for (let from = 0; from < money.length; from += CHUNK) {
    const chunk = money.slice(from, from + CHUNK);
    const found = await input.transact((tx) => compare(tx, chunk, input.currency, context));
    known += chunk.length - found.length;
    for (const [line, { verdict, paymentId, detail = '' }] of found) {
      counts[verdict] += 1;
      if (verdict === 'matched') continue;
      problems.push({ line: line.line, receipt: line.receipt, verdict, detail, paymentId });
      await input.moved(paymentId);
    }
  }
  const summary = { lines: money.length, ...counts, skipped, known };
  await input.transact((tx) =>
    appendAudit(tx, {
      ...context,
      action: 'payment.import_statement',
      subjectType: 'statement',
      subjectId: PROVIDER,
      details: summary,
    }),
  );
  return { ...summary, problems: problems.slice(0, MOST_PROBLEMS) };
}

async function compare(
  tx: Tx,
  lines: readonly StatementMoney[],
  currency: string,
  { actor }: ChangeContext,
): Promise<[StatementMoney, Verdict][]> {
  await lockImports(tx);
  const known = await knownReceipts(
    tx,
    PROVIDER,
    lines.map(({ receipt }) => receipt),
  );
  const found: [StatementMoney, Verdict][] = [];
  for (const line of lines) {
    if (known.has(line.receipt)) continue;
    known.add(line.receipt);
    found.push([line, await verdictOf(tx, line, currency)]);
  }
  await insertStatementLines(
    tx,
    found.map(([line, { verdict, paymentId }]) => ({
      provider: PROVIDER,
      receipt: line.receipt,
      amountMinor: line.amountMinor,
      currency,
      msisdn: line.msisdn ?? null,
      account: line.account ?? null,
      completedAt: line.completedAt,
      paymentId,
      verdict,
      importedBy: actor,
    })),
  );
  return found;
}

async function verdictOf(tx: Tx, line: StatementMoney, currency: string): Promise<Verdict> {
  const payment = await findPaymentByReceipt(tx, line.receipt);
  if (payment !== null) return sameAmount(payment, line, currency);
  const near = {
    amountMinor: line.amountMinor,
    msisdn: line.msisdn ?? '',
    from: new Date(line.completedAt.getTime() - APART_MS),
    to: new Date(line.completedAt.getTime() + APART_MS),
  };
  const receiptless = await findReceiptless(tx, near);
  if (receiptless !== null) {
    await updatePaymentRow(tx, receiptless.id, { receipt: line.receipt });
    return { verdict: 'matched', paymentId: receiptless.id };
  }
  return missing(tx, line, currency, await findGivenUp(tx, near));
}

function sameAmount(payment: PaymentRow, line: StatementMoney, currency: string): Verdict {
  const ours = payment.paidMinor ?? payment.amountMinor;
  if (ours === line.amountMinor) return { verdict: 'matched', paymentId: payment.id };
  const [said, has] = [moneyText(line.amountMinor, currency), moneyText(ours, payment.currency)];
  const detail = `the statement says ${said}, our payment says ${has}: look it up in M-Pesa and correct the wallet`;
  return { verdict: 'amount', paymentId: payment.id, detail };
}

/** `givenUp`: a request of the same phone and amount that we thought unpaid. */
async function missing(tx: Tx, line: StatementMoney, currency: string, givenUp: PaymentRow | null): Promise<Verdict> {
  const held = givenUp === null ? null : await lockPayment(tx, givenUp.id);
  if (held !== null) {
    const why = 'the statement says that it was paid after all: resolve it as paid';
    await reviewPayment(tx, held, { why, receipt: line.receipt, paidMinor: line.amountMinor, paidMsisdn: line.msisdn });
    return { verdict: 'missing', paymentId: held.id, detail: why };
  }
  const detail = `the statement has it and nothing of ours does (account "${line.account ?? ''}"): find its customer and resolve it`;
  const row = await insertForReview(tx, {
    provider: 'paybill',
    amountMinor: line.amountMinor,
    paidMinor: line.amountMinor,
    currency,
    msisdn: line.msisdn ?? null,
    paidMsisdn: line.msisdn ?? null,
    receipt: line.receipt,
    requestedAt: line.completedAt,
    detail,
  });
  return { verdict: 'missing', paymentId: row.id, detail };
}
