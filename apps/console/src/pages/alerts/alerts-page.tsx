import { Group, Text } from '@mantine/core';
import { alertKindNames, alertSeverities } from '@turnpike/contracts/alert-kinds.js';
import { alertStates, listAlerts, type AlertState as State, type AlertView } from '@turnpike/contracts/alerts.js';
import { usePages } from '../../api/use-endpoint.js';
import { Choices } from '../../kit/choices.js';
import { CopyAs } from '../../kit/copy-as.js';
import { DataTable, type Column } from '../../kit/data-table.js';
import { EmptyState } from '../../kit/empty-state.js';
import { ChoiceFilter, FilterBar } from '../../kit/filter-bar.js';
import { isId } from '../../kit/is-id.js';
import { oneOf } from '../../kit/one-of.js';
import { RouterFilter } from '../../kit/router-filter.js';
import { RowLink } from '../../kit/row-link.js';
import { useFilters } from '../../kit/use-filters.js';
import { When } from '../../kit/when.js';
import { useWords } from '../../words/use-words.js';
import { AlertSeverity } from './alert-state.js';
import { alertWords } from './alert-words.js';
import { AlertsFrame } from './alerts-frame.js';
import { kindWords } from './kind-words.js';
import { TakeOver } from './take-over.js';
import { useAlertTitle } from './use-alert-title.js';

/** What needs somebody now, what somebody has taken over, and what was. */
export function AlertsPage() {
  const t = useWords(alertWords);
  const kinds = useWords(kindWords);
  const [filters, change] = useFilters(['state', 'kind', 'severity', 'routerId']);
  const state = oneOf(alertStates, filters.state) ?? 'open';
  const query = {
    state,
    kind: oneOf(alertKindNames, filters.kind),
    severity: oneOf(alertSeverities, filters.severity),
    ...(isId(filters.routerId) ? { routerId: filters.routerId } : {}),
  };
  const isFiltered = query.kind !== undefined || query.severity !== undefined || query.routerId !== undefined;
  const pages = usePages(listAlerts, { query });
  const columns = useColumns(state);
  return (
    <AlertsFrame
      about={t('about')}
      actions={<CopyAs endpoint={listAlerts} input={{ query }} command={commandOf(query)} />}
    >
      <FilterBar>
        <Choices
          label={t('state')}
          value={state}
          onChange={(chosen) => change({ state: chosen === 'open' ? '' : chosen })}
          choices={alertStates.map((value) => ({ value, label: t(value) }))}
        />
        <ChoiceFilter
          label={t('kind')}
          value={filters.kind}
          onChange={(kind) => change({ kind })}
          choices={alertKindNames.map((value) => ({ value, label: kinds(value) }))}
        />
        <ChoiceFilter
          label={t('severity')}
          value={filters.severity}
          onChange={(severity) => change({ severity })}
          choices={alertSeverities.map((value) => ({ value, label: t(value) }))}
        />
        <RouterFilter label={t('router')} value={filters.routerId} onChange={(routerId) => change({ routerId })} />
      </FilterBar>
      <DataTable
        caption={`${t('title')}: ${t(state)}`}
        pages={pages}
        columns={columns}
        idOf={({ id }) => id}
        empty={
          <EmptyState
            title={t(isFiltered ? 'emptyFiltered' : `empty_${state}`)}
            text={t(isFiltered ? 'emptyFilteredText' : 'emptyText')}
          />
        }
      />
    </AlertsFrame>
  );
}

function commandOf({ state, kind, routerId }: { state: State; kind?: string | undefined; routerId?: string }): string {
  return [
    `alert list --state ${state}`,
    ...(kind === undefined ? [] : [`--kind ${kind}`]),
    ...(routerId === undefined ? [] : [`--router ${routerId}`]),
  ].join(' ');
}

function useColumns(state: State): Column<AlertView>[] {
  const t = useWords(alertWords);
  const kinds = useWords(kindWords);
  const titleOf = useAlertTitle();
  const severity: Column<AlertView> = {
    key: 'severity',
    title: t('severity'),
    width: 1,
    from: 'sm',
    render: (alert) => <AlertSeverity alert={alert} />,
  };
  const alert: Column<AlertView> = {
    key: 'alert',
    title: t('alert'),
    render: (row) => (
      <>
        <RowLink to={`/alerts/${row.id}`}>{titleOf(row)}</RowLink>
        <Text size="xs" c="dimmed">
          {kinds(row.kind)}
          {row.note === null ? '' : ` · ${row.note}`}
        </Text>
        <Group gap={6} hiddenFrom="sm" mt={2}>
          <AlertSeverity alert={row} />
          <Text size="xs" c="dimmed" hiddenFrom="xs">
            <When at={row.openedAt} />
          </Text>
        </Group>
      </>
    ),
  };
  const since: Column<AlertView> = {
    key: 'since',
    title: t('since'),
    from: 'xs',
    render: ({ openedAt }) => <When at={openedAt} />,
  };
  const taker: Column<AlertView> = {
    key: 'taker',
    title: t('takenBy'),
    from: 'sm',
    render: ({ acknowledgedBy }) => acknowledgedBy?.name ?? '–',
  };
  const act: Column<AlertView> = {
    key: 'act',
    title: '',
    align: 'right',
    from: 'xs',
    render: (row) => <TakeOver alert={row} size="xs" />,
  };
  const ended: Column<AlertView> = {
    key: 'ended',
    title: t('lasted'),
    from: 'xs',
    render: ({ resolvedAt }) => <When at={resolvedAt} />,
  };
  if (state === 'resolved') return [severity, alert, since, ended, taker];
  return state === 'open' ? [severity, alert, since, act] : [severity, alert, since, taker, act];
}
