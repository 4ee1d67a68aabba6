import { serviceTypes } from '@turnpike/contracts/packages.js';
import { listSessionHistory } from '@turnpike/contracts/sessions.js';
import { usePages } from '../../api/use-endpoint.js';
import { DataTable } from '../../kit/data-table.js';
import { DayFilter } from '../../kit/day-filter.js';
import { EmptyState } from '../../kit/empty-state.js';
import { FilterBar, SearchFilter } from '../../kit/filter-bar.js';
import { oneOf } from '../../kit/one-of.js';
import { RouterFilter } from '../../kit/router-filter.js';
import { useFilters } from '../../kit/use-filters.js';
import { operatorZone } from '../../kit/zone.js';
import { endOfDay, startOfDay } from '../../kit/zoned-day.js';
import { useWords } from '../../words/use-words.js';
import { useSessionColumns } from './session-columns.js';
import { ServiceFilter } from './service-filter.js';
import { SessionsFrame } from './sessions-frame.js';
import { sessionsWords } from './sessions-words.js';

const FILTERS = ['q', 'routerId', 'service', 'from', 'to'] as const;

/** Sessions that ran within a time, in the days of the operator's zone. */
export function SessionHistoryPage() {
  const t = useWords(sessionsWords);
  const columns = useSessionColumns();
  const [{ q, routerId, service: serviceText, from, to }, setFilters] = useFilters(FILTERS);
  const zone = operatorZone();
  const [begins, ends] = [startOfDay(from, zone), endOfDay(to, zone)];
  const service = oneOf(serviceTypes, serviceText);
  const query = {
    ...(q === '' ? {} : { username: q.trim() }),
    ...(routerId === '' ? {} : { routerId }),
    ...(service === undefined ? {} : { service }),
    ...(begins === undefined ? {} : { from: begins }),
    ...(ends === undefined ? {} : { to: ends }),
  };
  const pages = usePages(listSessionHistory, { query });
  return (
    <SessionsFrame endpoint={listSessionHistory} input={{ query }}>
      <FilterBar>
        <SearchFilter label={t('username')} value={q} onChange={(value) => setFilters({ q: value })} />
        <RouterFilter label={t('router')} value={routerId} onChange={(value) => setFilters({ routerId: value })} />
        <ServiceFilter value={service} onChange={(value) => setFilters({ service: value })} />
        <DayFilter label={t('from')} value={from} onChange={(value) => setFilters({ from: value })} />
        <DayFilter label={t('to')} value={to} onChange={(value) => setFilters({ to: value })} />
      </FilterBar>
      <DataTable
        caption={t('tabHistory')}
        pages={pages}
        columns={columns}
        idOf={({ id }) => id}
        empty={<EmptyState title={t('historyNone')} text={t('historyNoneText')} />}
      />
    </SessionsFrame>
  );
}
