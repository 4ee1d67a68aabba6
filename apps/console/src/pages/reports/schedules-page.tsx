import { Button, Text } from '@mantine/core';
import {
  listReportSchedules,
  type ReportPeriod,
  type ReportScheduleView,
} from '@turnpike/contracts/report-schedules.js';
import { Link } from 'react-router';
import { useEndpoint } from '../../api/use-endpoint.js';
import { CopyAs } from '../../kit/copy-as.js';
import { DataTable } from '../../kit/data-table.js';
import { EmptyState } from '../../kit/empty-state.js';
import { Status } from '../../kit/status.js';
import { When } from '../../kit/when.js';
import { wholeList } from '../../kit/whole-list.js';
import { useWords } from '../../words/use-words.js';
import { ReportName } from './report-name.js';
import { ReportsFrame } from './reports-frame.js';
import { ScheduleActions } from './schedule-actions.js';
import { scheduleWords } from './schedule-words.js';

const EVERY: Readonly<Record<ReportPeriod, 'everyDay' | 'everyWeek' | 'everyMonth'>> = {
  day: 'everyDay',
  week: 'everyWeek',
  month: 'everyMonth',
};

/** Reports that are sent by themselves. */
export function SchedulesPage() {
  const t = useWords(scheduleWords);
  const asked = useEndpoint(listReportSchedules);
  return (
    <ReportsFrame about={t('about')} actions={<CopyAs endpoint={listReportSchedules} input={{}} />}>
      <DataTable
        caption={t('about')}
        pages={wholeList(asked)}
        idOf={({ id }) => id}
        empty={
          <EmptyState
            title={t('empty')}
            text={t('emptyText')}
            action={
              <Button component={Link} to="/reports">
                {t('toSales')}
              </Button>
            }
          />
        }
        columns={[
          { key: 'report', title: t('report'), render: (schedule) => <What schedule={schedule} /> },
          {
            key: 'when',
            title: t('when'),
            from: 'sm',
            render: ({ every, atHour }) => `${t(EVERY[every])}, ${String(atHour).padStart(2, '0')}:00`,
          },
          {
            key: 'next',
            title: t('next'),
            from: 'md',
            render: ({ nextAt }) => (nextAt === null ? '–' : <When at={nextAt} />),
          },
          { key: 'last', title: t('last'), from: 'md', render: ({ lastSentAt }) => <When at={lastSentAt} /> },
          { key: 'state', title: t('state'), render: (schedule) => <State schedule={schedule} /> },
          { key: 'actions', title: '', align: 'right', render: (schedule) => <ScheduleActions schedule={schedule} /> },
        ]}
      />
    </ReportsFrame>
  );
}

function What({ schedule: { what, recipients } }: { schedule: ReportScheduleView }) {
  return (
    <div>
      <Text size="sm">
        <ReportName what={what} />
      </Text>
      {recipients.map((recipient) => (
        <Text key={recipient} size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {recipient}
        </Text>
      ))}
    </div>
  );
}

function State({ schedule: { enabled, lastError } }: { schedule: ReportScheduleView }) {
  const t = useWords(scheduleWords);
  if (!enabled) return <Status tone="quiet">{t('off')}</Status>;
  if (lastError === null) return <Status tone="good">{t('on')}</Status>;
  return (
    <Text size="sm" c="red" style={{ overflowWrap: 'anywhere' }}>
      {t('failed', { reason: lastError })}
    </Text>
  );
}
