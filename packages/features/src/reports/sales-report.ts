import type { SalesGrouping, SalesReport } from '@turnpike/contracts/reports.js';
import { daysOf, type ReportRange } from './report-range.js';
import type { SalesRow } from './sales.store.js';

type Row = SalesReport['rows'][number];

/** Rows as people read them: times in their order and without gaps, everything else the most money first. */
export function salesRows(rows: readonly SalesRow[], range: ReportRange, by: SalesGrouping): Row[] {
  const shown = rows.map((row) => ({ key: row.key ?? 'none', label: labelOf(row, by), ...sumsOf(row) }));
  switch (by) {
    case 'day': {
      const known = new Map(shown.map((row) => [row.key, row]));
      return daysOf(range).map((day) => known.get(day) ?? { key: day, label: day, ...NOTHING });
    }
    case 'hour':
      return shown.sort((one, other) => (one.key < other.key ? -1 : 1));
    default:
      return shown.sort((one, other) => other.netMinor - one.netMinor || (one.label < other.label ? -1 : 1));
  }
}

export function sumsOf(row: Omit<SalesRow, 'isTotal' | 'key' | 'name'>): Omit<Row, 'key' | 'label'> {
  return {
    payments: row.payments,
    customers: row.customers,
    grossMinor: Number(row.grossMinor),
    refundedMinor: Number(row.refundedMinor),
    netMinor: Number(row.grossMinor - row.refundedMinor),
    commissionMinor: Number(row.commissionMinor),
  };
}

export const NOTHING = {
  payments: 0,
  customers: 0,
  grossMinor: 0,
  refundedMinor: 0,
  netMinor: 0,
  commissionMinor: 0,
} as const;

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

const LABELS: Readonly<Record<string, string>> = {
  mpesa: 'M-Pesa',
  paybill: 'M-Pesa paybill',
  cash: 'Cash',
  wallet: 'Wallet',
  agent: 'Vouchers through agents',
  agents: 'Agents (vouchers)',
  desk: 'At the desk',
  unsited: 'Routers without a site',
  none: 'Not known',
};

/** In English, as in files and on the command line. */
function labelOf({ key, name }: SalesRow, by: SalesGrouping): string {
  if (name !== null) return name;
  if (key === null) return by === 'agent' ? 'Not through an agent' : 'Not known';
  if (by === 'hour') return `${WEEKDAYS[Number(key[0]) - 1] ?? ''} ${key.slice(2)}:00`;
  return key.startsWith('site:') ? key.slice('site:'.length) : (LABELS[key] ?? key);
}
