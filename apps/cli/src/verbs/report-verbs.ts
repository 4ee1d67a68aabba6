import type { Command } from 'commander';
import type { Endpoint } from '@turnpike/contracts/endpoint.js';
import {
  getChurnReport,
  getSalesReport,
  getTaxReport,
  listTaxLines,
  salesGroupings,
  type ChurnReport,
  type SalesReport,
  type TaxReport,
} from '@turnpike/contracts/reports.js';
import { moneyText } from '@turnpike/core/money.js';
import type { z } from 'zod';
import { EXIT, VerbError } from './exit.js';
import { addVerb, parseCount, type Verb, type VerbHost, type VerbOptions } from './verb.js';

interface RangeOptions extends VerbOptions {
  readonly from?: string;
  readonly to?: string;
  readonly currency?: string;
  readonly csv?: boolean;
}

interface SalesOptions extends RangeOptions {
  readonly by: string;
}

interface ChurnOptions extends VerbOptions {
  readonly months: number;
  readonly currency?: string;
  readonly csv?: boolean;
}

interface TaxOptions extends RangeOptions {
  readonly lines?: boolean;
}

/** `report sales`, `report churn` and `report tax`. */
export function reportVerbs(group: Command, host: VerbHost): void {
  addVerb<SalesOptions>(group, host, {
    name: 'sales',
    description: 'what was sold, as the ledger has it',
    options: (command) =>
      void rangeOptions(command)
        .option('--by <grouping>', salesGroupings.join(', '), 'day')
        .option('--csv', 'as a table for a spreadsheet', false),
    run: sales,
  });
  addVerb<ChurnOptions>(group, host, {
    name: 'churn',
    description: 'customers who came, came back and were lost, by month',
    options: (command) =>
      void command
        .option('--months <n>', 'so many months, up to 24', parseCount, 6)
        .option('--currency <code>', 'for example KES')
        .option('--csv', 'as a table for a spreadsheet', false),
    run: churn,
  });
  addVerb<TaxOptions>(group, host, {
    name: 'tax',
    description: 'sales, refunds and the tax in them, by month',
    options: (command) =>
      void rangeOptions(command)
        .option('--csv', 'as a table for a spreadsheet', false)
        .option('--lines', 'every sale and refund by itself, as CSV', false),
    run: tax,
  });
}

function rangeOptions(command: Command): Command {
  return command
    .option('--from <day>', 'first day, for example 2026-11-01')
    .option('--to <day>', 'last day, itself included')
    .option('--currency <code>', 'for example KES');
}

async function sales(verb: Verb, _args: readonly string[], options: SalesOptions): Promise<void> {
  const by = salesGroupings.find((grouping) => grouping === options.by);
  if (by === undefined) throw new VerbError(`--by is one of ${salesGroupings.join(', ')}.`, EXIT.usage);
  const query = checked(getSalesReport, { ...rangeOf(options), by });
  if (options.csv === true) return writeCsv(verb, getSalesReport, query);
  const report = await (await verb.api()).call(getSalesReport, { query });
  if (verb.out.json) return verb.out.emit(report);
  showSales(verb, report);
}

function showSales({ out }: Verb, { rows, totals, currency, from, to, timeZone, otherCurrencies }: SalesReport): void {
  const money = (minor: number): string => moneyText(minor, currency);
  type Row = SalesReport['rows'][number];
  out.say(out.colours.bold(`Sales from ${from} to before ${to}, ${timeZone}`));
  out.list<Row>(
    [
      { title: 'what', value: ({ label }) => label, mayShrink: true },
      { title: 'sales', value: ({ payments }) => String(payments), align: 'right' },
      { title: 'customers', value: ({ customers }) => String(customers), align: 'right' },
      { title: 'gross', value: ({ grossMinor }) => money(grossMinor), align: 'right' },
      { title: 'refunded', value: ({ refundedMinor }) => money(refundedMinor), align: 'right' },
      { title: 'net', value: ({ netMinor }) => money(netMinor), align: 'right' },
    ],
    [
      ...rows.filter(({ payments, refundedMinor }) => payments > 0 || refundedMinor !== 0),
      { ...totals, key: '', label: 'all' },
    ],
    '',
  );
  if (totals.commissionMinor !== 0) out.say(`Agents keep ${money(totals.commissionMinor)} of it.`);
  tellOthers(out, otherCurrencies);
}

async function churn(verb: Verb, _args: readonly string[], options: ChurnOptions): Promise<void> {
  const query = checked(getChurnReport, { months: options.months, currency: options.currency });
  if (options.csv === true) return writeCsv(verb, getChurnReport, query);
  const report = await (await verb.api()).call(getChurnReport, { query });
  if (verb.out.json) return verb.out.emit(report);
  showChurn(verb, report);
}

function showChurn({ out }: Verb, { months, currency, timeZone, otherCurrencies }: ChurnReport): void {
  type Row = ChurnReport['months'][number];
  out.say(out.colours.bold(`Customers by month, ${timeZone}`));
  out.list<Row>(
    [
      { title: 'month', value: ({ month, isComplete }) => (isComplete ? month : `${month} so far`) },
      { title: 'bought', value: ({ customers }) => String(customers), align: 'right' },
      { title: 'new', value: ({ firstTime }) => String(firstTime), align: 'right' },
      { title: 'came back', value: ({ cameBack }) => String(cameBack), align: 'right' },
      { title: 'lost', value: ({ lost, isComplete }) => (isComplete ? String(lost) : '-'), align: 'right' },
      {
        title: 'churn',
        value: ({ churnBasisPoints: rate, isComplete }) =>
          rate === null || !isComplete ? '-' : `${(rate / 100).toFixed(1)} %`,
        align: 'right',
      },
      {
        title: 'each paid',
        value: ({ perCustomerMinor: each }) => (each === null ? '-' : moneyText(each, currency)),
        align: 'right',
      },
    ],
    months,
    '',
  );
  tellOthers(out, otherCurrencies);
}

async function tax(verb: Verb, _args: readonly string[], options: TaxOptions): Promise<void> {
  const query = checked(getTaxReport, rangeOf(options));
  if (options.lines === true) return writeCsv(verb, listTaxLines, query);
  if (options.csv === true) return writeCsv(verb, getTaxReport, query);
  const report = await (await verb.api()).call(getTaxReport, { query });
  if (verb.out.json) return verb.out.emit(report);
  showTax(verb, report);
}

function showTax({ out }: Verb, { months, totals, tax: terms, currency, timeZone, otherCurrencies }: TaxReport): void {
  const money = (minor: number): string => moneyText(minor, currency);
  type Row = TaxReport['months'][number];
  const how = terms.inclusive ? 'contained in prices' : 'on top of prices';
  out.say(out.colours.bold(`${terms.name} ${terms.basisPoints / 100} %, ${how}, ${timeZone}`));
  out.list<Row>(
    [
      { title: 'month', value: ({ month }) => month },
      { title: 'gross', value: ({ grossMinor }) => money(grossMinor), align: 'right' },
      { title: 'refunded', value: ({ refundedMinor }) => money(refundedMinor), align: 'right' },
      { title: 'net', value: ({ netMinor }) => money(netMinor), align: 'right' },
      { title: 'tax', value: ({ taxMinor }) => money(taxMinor), align: 'right' },
    ],
    [...months, { month: 'all', ...totals }],
    '',
  );
  tellOthers(out, otherCurrencies);
}

function tellOthers(out: Verb['out'], currencies: readonly string[]): void {
  if (currencies.length > 0) out.say(`There were sales in ${currencies.join(', ')} too: --currency shows them.`);
}

/** The last day is included on the command line, and left out by the API. */
function rangeOf({ from, to, currency }: RangeOptions) {
  if (to === undefined) return { from, currency };
  const last = Date.parse(`${to}T00:00:00Z`);
  if (Number.isNaN(last)) throw new VerbError('--to is a day such as 2026-11-30.', EXIT.usage);
  return { from, currency, to: new Date(last + DAY_MS).toISOString().slice(0, 10) };
}

const DAY_MS = 86_400_000;

/** Says what is wrong with the options before anything is asked. */
function checked<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  endpoint: Endpoint<P, Q, B, R>,
  query: z.input<Q>,
): z.input<Q> {
  const parsed = endpoint.query.safeParse(query);
  if (parsed.success) return query;
  const [issue] = parsed.error.issues;
  throw new VerbError(`--${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is wrong'}`, EXIT.usage);
}

async function writeCsv<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  { api, out }: Verb,
  endpoint: Endpoint<P, Q, B, R>,
  query: z.input<Q>,
): Promise<void> {
  const file = await (await api()).file(endpoint, { query, accept: 'text/csv' });
  out.terminal.write(file.toString('utf8'));
}
