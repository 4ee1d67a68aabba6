import { invalidField } from '@turnpike/core/app-error.js';
import { parseMsisdn } from '@turnpike/core/msisdn.js';
import { fromNairobiTimestamp } from '../mpesa/stk-password.js';
import { receiptOf } from '../mpesa/stk-callback.js';
import { parseAmount } from '../payment-amount.js';
import { parseCsv, type CsvLine } from './csv-table.js';

/** Money that came in, by a line of a statement. */
export interface StatementMoney {
  readonly line: number;
  readonly receipt: string;
  readonly amountMinor: bigint;
  readonly completedAt: Date;
  readonly msisdn: string | undefined;
  readonly account: string | undefined;
}

export interface MpesaStatement {
  readonly money: readonly StatementMoney[];
  /** Lines that are about no money for us: withdrawals, charges, what was not completed. */
  readonly skipped: number;
  readonly unreadable: readonly { readonly line: number; readonly receipt: string; readonly detail: string }[];
}

type Column = 'receipt' | 'completed' | 'details' | 'status' | 'paidIn' | 'otherParty' | 'account';

/** Letters and digits of the headings, lower case. */
const HEADINGS: Readonly<Record<Column, readonly string[]>> = {
  receipt: ['receiptno', 'receiptnumber', 'receipt', 'transactionid'],
  completed: ['completiontime', 'completed', 'transactiontime'],
  details: ['details', 'transactiondetails', 'description'],
  status: ['transactionstatus', 'status'],
  paidIn: ['paidin', 'credit', 'amountpaidin'],
  otherParty: ['otherpartyinfo', 'otherparty', 'party'],
  account: ['acno', 'accountno', 'accountnumber', 'billrefnumber', 'account'],
};
const NEEDED: readonly Column[] = ['receipt', 'completed', 'paidIn'];

/**
 * Reads a statement of Safaricom's organisation portal: whatever lines come before its headings, and whatever the order of its
 * columns. Throws `validation_failed` when there are no such headings.
 */
export function readMpesaStatement(csv: string, currency: string): MpesaStatement {
  const lines = parseCsv(csv);
  const at = lines.findIndex(({ cells }) => NEEDED.every((column) => placeOf(cells, column) !== undefined));
  const heading = lines[at];
  if (heading === undefined) {
    throw invalidField(
      'csv',
      'has no line of headings with Receipt No., Completion Time and Paid In: export it as CSV again',
    );
  }
  const places = new Map(columns.map((column) => [column, placeOf(heading.cells, column)]));
  const money: StatementMoney[] = [];
  const unreadable: { line: number; receipt: string; detail: string }[] = [];
  let skipped = 0;
  for (const line of lines.slice(at + 1)) {
    const read = moneyOf(line, (column) => line.cells[places.get(column) ?? -1] ?? '', currency);
    if (read === undefined) skipped += 1;
    else if ('detail' in read) unreadable.push(read);
    else money.push(read);
  }
  return { money, skipped, unreadable };
}

const columns: readonly Column[] = ['receipt', 'completed', 'details', 'status', 'paidIn', 'otherParty', 'account'];

function placeOf(cells: readonly string[], column: Column): number | undefined {
  const at = cells.findIndex((cell) => HEADINGS[column].includes(cell.toLowerCase().replace(/[^a-z0-9]/g, '')));
  return at === -1 ? undefined : at;
}

function moneyOf(
  { line }: CsvLine,
  cell: (column: Column) => string,
  currency: string,
): StatementMoney | { line: number; receipt: string; detail: string } | undefined {
  const status = cell('status').toLowerCase();
  const paidIn = cell('paidIn').replace(/\s/g, '');
  if ((status !== '' && status !== 'completed') || /^(0*(\.0*)?|-.*)$/.test(paidIn)) return undefined;
  const receipt = receiptOf(cell('receipt'));
  const amountMinor = parseAmount(paidIn, currency);
  const completedAt = timeOf(cell('completed'));
  if (receipt === undefined || amountMinor === undefined || completedAt === undefined) {
    const what = receipt === undefined ? 'receipt' : amountMinor === undefined ? 'amount' : 'time';
    return { line, receipt: cell('receipt').slice(0, 32), detail: `its ${what} cannot be read` };
  }
  const account = cell('account').slice(0, 64);
  return {
    line,
    receipt,
    amountMinor,
    completedAt,
    msisdn: phoneIn(cell('otherParty')) ?? phoneIn(cell('details')),
    account: account === '' ? undefined : account,
  };
}

/** `31-12-2026 13:45:12`, `31/12/2026 13:45` or `2026-12-31 13:45:12`, in Nairobi. */
function timeOf(text: string): Date | undefined {
  const clock = /(\d{1,2}):(\d\d)(?::(\d\d))?/.exec(text);
  const iso = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})/.exec(text);
  const local = /^(\d{1,2})[-/](\d{1,2})[-/](\d{4})/.exec(text);
  const date = iso?.slice(1, 4) ?? local?.slice(1, 4).toReversed();
  if (date === undefined || clock === null) return undefined;
  const digits = [...date, clock[1] ?? '', clock[2] ?? '', clock[3] ?? '00'].map((part) => part.padStart(2, '0'));
  return fromNairobiTimestamp(digits.join(''));
}

function phoneIn(text: string): string | undefined {
  const digits = /(?<!\d)(?:\+?254|0)[17]\d{8}(?!\d)/.exec(text)?.[0];
  return digits === undefined ? undefined : parseMsisdn(digits);
}
