import { Alert, Anchor, Button, Stack } from '@mantine/core';
import { IconMail } from '@tabler/icons-react';
import { getTaxReport, listTaxLines, type TaxReport } from '@turnpike/contracts/reports.js';
import { moneyText } from '@turnpike/core/money.js';
import { Suspense, lazy, useState } from 'react';
import { Link } from 'react-router';
import { useEndpoint } from '../../api/use-endpoint.js';
import { CopyAs } from '../../kit/copy-as.js';
import { DataTable } from '../../kit/data-table.js';
import { Money } from '../../kit/figures.js';
import { Loaded } from '../../kit/loaded.js';
import { givenList } from '../../kit/whole-list.js';
import { useMay } from '../../session/session.js';
import { useLanguage } from '../../words/language.js';
import { useWords } from '../../words/use-words.js';
import { DownloadButton } from './download-button.js';
import { KeyFigures } from './key-figures.js';
import { monthText } from './month-text.js';
import { RangeFilter } from './range-filter.js';
import { reportWords } from './report-words.js';
import { ReportsFrame } from './reports-frame.js';
import { TaxLines } from './tax-lines.js';
import { taxWords } from './tax-words.js';
import { useRange } from './use-range.js';

const NewSchedule = lazy(async () => ({ default: (await import('./new-schedule.js')).NewSchedule }));

/** What the bookkeeper asks for. */
export function TaxPage() {
  const t = useWords(taxWords);
  const words = useWords(reportWords);
  const given = useRange();
  const { query, range } = given;
  const input = query === undefined ? undefined : { query };
  const asked = useEndpoint(getTaxReport, { query: query ?? {} }, { keepPrevious: true, enabled: query !== undefined });
  const [isMailing, setMailing] = useState(false);
  const days = `${range.from}-${range.to}`;
  return (
    <ReportsFrame
      about={asked.data === undefined ? undefined : t('about', { zone: asked.data.timeZone })}
      actions={
        <>
          <CopyAs
            endpoint={getTaxReport}
            input={{ query: query ?? {} }}
            command={`report tax --from ${range.from} --to ${range.to}`}
          />
          <DownloadButton endpoint={getTaxReport} input={input} fileName={`tax-${days}.csv`} />
          <DownloadButton endpoint={listTaxLines} input={input} fileName={`tax-lines-${days}.csv`} label={t('lines')} />
          <Button leftSection={<IconMail size={16} />} onClick={() => setMailing(true)}>
            {words('mailMe')}
          </Button>
        </>
      }
    >
      <RangeFilter given={given} money={asked.data} />
      {query === undefined ? null : (
        <Loaded asked={asked} height={320}>
          {(report) => (
            <>
              <Report report={report} />
              <TaxLines query={query} currency={report.currency} />
            </>
          )}
        </Loaded>
      )}
      {isMailing ? (
        <Suspense>
          <NewSchedule what={{ report: 'tax' }} onClose={() => setMailing(false)} />
        </Suspense>
      ) : null}
    </ReportsFrame>
  );
}

function Report({ report }: { report: TaxReport }) {
  const t = useWords(taxWords);
  const language = useLanguage();
  const maySet = useMay('settings:manage');
  const { totals, tax, months, currency } = report;
  const money = (minor: number) => <Money minor={minor} currency={currency} />;
  const rate = { name: tax.name, rate: tax.basisPoints / 100 };
  const taxName = tax.inclusive ? t('contained', rate) : t('onTop', rate);
  return (
    <Stack>
      {tax.basisPoints === 0 ? (
        <Alert color="blue">
          {t('noTax')}{' '}
          {maySet ? (
            <Anchor component={Link} to="/settings/tax" size="sm" underline="always">
              {t('setTax')}
            </Anchor>
          ) : null}
        </Alert>
      ) : null}
      <KeyFigures
        figures={[
          { label: t('gross'), value: moneyText(totals.grossMinor, currency) },
          { label: t('refunded'), value: moneyText(totals.refundedMinor, currency) },
          { label: t('net'), value: moneyText(totals.netMinor, currency) },
          { label: taxName, value: moneyText(totals.taxMinor, currency) },
        ]}
      />
      <DataTable
        caption={t('months')}
        pages={givenList([...months].reverse())}
        idOf={({ month }) => month}
        empty={null}
        columns={[
          { key: 'month', title: t('month'), render: ({ month }) => monthText(month, language) },
          { key: 'gross', title: t('gross'), align: 'right', from: 'sm', render: (row) => money(row.grossMinor) },
          {
            key: 'refunded',
            title: t('refunded'),
            align: 'right',
            from: 'md',
            render: (row) => money(row.refundedMinor),
          },
          { key: 'net', title: t('net'), align: 'right', render: (row) => money(row.netMinor) },
          { key: 'tax', title: t('tax'), align: 'right', render: (row) => money(row.taxMinor) },
        ]}
      />
    </Stack>
  );
}
