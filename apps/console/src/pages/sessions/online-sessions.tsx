import { Button, Group, Text } from '@mantine/core';
import { serviceTypes } from '@turnpike/contracts/packages.js';
import { listSessions, type SessionView } from '@turnpike/contracts/sessions.js';
import { useState } from 'react';
import { Link } from 'react-router';
import { usePages } from '../../api/use-endpoint.js';
import { Action } from '../../kit/action.js';
import { quoted } from '../../kit/curl.js';
import { DataTable } from '../../kit/data-table.js';
import { EmptyState } from '../../kit/empty-state.js';
import { FilterBar, SearchFilter } from '../../kit/filter-bar.js';
import { kitWords } from '../../kit/kit-words.js';
import { oneOf } from '../../kit/one-of.js';
import { RouterFilter } from '../../kit/router-filter.js';
import { useFilters } from '../../kit/use-filters.js';
import { useWords } from '../../words/use-words.js';
import { OrderDialog } from './order-dialogs.js';
import { useSessionColumns } from './session-columns.js';
import { ServiceFilter } from './service-filter.js';
import { SessionsFrame } from './sessions-frame.js';
import { sessionsWords } from './sessions-words.js';
import { isAddress, useFoundSessions } from './use-found-sessions.js';

const FILTERS = ['q', 'routerId', 'service'] as const;

/** Who is online now. */
export function OnlineSessionsPage() {
  const t = useWords(sessionsWords);
  const kit = useWords(kitWords);
  const columns = useSessionColumns();
  const [{ q, routerId, service: serviceText }, setFilters] = useFilters(FILTERS);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState<'disconnect' | 'rate' | undefined>();
  const byAddress = isAddress(q);
  const service = oneOf(serviceTypes, serviceText);
  const query = {
    state: 'open' as const,
    ...(q === '' || byAddress ? {} : { username: q.trim() }),
    ...(routerId === '' ? {} : { routerId }),
    ...(service === undefined ? {} : { service }),
  };
  const listed = usePages(listSessions, { query }, { enabled: !byAddress });
  const found = useFoundSessions(q, byAddress);
  const pages = byAddress ? inRouter(found, routerId) : listed;
  const sessions = (pages.items ?? []).filter(({ id }) => chosen.has(id));
  const because = sessions.length === 0 ? t('chooseFirst') : undefined;
  const close = () => {
    setAsking(undefined);
    setChosen(new Set());
  };
  return (
    <SessionsFrame endpoint={listSessions} input={{ query }} command={commandOf(query)}>
      <Group justify="space-between">
        <FilterBar>
          <SearchFilter label={t('find')} value={q} onChange={(value) => setFilters({ q: value })} />
          <RouterFilter label={t('router')} value={routerId} onChange={(value) => setFilters({ routerId: value })} />
          <ServiceFilter value={service} onChange={(value) => setFilters({ service: value })} />
        </FilterBar>
        <Group gap="xs">
          {sessions.length === 0 ? null : (
            <Text size="sm" c="dimmed">
              {kit('selected', { count: sessions.length })}
            </Text>
          )}
          <Action needs="sessions:disconnect" because={because} variant="default" onClick={() => setAsking('rate')}>
            {t('changeRate')}
          </Action>
          <Action needs="sessions:disconnect" because={because} color="red" onClick={() => setAsking('disconnect')}>
            {t('disconnect')}
          </Action>
        </Group>
      </Group>
      <DataTable
        caption={t('tabOnline')}
        pages={pages}
        columns={columns}
        idOf={({ id }) => id}
        nameOf={({ username }) => username}
        selection={{ ids: chosen, onChange: setChosen }}
        empty={<NobodyOnline isFiltered={q !== '' || routerId !== '' || service !== undefined} />}
      />
      {asking === undefined ? null : <OrderDialog kind={asking} sessions={sessions} onClose={close} />}
    </SessionsFrame>
  );
}

function NobodyOnline({ isFiltered }: { isFiltered: boolean }) {
  const t = useWords(sessionsWords);
  return (
    <EmptyState
      title={t(isFiltered ? 'foundNone' : 'onlineNone')}
      text={t(isFiltered ? 'foundNoneText' : 'onlineNoneText')}
      action={
        <Button component={Link} to={isFiltered ? '/sessions/history' : '/routers'} variant="default">
          {t(isFiltered ? 'toHistory' : 'toRouters')}
        </Button>
      }
    />
  );
}

function inRouter<Listed extends { readonly items: readonly SessionView[] | undefined }>(
  pages: Listed,
  routerId: string,
): Listed {
  if (routerId === '') return pages;
  return { ...pages, items: pages.items?.filter(({ router }) => router.id === routerId) };
}

function commandOf({ username, routerId }: { username?: string; routerId?: string }): string {
  return [
    'session list',
    ...(username === undefined ? [] : [`--username ${quoted(username)}`]),
    ...(routerId === undefined ? [] : [`--router ${routerId}`]),
  ].join(' ');
}
