import { Text } from '@mantine/core';
import { listNotifications, templateNames, type NotificationView } from '@turnpike/contracts/notifications.js';
import { useState } from 'react';
import { usePages } from '../../api/use-endpoint.js';
import { Action } from '../../kit/action.js';
import { CopyAs } from '../../kit/copy-as.js';
import { DataTable, type Column } from '../../kit/data-table.js';
import { EmptyState } from '../../kit/empty-state.js';
import { NotAllowed } from '../../kit/not-allowed.js';
import { Section } from '../../kit/section.js';
import { Status, type Tone } from '../../kit/status.js';
import { When } from '../../kit/when.js';
import { useMakeOld } from '../../kit/use-make-old.js';
import { useMay } from '../../session/session.js';
import { useWords } from '../../words/use-words.js';
import { customersWords } from './customers-words.js';
import { SendCredentials } from './send-credentials.js';

const TONES: Readonly<Record<NotificationView['state'], Tone>> = {
  queued: 'busy',
  sent: 'good',
  failed: 'bad',
  suppressed: 'quiet',
};

/** What was sent to the customer, and what became of it. */
export function CustomerMessages({ customerId }: { customerId: string }) {
  const may = useMay('notifications:read');
  return may ? <Messages customerId={customerId} /> : <NotAllowed permission="notifications:read" />;
}

function Messages({ customerId }: { customerId: string }) {
  const t = useWords(customersWords);
  const makeOld = useMakeOld();
  const [isAsking, setAsking] = useState(false);
  const query = { customerId };
  const pages = usePages(listNotifications, { query });
  const columns: Column<NotificationView>[] = [
    {
      key: 'what',
      title: t('messageWhat'),
      render: ({ template }) => {
        const known = templateNames.find((name) => name === template);
        return known === undefined ? template : t(`tpl_${known}`);
      },
    },
    {
      key: 'state',
      title: t('status'),
      render: ({ state, error }) => (
        <>
          <Status tone={TONES[state]}>{t(`msg_${state}`)}</Status>
          {error === null ? null : (
            <Text size="xs" c="dimmed" maw={320}>
              {error}
            </Text>
          )}
        </>
      ),
    },
    {
      key: 'to',
      title: t('messageTo'),
      render: ({ channel, recipient }) => `${t(`channel_${channel}`)} ${recipient}`,
      from: 'sm',
    },
    { key: 'language', title: t('language'), render: ({ language }) => t(`language_${language}`), from: 'md' },
    { key: 'when', title: t('messageWhen'), align: 'right', render: ({ createdAt }) => <When at={createdAt} /> },
  ];
  return (
    <Section
      title={t('messages')}
      actions={
        <>
          <CopyAs endpoint={listNotifications} input={{ query }} />
          <Action needs="customers:write" size="xs" variant="default" onClick={() => setAsking(true)}>
            {t('sendCredentials')}
          </Action>
        </>
      }
    >
      <DataTable
        caption={t('messages')}
        pages={pages}
        columns={columns}
        idOf={({ id }) => id}
        empty={<EmptyState title={t('messagesNone')} text={t('messagesNoneText')} />}
      />
      {isAsking ? (
        <SendCredentials
          customerId={customerId}
          onClose={() => {
            setAsking(false);
            makeOld('notifications');
          }}
        />
      ) : null}
    </Section>
  );
}
