import type {
  ChurnReport,
  RangeQuery,
  SalesQuery,
  SalesReport,
  TaxLine,
  TaxLinesQuery,
  TaxLines,
  TaxReport,
  TaxTerms,
} from '@turnpike/contracts/reports.js';
import { AppError } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { Database, Tx } from '@turnpike/db/database.js';
import { isUnavailable } from '@turnpike/db/database-errors.js';
import type { Cache } from '@turnpike/runtime/cache.js';
import { addDays, localDay } from '../dashboard/local-day.js';
import { churnCohorts, churnMonths } from './churn-report.js';
import { countBuyers, listPaidCurrencies } from './churn.store.js';
import { createGate } from './report-gate.js';
import { addMonths, rangeOf, type ReportRange } from './report-range.js';
import { NOTHING, salesRows, sumsOf } from './sales-report.js';
import { sumSales } from './sales.store.js';
import { findSoldThrough } from './sold-days.store.js';
import { listSalesAccounts, orderByUse, type SalesAccounts, type SoldRange } from './sold.store.js';
import { cursorAfter, lineAfter, taxLineView, taxMonths, taxTotals } from './tax-report.js';
import { listSold, sumMonths } from './tax.store.js';

export interface ChurnQuery {
  readonly months: number;
  readonly currency?: string | undefined;
}

export interface ReportsService {
  sales(query: SalesQuery): Promise<SalesReport>;
  churn(query: ChurnQuery): Promise<ChurnReport>;
  tax(query: RangeQuery): Promise<TaxReport>;
  taxLines(query: TaxLinesQuery): Promise<TaxLines>;
  /** The lines of an answer and all that come after it, some at a time. */
  allTaxLines(first: TaxLines, signal: AbortSignal): AsyncGenerator<readonly TaxLine[]>;
}

export interface ReportsDeps extends Pick<Database, 'transact'> {
  readonly cache: Cache;
  readonly clock: Clock;
  /** IANA name: days begin by its clock. */
  readonly timeZone: () => string;
  readonly taxOf: () => TaxTerms;
}

const TTL_MS = 60_000;
const TAGS = ['reports'];
const NO_MONEY_YET = 'KES';
const LINES_AT_ONCE = 2_000;
/** Of a process. */
const MOST_AT_ONCE = 2;

export function createReportsService({ transact, cache, clock, timeZone, taxOf }: ReportsDeps): ReportsService {
  const read = createReader(transact);
  const cached = <Value>(key: readonly unknown[], load: (tx: Tx) => Promise<Value>): Promise<Value> =>
    cache.getOrSet(`reports:${JSON.stringify(key)}`, { ttlMs: TTL_MS, tags: TAGS }, () => read(load));

  function rangeAsked(query: RangeQuery): ReportRange {
    const zone = timeZone();
    return { timeZone: zone, ...rangeOf(query, localDay(clock.now(), zone)) };
  }

  async function readSales(tx: Tx, range: ReportRange, query: SalesQuery): Promise<SalesReport> {
    const sold = await soldRange(tx, range);
    const { account, ...told } = await moneyOf(tx, sold, query.currency);
    const rows = account === undefined ? [] : await sumSales(tx, sold, account, query.by);
    const total = rows.find(({ isTotal }) => isTotal);
    const parts = rows.filter(({ isTotal }) => !isTotal);
    return {
      ...range,
      ...told,
      by: query.by,
      rows: salesRows(parts, range, query.by),
      totals: total === undefined ? NOTHING : sumsOf(total),
    };
  }

  async function readTax(tx: Tx, range: ReportRange, currency: string | undefined, tax: TaxTerms): Promise<TaxReport> {
    const asked = await soldRange(tx, range);
    const { account, ...told } = await moneyOf(tx, asked, currency);
    const sold = account === undefined ? [] : await sumMonths(tx, asked, account);
    return { ...range, ...told, tax, months: taxMonths(sold, range, tax), totals: taxTotals(sold, tax) };
  }

  async function readChurn(tx: Tx, zone: string, { months, currency: wanted }: ChurnQuery): Promise<ChurnReport> {
    const to = localDay(clock.now(), zone).slice(0, 7);
    const from = addMonths(to, 1 - months);
    const currencies = await listPaidCurrencies(tx);
    const currency = wanted ?? currencies[0] ?? NO_MONEY_YET;
    const churn = await countBuyers(tx, { timeZone: zone, currency, from });
    return {
      timeZone: zone,
      currency,
      otherCurrencies: currencies.filter((other) => other !== currency),
      months: churnMonths(churn, { from, to }),
      cohorts: churnCohorts(churn, { from, to }),
    };
  }

  return {
    sales: async (query) => {
      const range = rangeAsked(query);
      return cached(['sales', range, query.by, query.currency], (tx) => readSales(tx, range, query));
    },

    churn: async (query) => {
      const zone = timeZone();
      const today = localDay(clock.now(), zone);
      return cached(['churn', zone, today, query.months, query.currency], (tx) => readChurn(tx, zone, query));
    },

    tax: async (query) => {
      const [range, tax] = [rangeAsked(query), taxOf()];
      return cached(['tax', range, query.currency, tax], (tx) => readTax(tx, range, query.currency, tax));
    },

    taxLines: async (query) => {
      const [range, tax] = [rangeAsked(query), taxOf()];
      const after = lineAfter(query.cursor);
      return read(async (tx) => {
        const { account, ...told } = await moneyOf(tx, await soldRange(tx, range), query.currency);
        const rows = account === undefined ? [] : await listSold(tx, range, account, { after, limit: query.limit + 1 });
        const items = rows.slice(0, query.limit).map((row) => taxLineView(row, tax));
        const last = items.at(-1);
        const nextCursor = rows.length > query.limit && last !== undefined ? cursorAfter(last) : null;
        return { ...range, ...told, tax, items, nextCursor };
      });
    },

    allTaxLines: async function* (first, signal) {
      yield first.items;
      let after = lineAfter(first.nextCursor ?? undefined);
      while (after !== undefined) {
        signal.throwIfAborted();
        const from = after;
        const rows = await read(async (tx) => {
          const { account } = await moneyOf(tx, await soldRange(tx, first), first.currency);
          return account === undefined ? [] : listSold(tx, first, account, { after: from, limit: LINES_AT_ONCE });
        });
        const items = rows.map((row) => taxLineView(row, first.tax));
        yield items;
        const last = items.at(-1);
        after = rows.length < LINES_AT_ONCE || last === undefined ? undefined : lineAfter(cursorAfter(last));
      }
    },
  };
}

interface Money {
  readonly account: SalesAccounts | undefined;
  readonly currency: string;
  readonly otherCurrencies: string[];
}

async function soldRange(tx: Tx, { timeZone, from, to }: ReportRange): Promise<SoldRange> {
  const through = await findSoldThrough(tx, timeZone);
  const open = through === undefined ? from : addDays(through, 1);
  return { timeZone, from, to, open: open < from ? from : open < to ? open : to };
}

/** The currency that was asked for, or the one that most was sold in; most networks have one. */
async function moneyOf(tx: Tx, range: SoldRange, wanted: string | undefined): Promise<Money> {
  const all = await listSalesAccounts(tx);
  const used = all.length < 2 ? all : await orderByUse(tx, range, all);
  const currency = wanted ?? used[0]?.currency ?? all[0]?.currency ?? NO_MONEY_YET;
  return {
    account: all.find((account) => account.currency === currency),
    currency,
    otherCurrencies: used.map((account) => account.currency).filter((other) => other !== currency),
  };
}

/**
 * Everything of one report from one instant. Reports read much: a process makes few at a time, so that connections are left for
 * the rest, and they have less time than the pool gives a statement, so that those who wait for one are told what to do.
 */
function createReader(transact: Database['transact']) {
  const gate = createGate(MOST_AT_ONCE);
  return async <Value>(work: (tx: Tx) => Promise<Value>): Promise<Value> => {
    try {
      return await gate(() => transact((tx) => prepared(tx, work)));
    } catch (cause) {
      if (!isUnavailable(cause)) throw cause;
      const detail = 'The report could not be made in time: ask for fewer days, or try again in a minute.';
      throw new AppError('unavailable', detail, { cause });
    }
  };
}

async function prepared<Value>(tx: Tx, work: (tx: Tx) => Promise<Value>): Promise<Value> {
  await tx.$executeRaw`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY`;
  await tx.$executeRaw`SET LOCAL statement_timeout = '8s'`;
  await tx.$executeRaw`SET LOCAL work_mem = '64MB'`;
  return work(tx);
}
