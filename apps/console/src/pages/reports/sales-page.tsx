import { Button, Skeleton, Stack } from '@mantine/core';
import { IconMail } from '@tabler/icons-react';
import { getSalesReport, salesGroupings, type SalesGrouping, type SalesReport } from '@turnpike/contracts/reports.js';
import { minorDigits, moneyText } from '@turnpike/core/money.js';
import { Suspense, lazy, useState } from 'react';
import { useEndpoint } from '../../api/use-endpoint.js';
import { Choices } from '../../kit/choices.js';
import { CopyAs } from '../../kit/copy-as.js';
import { EmptyState } from '../../kit/empty-state.js';
import { Loaded } from '../../kit/loaded.js';
import { oneOf } from '../../kit/one-of.js';
import { Section } from '../../kit/section.js';
import { useFilters } from '../../kit/use-filters.js';
import { dateLocale } from '../../kit/zone.js';
import { useLanguage } from '../../words/language.js';
import { useWords } from '../../words/use-words.js';
import { DownloadButton } from './download-button.js';
import { HourHeat } from './hour-heat.js';
import { KeyFigures } from './key-figures.js';
import { RangeFilter } from './range-filter.js';
import { reportWords } from './report-words.js';
import { ReportsFrame } from './reports-frame.js';
import { heatOf, labelOf } from './sales-labels.js';
import { SalesTable } from './sales-table.js';
import { useRange } from './use-range.js';

const SalesChart = lazy(async () => ({ default: (await import('./sales-chart.js')).SalesChart }));
const NewSchedule = lazy(async () => ({ default: (await import('./new-schedule.js')).NewSchedule }));

/** Bars that can be told apart. */
const MOST_BARS = 12;

/** What was sold, grouped as one likes. */
export function SalesPage() {
  const t = useWords(reportWords);
  const given = useRange();
  const [filters, change] = useFilters(['by']);
  const by = oneOf(salesGroupings, filters.by) ?? 'day';
  const query = given.query === undefined ? undefined : { ...given.query, by };
  const asked = useEndpoint(
    getSalesReport,
    { query: query ?? {} },
    { keepPrevious: true, enabled: query !== undefined },
  );
  const [isMailing, setMailing] = useState(false);
  const range = given.range;
  return (
    <ReportsFrame
      about={asked.data === undefined ? undefined : t('salesAbout', { zone: asked.data.timeZone })}
      actions={
        <>
          <CopyAs
            endpoint={getSalesReport}
            input={{ query: query ?? {} }}
            command={`report sales --by ${by} --from ${range.from} --to ${range.to}`}
          />
          <DownloadButton
            endpoint={getSalesReport}
            input={query === undefined ? undefined : { query }}
            fileName={`sales-by-${by}-${range.from}-${range.to}.csv`}
          />
          <Button leftSection={<IconMail size={16} />} onClick={() => setMailing(true)}>
            {t('mailMe')}
          </Button>
        </>
      }
    >
      <RangeFilter given={given} money={asked.data} />
      <Choices
        label={t('by')}
        value={by}
        onChange={(chosen) => change({ by: chosen })}
        choices={salesGroupings.map((value) => ({ value, label: t(value) }))}
      />
      {query === undefined ? null : (
        <Loaded asked={asked} height={420}>
          {(report) => <Report report={report} />}
        </Loaded>
      )}
      {isMailing ? (
        <Suspense>
          <NewSchedule what={{ report: 'sales', by }} onClose={() => setMailing(false)} />
        </Suspense>
      ) : null}
    </ReportsFrame>
  );
}

function Report({ report }: { report: SalesReport }) {
  const t = useWords(reportWords);
  const { totals, currency, rows } = report;
  const count = new Intl.NumberFormat(dateLocale(useLanguage()));
  const money = (minor: number): string => moneyText(minor, currency);
  const isEmpty = totals.payments === 0 && totals.refundedMinor === 0;
  return (
    <Stack>
      <KeyFigures
        figures={[
          { label: t('net'), value: money(totals.netMinor), hint: t('netHint') },
          { label: t('gross'), value: money(totals.grossMinor) },
          { label: t('refunded'), value: money(totals.refundedMinor) },
          { label: t('payments'), value: count.format(totals.payments) },
          { label: t('customers'), value: count.format(totals.customers), hint: t('customersHint') },
          { label: t('commission'), value: money(totals.commissionMinor) },
        ]}
      />
      {isEmpty ? (
        <EmptyState title={t('empty')} text={t('emptyText')} />
      ) : (
        <>
          {report.by === 'hour' ? (
            <Section title={t('heat')}>
              <HourHeat hours={heatOf(rows)} money={money} />
            </Section>
          ) : (
            <Chart report={report} by={report.by} />
          )}
          <SalesTable report={report} />
        </>
      )}
    </Stack>
  );
}

function Chart({ report, by }: { report: SalesReport; by: Exclude<SalesGrouping, 'hour'> }) {
  const t = useWords(reportWords);
  const language = useLanguage();
  const { currency, rows } = report;
  const unit = 10 ** minorDigits(currency);
  const day = new Intl.DateTimeFormat(dateLocale(language), { day: 'numeric', month: 'short', timeZone: 'UTC' });
  const short = new Intl.NumberFormat(dateLocale(language), { notation: 'compact' });
  const shown = by === 'day' ? rows : rows.slice(0, MOST_BARS);
  return (
    <Section title={t('chart', { by: t(by).toLowerCase() })}>
      <Suspense fallback={<Skeleton h={280} />}>
        <SalesChart
          isOfDays={by === 'day'}
          label={t('net')}
          format={(value) => moneyText(Math.round(value * unit), currency)}
          tick={(value) => short.format(value)}
          bars={shown.map((row) => ({
            name: by === 'day' ? day.format(new Date(row.key)) : labelOf(row, by, t),
            net: row.netMinor / unit,
          }))}
        />
      </Suspense>
    </Section>
  );
}
