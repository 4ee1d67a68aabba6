import { Group, Text } from '@mantine/core';
import {
  jobStates,
  listQueueJobs,
  removeQueueJob,
  retryQueueJob,
  type JobState,
  type QueueJob,
} from '@turnpike/contracts/operations.js';
import { useState } from 'react';
import { useParams } from 'react-router';
import { useAct } from '../../api/use-act.js';
import { usePages } from '../../api/use-endpoint.js';
import { Action } from '../../kit/action.js';
import { Confirm } from '../../kit/confirm.js';
import { Choices } from '../../kit/choices.js';
import { CopyAs } from '../../kit/copy-as.js';
import { DataTable } from '../../kit/data-table.js';
import { EmptyState } from '../../kit/empty-state.js';
import { oneOf } from '../../kit/one-of.js';
import { Page } from '../../kit/page.js';
import { RowLink } from '../../kit/row-link.js';
import { useFilters } from '../../kit/use-filters.js';
import { When } from '../../kit/when.js';
import { useWords } from '../../words/use-words.js';
import { queueText, subjectsOf } from './queue-text.js';
import { queueWords } from './queue-words.js';

/** The jobs of a queue in one state. */
export function QueuePage() {
  const t = useWords(queueWords);
  const { name = '' } = useParams();
  const [filters, change] = useFilters(['state']);
  const state = oneOf(jobStates, filters.state) ?? 'failed';
  const input = { params: { name }, query: { state } };
  const pages = usePages(listQueueJobs, input);
  const about = queueText(name, t);
  return (
    <Page
      title={name}
      {...(about === undefined ? {} : { about })}
      trail={[{ label: t('title'), to: '/queues' }]}
      actions={<CopyAs endpoint={listQueueJobs} input={input} command={`queue jobs ${name} --state ${state}`} />}
    >
      <Choices
        label={t('state')}
        value={state}
        onChange={(chosen) => change({ state: chosen })}
        choices={jobStates.map((value) => ({ value, label: t(value) }))}
      />
      <DataTable
        caption={`${t('jobs')}: ${t(state)}`}
        pages={pages}
        idOf={({ id }) => id}
        columns={[
          { key: 'job', title: t('job'), render: (job) => <Job job={job} /> },
          { key: 'reason', title: t('reason'), from: 'sm', render: (job) => <Reason job={job} /> },
          { key: 'tries', title: t('tries'), align: 'right', from: 'md', render: ({ attemptsMade }) => attemptsMade },
          { key: 'made', title: t('made'), from: 'lg', render: ({ createdAt }) => <When at={createdAt} /> },
          { key: 'due', title: t('due'), from: 'sm', render: ({ runAt }) => <When at={runAt} /> },
          {
            key: 'acts',
            title: '',
            align: 'right',
            render: (job) => <JobActions queue={name} job={job} state={state} />,
          },
        ]}
        empty={<EmptyState title={t(`empty_${state}`)} text={t('emptyText')} />}
      />
    </Page>
  );
}

function Job({ job }: { job: QueueJob }) {
  return (
    <div>
      <Text size="sm" fw={500}>
        {job.name}
      </Text>
      {subjectsOf(job.data).map(({ text, to }) => (
        <Text key={text} size="xs" c="dimmed" component="div" style={{ overflowWrap: 'anywhere' }}>
          {to === undefined ? text : <RowLink to={to}>{text}</RowLink>}
        </Text>
      ))}
    </div>
  );
}

function Reason({ job: { failedReason } }: { job: QueueJob }) {
  if (failedReason === null) return '–';
  return (
    <Text size="sm" maw={480} lineClamp={3} title={failedReason}>
      {failedReason}
    </Text>
  );
}

function JobActions({ queue, job, state }: { queue: string; job: QueueJob; state: JobState }) {
  const t = useWords(queueWords);
  const [isAsking, setAsking] = useState(false);
  const params = { name: queue, id: job.id };
  const retry = useAct(retryQueueJob, { says: () => t('retried', { id: job.id }) });
  const remove = useAct(removeQueueJob, { says: () => t('removed', { id: job.id }) });
  const repeats = job.id.startsWith('repeat:');
  return (
    <Group gap={6} justify="flex-end" wrap="nowrap">
      {state === 'failed' ? (
        <Action
          needs="operations:write"
          size="xs"
          variant="light"
          loading={retry.isPending}
          onClick={() => retry.mutate({ params })}
        >
          {t('retry')}
        </Action>
      ) : null}
      <Action
        needs="operations:write"
        size="xs"
        variant="subtle"
        color="red"
        because={state === 'active' ? t('running') : repeats ? t('repeats') : undefined}
        onClick={() => setAsking(true)}
      >
        {t('remove')}
      </Action>
      <Confirm
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={t('removeTitle')}
        consequences={t('removeText', { name: job.name })}
        verb={t('remove')}
        isDangerous
        isBusy={remove.isPending}
        onConfirm={() => remove.mutate({ params }, { onSettled: () => setAsking(false) })}
      />
    </Group>
  );
}
