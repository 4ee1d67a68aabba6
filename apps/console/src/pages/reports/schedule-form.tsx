import { Select, SimpleGrid, Text, Textarea } from '@mantine/core';
import { reportPeriods, type ScheduledReport } from '@turnpike/contracts/report-schedules.js';
import { useState } from 'react';
import type { ApiProblem } from '../../api/api-problem.js';
import { FormDialog } from '../../kit/form-dialog.js';
import { issueOf } from '../../kit/issue-of.js';
import { oneOf } from '../../kit/one-of.js';
import { useWords } from '../../words/use-words.js';
import { addressesOf, type ScheduleDraft } from './schedule-draft.js';
import { ReportName } from './report-name.js';
import { scheduleWords } from './schedule-words.js';

interface Props {
  readonly title: string;
  readonly verb: string;
  readonly what: ScheduledReport;
  readonly start: ScheduleDraft;
  readonly isBusy: boolean;
  readonly problem: ApiProblem | null;
  readonly onSubmit: (draft: ScheduleDraft) => void;
  readonly onClose: () => void;
}

const FIELDS = ['every', 'atHour', 'recipients', 'language'] as const;
const HOURS = Array.from({ length: 24 }, (_, hour) => ({
  value: String(hour),
  label: `${String(hour).padStart(2, '0')}:00`,
}));

/** When a report is sent, and to whom. */
export function ScheduleForm({ title, verb, what, start, isBusy, problem, onSubmit, onClose }: Props) {
  const t = useWords(scheduleWords);
  const [draft, setDraft] = useState(start);
  const change = (changed: Partial<ScheduleDraft>) => setDraft({ ...draft, ...changed });
  return (
    <FormDialog
      title={title}
      verb={verb}
      isBusy={isBusy}
      isComplete={addressesOf(draft.recipients).length > 0}
      problem={problem}
      fields={FIELDS}
      onSubmit={() => onSubmit(draft)}
      onClose={onClose}
    >
      <Text size="sm">
        {t('report')}:{' '}
        <Text span fw={600} inherit>
          <ReportName what={what} />
        </Text>
      </Text>
      <Select
        label={t('every')}
        allowDeselect={false}
        data={reportPeriods.map((value) => ({ value, label: t(value) }))}
        value={draft.every}
        onChange={(every) => change({ every: oneOf(reportPeriods, every ?? '') ?? draft.every })}
        error={issueOf(problem, 'every')}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <Select
          label={`${t('atHour')} (${t('atHourHint')})`}
          allowDeselect={false}
          data={HOURS}
          value={String(draft.atHour)}
          onChange={(hour) => change({ atHour: Number(hour ?? draft.atHour) })}
          error={issueOf(problem, 'atHour')}
        />
        <Select
          label={t('language')}
          allowDeselect={false}
          data={[
            { value: 'en', label: t('english') },
            { value: 'sw', label: t('swahili') },
          ]}
          value={draft.language}
          onChange={(language) => change({ language: language === 'sw' ? 'sw' : 'en' })}
          error={issueOf(problem, 'language')}
        />
      </SimpleGrid>
      <Textarea
        label={t('recipients')}
        description={t('recipientsHint')}
        required
        autosize
        inputMode="email"
        value={draft.recipients}
        onChange={(event) => change({ recipients: event.currentTarget.value })}
        error={issueOf(problem, 'recipients')}
      />
    </FormDialog>
  );
}
