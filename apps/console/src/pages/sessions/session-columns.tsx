import { Text } from '@mantine/core';
import type { SessionView } from '@turnpike/contracts/sessions.js';
import type { Column } from '../../kit/data-table.js';
import { Octets, durationText } from '../../kit/figures.js';
import { RowLink } from '../../kit/row-link.js';
import { When } from '../../kit/when.js';
import { useWords } from '../../words/use-words.js';
import { SessionState } from './session-state.js';
import { sessionsWords } from './sessions-words.js';

/** Columns of every list of sessions; without the username where all are of one customer. */
export function useSessionColumns({ withUsername = true } = {}): Column<SessionView>[] {
  const t = useWords(sessionsWords);
  const columns: Column<SessionView>[] = [
    {
      key: 'username',
      title: t('username'),
      render: ({ id, username }) => <RowLink to={`/sessions/${id}`}>{username}</RowLink>,
    },
    {
      key: 'device',
      title: t('device'),
      render: ({ id, callingStationId, framedIpAddress }) => (
        <>
          {withUsername ? (
            <Mono>{callingStationId ?? '–'}</Mono>
          ) : (
            <RowLink to={`/sessions/${id}`}>{callingStationId ?? t('device')}</RowLink>
          )}
          {framedIpAddress === null ? null : (
            <Text size="xs" c="dimmed" ff="monospace">
              {framedIpAddress}
            </Text>
          )}
        </>
      ),
      ...(withUsername ? { from: 'sm' as const } : {}),
    },
    {
      key: 'router',
      title: t('router'),
      render: ({ router }) => <RowLink to={`/routers/${router.id}`}>{router.name}</RowLink>,
      from: 'sm',
    },
    { key: 'state', title: t('state'), render: ({ state }) => <SessionState state={state} /> },
    { key: 'started', title: t('started'), render: ({ startedAt }) => <When at={startedAt} />, from: 'md' },
    {
      key: 'duration',
      title: t('duration'),
      align: 'right',
      render: ({ sessionSeconds }) => durationText(sessionSeconds),
      from: 'xl',
    },
    {
      key: 'down',
      title: t('down'),
      align: 'right',
      render: ({ outputOctets }) => <Octets value={outputOctets} />,
      from: 'xs',
    },
    {
      key: 'up',
      title: t('up'),
      align: 'right',
      render: ({ inputOctets }) => <Octets value={inputOctets} />,
      from: 'sm',
    },
  ];
  return withUsername ? columns : columns.filter(({ key }) => key !== 'username');
}

function Mono({ children }: { children: string }) {
  return (
    <Text span size="sm" ff="monospace">
      {children}
    </Text>
  );
}
