import type { SalesReport } from '@turnpike/contracts/reports.js';
import { DataTable } from '../../kit/data-table.js';
import { Money } from '../../kit/figures.js';
import { RowLink } from '../../kit/row-link.js';
import { dateLocale } from '../../kit/zone.js';
import { givenList } from '../../kit/whole-list.js';
import { useLanguage } from '../../words/language.js';
import { useWords } from '../../words/use-words.js';
import { reportWords } from './report-words.js';
import { labelOf, percentOf } from './sales-labels.js';

type Row = SalesReport['rows'][number];

const BEST_HOURS = 10;

/** The rows in figures; of days the newest first and only those on which something was sold, of hours the best. */
export function SalesTable({ report }: { report: SalesReport }) {
  const t = useWords(reportWords);
  const { by, currency, totals } = report;
  const money = (minor: number) => <Money minor={minor} currency={currency} />;
  const format = new Intl.NumberFormat(dateLocale(useLanguage()));
  const percent = (row: Row) => percentOf(row.netMinor, totals.netMinor);
  return (
    <DataTable
      caption={by === 'hour' ? t('heatBest') : t(by)}
      pages={givenList(rowsOf(report))}
      idOf={({ key }) => key}
      empty={null}
      columns={[
        { key: 'name', title: by === 'hour' ? t('heatBest') : t(by), render: (row) => <Name row={row} by={by} /> },
        {
          key: 'payments',
          title: t('payments'),
          align: 'right',
          from: 'xs',
          render: ({ payments }) => format.format(payments),
        },
        {
          key: 'customers',
          title: t('customers'),
          align: 'right',
          from: 'md',
          render: ({ customers }) => format.format(customers),
        },
        { key: 'gross', title: t('gross'), align: 'right', from: 'md', render: (row) => money(row.grossMinor) },
        {
          key: 'refunded',
          title: t('refunded'),
          align: 'right',
          from: 'lg',
          render: (row) => money(row.refundedMinor),
        },
        { key: 'net', title: t('net'), align: 'right', render: (row) => money(row.netMinor) },
        {
          key: 'commission',
          title: t('commission'),
          align: 'right',
          from: 'xl',
          render: (row) => money(row.commissionMinor),
        },
        {
          key: 'share',
          title: t('share'),
          align: 'right',
          from: 'sm',
          render: (row) => (percent(row) === null ? '–' : `${percent(row)} %`),
        },
      ]}
    />
  );
}

function rowsOf({ by, rows }: SalesReport): readonly Row[] {
  if (by === 'hour') return [...rows].sort((one, other) => other.netMinor - one.netMinor).slice(0, BEST_HOURS);
  if (by !== 'day') return rows;
  return rows.filter(({ payments, refundedMinor }) => payments > 0 || refundedMinor !== 0).reverse();
}

/** Packages and agents lead to their pages. */
function Name({ row, by }: { row: Row; by: SalesReport['by'] }) {
  const t = useWords(reportWords);
  const language = useLanguage();
  if (by === 'day') return dayText(row.key, language);
  const label = labelOf(row, by, t);
  if (row.key === 'none' || (by !== 'package' && by !== 'agent')) return label;
  return <RowLink to={`/${by}s/${row.key}`}>{label}</RowLink>;
}

/** `Mon, 23 Nov 2026` */
function dayText(day: string, language: string): string {
  const style = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(dateLocale(language), style).format(new Date(day));
}
