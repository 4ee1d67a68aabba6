import { Box, Button, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { listRouters, type RouterView } from '@turnpike/contracts/routers.js';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { usePages } from '../../api/use-endpoint.js';
import { Action } from '../../kit/action.js';
import { CopyAs } from '../../kit/copy-as.js';
import { DataTable, type Column } from '../../kit/data-table.js';
import { EmptyState } from '../../kit/empty-state.js';
import { Page } from '../../kit/page.js';
import { RowLink } from '../../kit/row-link.js';
import { useFilters } from '../../kit/use-filters.js';
import { When } from '../../kit/when.js';
import type { Say } from '../../words/say.js';
import { useWords } from '../../words/use-words.js';
import { BulkBar } from './bulk-bar.js';
import { LoadBars } from './load-bars.js';
import { listCommand } from './router-commands.js';
import { askedOf, RouterFilterBar, routerFilterNames } from './router-filters.js';
import { Deployment, RadiusState, Reachability } from './router-states.js';
import { routersWords } from './routers-words.js';
import { queryOf } from './saved-views.js';
import { SavedViewsMenu } from './saved-views-menu.js';

type Words = Say<keyof (typeof routersWords)['texts']['en']>;

export function RoutersPage() {
  const t = useWords(routersWords);
  const navigate = useNavigate();
  const [filters, setFilters] = useFilters(routerFilterNames);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const query = askedOf(filters);
  const pages = usePages(listRouters, { query });
  const isFiltered = queryOf(filters) !== '';
  const selected = (pages.items ?? []).filter(({ id }) => chosen.has(id));
  return (
    <Page
      title={t('title')}
      about={t('about')}
      actions={
        <>
          <CopyAs endpoint={listRouters} input={{ query }} command={listCommand(query)} />
          <SavedViewsMenu query={queryOf(filters)} />
          <Action
            needs="routers:write"
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => void navigate('/routers/new')}
          >
            {t('add')}
          </Action>
        </>
      }
    >
      <RouterFilterBar filters={filters} onChange={setFilters} />
      {selected.length === 0 ? null : <BulkBar routers={selected} onClear={() => setChosen(new Set())} />}
      <DataTable
        caption={t('caption')}
        pages={pages}
        columns={columns(t)}
        idOf={({ id }) => id}
        nameOf={({ name }) => name}
        selection={{ ids: chosen, onChange: setChosen }}
        empty={isFiltered ? <NoneFound /> : <None />}
      />
    </Page>
  );
}

function columns(t: Words): readonly Column<RouterView>[] {
  return [
    {
      key: 'name',
      title: t('name'),
      render: ({ id, name, site, usersOnline }) => (
        <>
          <RowLink to={`/routers/${id}`}>{name}</RowLink>
          {site === null ? null : (
            <Text size="xs" c="dimmed">
              {site}
            </Text>
          )}
          <Text size="xs" c="dimmed" hiddenFrom="sm" className="figures">
            {t('usersHere', { count: usersOnline })}
          </Text>
        </>
      ),
    },
    {
      key: 'status',
      title: t('status'),
      render: ({ status, deployment }) => (
        <>
          <Reachability status={status} />
          <Box hiddenFrom="xs" mt={4}>
            <Deployment state={deployment} />
          </Box>
        </>
      ),
    },
    {
      key: 'services',
      title: t('services'),
      from: 'xs',
      render: ({ deployment }) => <Deployment state={deployment} />,
    },
    {
      key: 'users',
      title: t('users'),
      from: 'sm',
      align: 'right',
      render: ({ id, usersOnline }) => <RowLink to={`/sessions?routerId=${id}`}>{String(usersOnline)}</RowLink>,
    },
    { key: 'load', title: t('load'), from: 'md', width: 240, render: (router) => <LoadBars load={router} /> },
    { key: 'radius', title: t('radius'), from: 'xl', render: ({ radius }) => <RadiusState state={radius.state} /> },
    {
      key: 'model',
      title: t('model'),
      from: 'xl',
      render: ({ model, version, address }) => (
        <>
          <Plain text={model} />
          <Text size="xs" c="dimmed" className="figures">
            {[version === null ? '' : `${t('version')} ${version}`, address ?? t('noAddress')]
              .filter(Boolean)
              .join(' · ')}
          </Text>
        </>
      ),
    },
    {
      key: 'lastSeen',
      title: t('lastSeen'),
      from: 'lg',
      align: 'right',
      render: ({ lastSeenAt }) => (
        <Text size="sm" span style={{ whiteSpace: 'nowrap' }}>
          <When at={lastSeenAt} />
        </Text>
      ),
    },
  ];
}

function Plain({ text }: { text: string | null }) {
  return (
    <Text size="sm" span className="figures">
      {text ?? '–'}
    </Text>
  );
}

function None() {
  const t = useWords(routersWords);
  return (
    <EmptyState
      title={t('none')}
      text={t('noneText')}
      action={
        <Button component={Link} to="/routers/new">
          {t('add')}
        </Button>
      }
    />
  );
}

function NoneFound() {
  const t = useWords(routersWords);
  return (
    <EmptyState
      title={t('noneFound')}
      text={t('noneFoundText')}
      action={
        <Button component={Link} to="/routers" variant="default">
          {t('clear')}
        </Button>
      }
    />
  );
}
