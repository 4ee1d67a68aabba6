import { Button, Text } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { getQueues } from '@turnpike/contracts/operations.js';
import { useEndpoint } from '../../api/use-endpoint.js';
import { CopyAs } from '../../kit/copy-as.js';
import { DataTable } from '../../kit/data-table.js';
import { EmptyState } from '../../kit/empty-state.js';
import { Page } from '../../kit/page.js';
import { RowLink } from '../../kit/row-link.js';
import { wholeList } from '../../kit/whole-list.js';
import { useWords } from '../../words/use-words.js';
import { queueText } from './queue-text.js';
import { queueWords } from './queue-words.js';

/** How much work waits, runs and has failed. */
export function QueuesPage() {
  const t = useWords(queueWords);
  const asked = useEndpoint(getQueues);
  const cell = (name: string, state: string, count: number) =>
    count === 0 ? 0 : <RowLink to={`/queues/${name}?state=${state}`}>{count}</RowLink>;
  return (
    <Page
      title={t('title')}
      about={t('about')}
      actions={
        <>
          <CopyAs endpoint={getQueues} command="queue list" />
          <Button
            component="a"
            href="/admin/queues"
            target="_blank"
            rel="noreferrer"
            variant="default"
            rightSection={<IconExternalLink size={16} />}
          >
            {t('board')}
          </Button>
        </>
      }
    >
      <DataTable
        caption={t('title')}
        pages={wholeList(asked)}
        idOf={({ name }) => name}
        columns={[
          {
            key: 'queue',
            title: t('queue'),
            render: ({ name }) => (
              <div>
                <RowLink to={`/queues/${name}`}>{name}</RowLink>
                <Text size="xs" c="dimmed">
                  {queueText(name, t)}
                </Text>
              </div>
            ),
          },
          {
            key: 'waiting',
            title: t('waiting'),
            align: 'right',
            render: ({ name, waiting }) => cell(name, 'waiting', waiting),
          },
          {
            key: 'active',
            title: t('active'),
            align: 'right',
            from: 'xs',
            render: ({ name, active }) => cell(name, 'active', active),
          },
          {
            key: 'delayed',
            title: t('delayed'),
            align: 'right',
            from: 'sm',
            render: ({ name, delayed }) => cell(name, 'delayed', delayed),
          },
          {
            key: 'failed',
            title: t('failed'),
            align: 'right',
            render: ({ name, failed }) => (
              <Text span inherit c={failed === 0 ? undefined : 'red'}>
                {cell(name, 'failed', failed)}
              </Text>
            ),
          },
          {
            key: 'completed',
            title: t('completed'),
            align: 'right',
            from: 'md',
            render: ({ completed }) => completed.toLocaleString('en'),
          },
        ]}
        empty={<EmptyState title={t('emptyQueues')} text={t('emptyQueuesText')} />}
      />
    </Page>
  );
}
