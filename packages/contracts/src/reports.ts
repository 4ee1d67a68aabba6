import { z } from 'zod';
import { id, instant, page, pageQueryShape } from './common.js';
import { endpoint } from './endpoint.js';
import { currency } from './ledger.js';

const tag = 'reports';
const files = ['text/csv'] as const;

/** Days that a report may span. */
export const MAX_REPORT_DAYS = 400;
const DAY_MS = 86_400_000;

const count = z.number().int();
/** Sums of many payments: still far below what JSON numbers hold. */
const minor = z.number().int();
const day = z.iso.date();
/** `2026-11` */
const month = z.string().regex(/^\d{4}-\d{2}$/);

const range = {
  /** First day, in the network's time zone; left out: 30 days before `to`. */
  from: day.optional(),
  /** The day after the last one; left out: tomorrow. */
  to: day.optional(),
  /** Left out: the one that most was sold in. */
  currency: currency.optional(),
};

function isRange({ from, to }: { from?: string | undefined; to?: string | undefined }): boolean {
  if (from === undefined || to === undefined) return true;
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS;
  return days > 0 && days <= MAX_REPORT_DAYS;
}

const NO_RANGE = {
  path: ['to'],
  error: `must be a later day than from, and at most ${MAX_REPORT_DAYS} days later: it is the day after the last one`,
};

const told = {
  from: day,
  to: day,
  timeZone: z.string(),
  currency: z.string(),
  /** What else was sold in, in this time; ask with `currency`. */
  otherCurrencies: z.array(z.string()),
};

export const salesGroupings = ['day', 'site', 'package', 'agent', 'channel', 'hour'] as const;
export type SalesGrouping = (typeof salesGroupings)[number];

const sums = {
  /** Sales, each package payment and each sale of vouchers to an agent once. */
  payments: count,
  /** Distinct ones; who buys a voucher from an agent is not known. */
  customers: count,
  grossMinor: minor,
  /** Given back in this time, whenever it was sold; vouchers that were revoked unused too. */
  refundedMinor: minor,
  /** `grossMinor` less `refundedMinor`: what the ledger's account `sales` moved by. */
  netMinor: minor,
  /** What agents keep of it. */
  commissionMinor: minor,
};

export const salesReport = z.object({
  ...told,
  by: z.enum(salesGroupings),
  /**
   * `key`: `YYYY-MM-DD`; `1-00` (Monday, from midnight) to `7-23`; a channel; an id of a package or agent; `site:` and its name.
   * Besides `none` (not known), and for sites `desk` (taken by an operator), `agents` and `unsited` (a router without a site).
   */
  rows: z.array(z.object({ key: z.string(), label: z.string(), ...sums })),
  totals: z.object(sums),
});
export type SalesReport = z.infer<typeof salesReport>;

export const getSalesReport = endpoint({
  method: 'get',
  path: '/reports/sales',
  tag,
  summary:
    'Sales by day, site, package, agent, channel or hour of the week, as the ledger has them: top-ups of wallets are no ' +
    'sales, what is paid from a wallet is. At most a minute old',
  allow: 'reports:read',
  query: z.strictObject({ ...range, by: z.enum(salesGroupings).default('day') }).refine(isRange, NO_RANGE),
  files,
  response: salesReport,
});
export type SalesQuery = z.output<typeof getSalesReport.query>;

export const MAX_CHURN_MONTHS = 24;

export const churnReport = z.object({
  timeZone: z.string(),
  currency: z.string(),
  otherCurrencies: z.array(z.string()),
  /** Oldest first; the last one is the month that runs. */
  months: z.array(
    z.object({
      month,
      /** False: it still runs. */
      isComplete: z.boolean(),
      /** Customers who bought a package and were not refunded. */
      customers: count,
      /** Of these: for the first time; not in the month before but earlier. */
      firstTime: count,
      cameBack: count,
      /** Bought in the month before, and not in this one. */
      lost: count,
      /** `lost` by the customers of the month before, hundredths of a percent; null: there were none. */
      churnBasisPoints: count.nullable(),
      revenueMinor: minor,
      /** `revenueMinor` by `customers`, rounded half up; null: there were none. */
      perCustomerMinor: minor.nullable(),
    }),
  ),
  /** By the month of the first purchase; `bought`: how many of them bought in that month and in each one after it. */
  cohorts: z.array(z.object({ month, customers: count, bought: z.array(count) })),
});
export type ChurnReport = z.infer<typeof churnReport>;

export const getChurnReport = endpoint({
  method: 'get',
  path: '/reports/churn',
  tag,
  summary:
    'Who bought, came new, came back or was lost, month by month, and how many of those who began in a month bought again. ' +
    'Customers who pay; vouchers have no name. At most a minute old',
  allow: 'reports:read',
  query: z.strictObject({
    months: z.coerce.number().int().min(1).max(MAX_CHURN_MONTHS).default(6),
    currency: currency.optional(),
  }),
  files,
  response: churnReport,
});

export const taxTerms = z.object({
  /** For example `VAT`. */
  name: z.string(),
  /** Hundredths of a percent; 0: no tax. */
  basisPoints: count,
  /** True: prices contain it; false: it comes on top of them. */
  inclusive: z.boolean(),
});
export type TaxTerms = z.infer<typeof taxTerms>;

const taxSums = { grossMinor: minor, refundedMinor: minor, netMinor: minor, taxMinor: minor };

export const taxReport = z.object({
  ...told,
  tax: taxTerms,
  /** Months of the time zone, the first and the last only as far as the range goes. */
  months: z.array(z.object({ month, ...taxSums })),
  /** Each tax is worked out of the sum it stands beside and rounded once, half up: that of the months may differ by a cent. */
  totals: z.object(taxSums),
});
export type TaxReport = z.infer<typeof taxReport>;

export const getTaxReport = endpoint({
  method: 'get',
  path: '/reports/tax',
  tag,
  summary: 'Sales, refunds and the tax in them by month, with the rate of the settings. At most a minute old',
  allow: 'reports:read',
  query: z.strictObject(range).refine(isRange, NO_RANGE),
  files,
  response: taxReport,
});
export type RangeQuery = z.output<typeof getTaxReport.query>;

export const taxLine = z.object({
  /** Of the ledger entry. */
  id,
  at: instant,
  kind: z.enum(['sale', 'refund']),
  /** Of the payment, or the number of the batch of vouchers. */
  reference: z.string(),
  receipt: z.string().nullable(),
  description: z.string(),
  /** Negative for a refund. */
  grossMinor: minor,
  /** Of this line alone. */
  taxMinor: minor,
});
export type TaxLine = z.infer<typeof taxLine>;

export const listTaxLines = endpoint({
  method: 'get',
  path: '/reports/tax/lines',
  tag,
  summary: 'Every sale and refund with its receipt and tax, oldest first; as CSV all of them at once',
  allow: 'reports:read',
  query: z.strictObject({ ...pageQueryShape, ...range }).refine(isRange, NO_RANGE),
  files,
  response: page(taxLine).extend({ ...told, tax: taxTerms }),
});
export type TaxLinesQuery = z.output<typeof listTaxLines.query>;
export type TaxLines = z.infer<typeof listTaxLines.response>;
