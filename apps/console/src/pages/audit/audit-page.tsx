import { Text } from '@mantine/core';
import { listAudit, type AuditEntryView } from '@turnpike/contracts/audit.js';
import { listOperators } from '@turnpike/contracts/auth.js';
import { useEndpoint, usePages } from '../../api/use-endpoint.js';
import { CopyAs } from '../../kit/copy-as.js';
import { DataTable } from '../../kit/data-table.js';
import { DaysFilter } from '../../kit/day-filter.js';
import { EmptyState } from '../../kit/empty-state.js';
import { ChoiceFilter, FilterBar, SearchFilter } from '../../kit/filter-bar.js';
import { isId } from '../../kit/is-id.js';
import { Page } from '../../kit/page.js';
import { useFilters } from '../../kit/use-filters.js';
import { When } from '../../kit/when.js';
import { operatorZone } from '../../kit/zone.js';
import { endOfDay, startOfDay } from '../../kit/zoned-day.js';
import { useMay } from '../../session/session.js';
import { useWords } from '../../words/use-words.js';
import { areas } from './action-text.js';
import { AuditEntry } from './audit-entry.js';
import { auditWords } from './audit-words.js';
import { useChainCheck } from './chain-check.js';

const MOST_OPERATORS = 200;

/** Who changed what. */
export function AuditPage() {
  const t = useWords(auditWords);
  const chain = useChainCheck();
  const mayList = useMay('operators:manage');
  const operators = useEndpoint(listOperators, { query: { limit: MOST_OPERATORS } }, { enabled: mayList }).data?.items;
  const [filters, change] = useFilters(['actor', 'area', 'subject', 'from', 'to']);
  const query = {
    actor: filters.actor === 'system' || isId(filters.actor) ? filters.actor : undefined,
    action: filters.area === '' ? undefined : `${filters.area}.`,
    subjectId: filters.subject === '' ? undefined : filters.subject,
    from: startOfDay(filters.from, operatorZone()),
    to: endOfDay(filters.to, operatorZone()),
  };
  const pages = usePages(listAudit, { query });
  return (
    <Page
      title={t('title')}
      about={t('about')}
      actions={
        <>
          <CopyAs endpoint={listAudit} input={{ query }} />
          {chain.button}
        </>
      }
    >
      {chain.result}
      <FilterBar>
        <ChoiceFilter
          label={t('area')}
          value={filters.area}
          onChange={(area) => change({ area })}
          choices={areas.map((value) => ({ value, label: t(value) }))}
        />
        <ChoiceFilter
          label={t('actor')}
          value={filters.actor}
          onChange={(actor) => change({ actor })}
          choices={[
            { value: 'system', label: t('system') },
            ...(operators ?? []).map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
        <SearchFilter label={t('subjectId')} value={filters.subject} onChange={(subject) => change({ subject })} />
        <DaysFilter labels={{ from: t('from'), to: t('to') }} from={filters.from} to={filters.to} onChange={change} />
      </FilterBar>
      <DataTable
        caption={t('title')}
        pages={pages}
        idOf={({ id }) => id}
        columns={[
          { key: 'time', title: t('time'), width: 130, render: ({ at }) => <When at={at} /> },
          { key: 'who', title: t('who'), from: 'sm', width: 220, render: (entry) => <Who entry={entry} /> },
          { key: 'what', title: t('what'), render: (entry) => <AuditEntry entry={entry} /> },
        ]}
        empty={<EmptyState title={t('empty')} text={t('emptyText')} />}
      />
    </Page>
  );
}

function Who({ entry: { actor, actorName } }: { entry: AuditEntryView }) {
  const t = useWords(auditWords);
  return (
    <Text size="sm" truncate maw={220}>
      {actorName ?? t(actor === 'system' ? 'system' : 'someone')}
    </Text>
  );
}
