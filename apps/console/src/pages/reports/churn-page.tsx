import { Button, Skeleton, Stack } from '@mantine/core';
import { IconMail } from '@tabler/icons-react';
import { getChurnReport, type ChurnReport } from '@turnpike/contracts/reports.js';
import { moneyText } from '@turnpike/core/money.js';
import { Suspense, lazy, useState } from 'react';
import { useEndpoint } from '../../api/use-endpoint.js';
import { Choices } from '../../kit/choices.js';
import { CopyAs } from '../../kit/copy-as.js';
import { DataTable } from '../../kit/data-table.js';
import { EmptyState } from '../../kit/empty-state.js';
import { Money } from '../../kit/figures.js';
import { Loaded } from '../../kit/loaded.js';
import { oneOf } from '../../kit/one-of.js';
import { Section } from '../../kit/section.js';
import { useFilters } from '../../kit/use-filters.js';
import { givenList } from '../../kit/whole-list.js';
import { useLanguage } from '../../words/language.js';
import { useWords } from '../../words/use-words.js';
import { churnWords } from './churn-words.js';
import { CohortTable } from './cohort-table.js';
import { DownloadButton } from './download-button.js';
import { KeyFigures } from './key-figures.js';
import { monthText, percentText } from './month-text.js';
import { reportWords } from './report-words.js';
import { ReportsFrame } from './reports-frame.js';

const ChurnChart = lazy(async () => ({ default: (await import('./churn-chart.js')).ChurnChart }));
const NewSchedule = lazy(async () => ({ default: (await import('./new-schedule.js')).NewSchedule }));

const SPANS = ['3', '6', '12', '24'] as const;

/** Who comes, stays and goes. */
export function ChurnPage() {
  const t = useWords(churnWords);
  const words = useWords(reportWords);
  const [filters, change] = useFilters(['months']);
  const months = oneOf(SPANS, filters.months) ?? '6';
  const query = { months: Number(months) };
  const asked = useEndpoint(getChurnReport, { query }, { keepPrevious: true });
  const [isMailing, setMailing] = useState(false);
  return (
    <ReportsFrame
      about={asked.data === undefined ? undefined : t('about', { zone: asked.data.timeZone })}
      actions={
        <>
          <CopyAs endpoint={getChurnReport} input={{ query }} command={`report churn --months ${months}`} />
          <DownloadButton endpoint={getChurnReport} input={{ query }} fileName={`churn-${months}-months.csv`} />
          <Button leftSection={<IconMail size={16} />} onClick={() => setMailing(true)}>
            {words('mailMe')}
          </Button>
        </>
      }
    >
      <Choices
        label={t('months')}
        value={months}
        onChange={(chosen) => change({ months: chosen })}
        choices={SPANS.map((value) => ({ value, label: t('lastMonths', { count: Number(value) }) }))}
      />
      <Loaded asked={asked} height={420}>
        {(report) =>
          report.months.every(({ customers, lost }) => customers === 0 && lost === 0) ? (
            <EmptyState title={t('empty')} text={t('emptyText')} />
          ) : (
            <Report report={report} />
          )
        }
      </Loaded>
      {isMailing ? (
        <Suspense>
          <NewSchedule what={{ report: 'churn', months: Number(months) }} onClose={() => setMailing(false)} />
        </Suspense>
      ) : null}
    </ReportsFrame>
  );
}

function Report({ report }: { report: ChurnReport }) {
  const t = useWords(churnWords);
  const language = useLanguage();
  const { months, currency, cohorts } = report;
  const names = { firstTime: t('firstTime'), cameBack: t('cameBack'), stayed: t('stayed'), lost: t('lost') };
  return (
    <Stack>
      <LastMonth report={report} />
      <Section title={t('chart')}>
        <Suspense fallback={<Skeleton h={280} />}>
          <ChurnChart
            names={names}
            months={months.map(({ month, customers, firstTime, cameBack, lost, isComplete }) => ({
              month: monthText(month, language),
              firstTime,
              cameBack,
              stayed: customers - firstTime - cameBack,
              // Who has not bought yet in a month that runs may still do so.
              lost: isComplete ? lost : 0,
            }))}
          />
        </Suspense>
      </Section>
      <DataTable
        caption={t('table')}
        pages={givenList([...months].reverse())}
        idOf={({ month }) => month}
        empty={null}
        columns={[
          {
            key: 'month',
            title: t('month'),
            render: ({ month, isComplete }) =>
              isComplete ? monthText(month, language) : `${monthText(month, language)} (${t('running')})`,
          },
          { key: 'customers', title: t('customers'), align: 'right', render: ({ customers }) => customers },
          { key: 'first', title: t('firstTime'), align: 'right', from: 'sm', render: ({ firstTime }) => firstTime },
          { key: 'back', title: t('cameBack'), align: 'right', from: 'md', render: ({ cameBack }) => cameBack },
          {
            key: 'lost',
            title: t('lost'),
            align: 'right',
            from: 'xs',
            render: ({ lost, isComplete }) => (isComplete ? lost : '–'),
          },
          {
            key: 'rate',
            title: t('rate'),
            align: 'right',
            render: ({ churnBasisPoints, isComplete }) => (isComplete ? percentText(churnBasisPoints) : '–'),
          },
          {
            key: 'revenue',
            title: t('revenue'),
            align: 'right',
            from: 'md',
            render: ({ revenueMinor }) => <Money minor={revenueMinor} currency={currency} />,
          },
          {
            key: 'each',
            title: t('perCustomer'),
            align: 'right',
            from: 'lg',
            render: ({ perCustomerMinor: each }) => (each === null ? '–' : <Money minor={each} currency={currency} />),
          },
        ]}
      />
      <CohortTable cohorts={cohorts} />
    </Stack>
  );
}

/** The month that is over says more than the one that runs. */
function LastMonth({ report: { months, currency } }: { report: ChurnReport }) {
  const t = useWords(churnWords);
  const language = useLanguage();
  const whole = months.filter(({ isComplete }) => isComplete).at(-1);
  if (whole === undefined) return null;
  const before = months.at(months.indexOf(whole) - 1);
  const isKnown = before !== undefined && months.indexOf(whole) > 0;
  return (
    <Section title={t('lastWhole', { month: monthText(whole.month, language) })}>
      <KeyFigures
        figures={[
          { label: t('customers'), value: String(whole.customers) },
          { label: t('firstTime'), value: String(whole.firstTime) },
          { label: t('cameBack'), value: String(whole.cameBack), hint: t('cameBackHint') },
          {
            label: t('churn'),
            value: `${whole.lost} (${percentText(whole.churnBasisPoints)})`,
            hint: isKnown ? t('churnHint', { before: before.customers }) : undefined,
          },
          {
            label: t('perCustomer'),
            value: whole.perCustomerMinor === null ? '–' : moneyText(whole.perCustomerMinor, currency),
          },
        ]}
      />
    </Section>
  );
}
