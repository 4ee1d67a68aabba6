import { Badge, Group, Text } from '@mantine/core';
import type { SignInSessionView } from '@turnpike/contracts/sign-in-sessions.js';
import type { ReactNode } from 'react';
import type { Pages } from '../../api/use-endpoint.js';
import { DataTable } from '../../kit/data-table.js';
import { EmptyState } from '../../kit/empty-state.js';
import { When } from '../../kit/when.js';
import { useWords } from '../../words/use-words.js';
import { settingsWords } from './settings-words.js';
import { userAgentText } from './user-agent-text.js';

interface Props {
  readonly caption: string;
  readonly pages: Pages<SignInSessionView>;
  readonly action: (session: SignInSessionView) => ReactNode;
}

/** Where somebody is signed in. */
export function SignIns({ caption, pages, action }: Props) {
  const t = useWords(settingsWords);
  return (
    <DataTable
      caption={caption}
      pages={pages}
      idOf={({ id }) => id}
      columns={[
        {
          key: 'browser',
          title: t('browser'),
          render: ({ userAgent, current, ip }) => (
            <div>
              <Group gap="xs">
                <Text size="sm" title={userAgent}>
                  {userAgentText(userAgent)}
                </Text>
                {current ? (
                  <Badge size="xs" variant="light" tt="none">
                    {t('current')}
                  </Badge>
                ) : null}
              </Group>
              <Text size="xs" c="dimmed">
                {ip}
              </Text>
            </div>
          ),
        },
        { key: 'since', title: t('since'), from: 'sm', render: ({ createdAt }) => <When at={createdAt} /> },
        { key: 'seen', title: t('lastSeen'), from: 'xs', render: ({ lastSeenAt }) => <When at={lastSeenAt} /> },
        { key: 'ends', title: t('expires'), from: 'md', render: ({ expiresAt }) => <When at={expiresAt} /> },
        { key: 'end', title: '', align: 'right', render: action },
      ]}
      empty={<EmptyState title={t('emptySessions')} text={t('emptySessionsText')} />}
    />
  );
}
