import { Button, Stack, Text } from '@mantine/core';
import { entryKinds, listLedgerEntries, type LedgerEntryView } from '@turnpike/contracts/ledger.js';
import { usePages } from '../../api/use-endpoint.js';
import { CopyAs } from '../../kit/copy-as.js';
import { DataTable } from '../../kit/data-table.js';
import { DaysFilter } from '../../kit/day-filter.js';
import { EmptyState } from '../../kit/empty-state.js';
import { Money } from '../../kit/figures.js';
import { ChoiceFilter, FilterBar } from '../../kit/filter-bar.js';
import { isId } from '../../kit/is-id.js';
import { oneOf } from '../../kit/one-of.js';
import { RowLink } from '../../kit/row-link.js';
import { useFilters } from '../../kit/use-filters.js';
import { When } from '../../kit/when.js';
import { operatorZone } from '../../kit/zone.js';
import { endOfDay, startOfDay } from '../../kit/zoned-day.js';
import { useWords } from '../../words/use-words.js';
import { AccountName } from './account-name.js';
import { entryKindText } from './account-texts.js';
import { sidesOf } from './entry-sides.js';
import { LedgerFrame } from './ledger-frame.js';
import { ledgerWords } from './ledger-words.js';

/** Movements of money, each with both its sides. */
export function EntriesPage() {
  const t = useWords(ledgerWords);
  const [filters, change] = useFilters(['kind', 'account', 'from', 'to']);
  const account = isId(filters.account) ? filters.account : undefined;
  const query = {
    kind: oneOf(entryKinds, filters.kind),
    account,
    from: startOfDay(filters.from, operatorZone()),
    to: endOfDay(filters.to, operatorZone()),
  };
  const isFiltered = Object.values(query).some((value) => value !== undefined);
  const pages = usePages(listLedgerEntries, { query });
  return (
    <LedgerFrame actions={<CopyAs endpoint={listLedgerEntries} input={{ query }} />}>
      <FilterBar>
        <ChoiceFilter
          label={t('kind')}
          value={filters.kind}
          onChange={(kind) => change({ kind })}
          choices={entryKinds.map((value) => ({ value, label: entryKindText(value, t) }))}
        />
        <DaysFilter labels={{ from: t('from'), to: t('to') }} from={filters.from} to={filters.to} onChange={change} />
        {account === undefined ? null : (
          <Button variant="light" onClick={() => change({ account: '' })}>
            {t('oneAccount')} · {t('showAll')}
          </Button>
        )}
      </FilterBar>
      <DataTable
        caption={account === undefined ? t('allAccounts') : t('oneAccount')}
        pages={pages}
        idOf={({ id }) => id}
        columns={[
          { key: 'entry', title: t('entry'), render: (entry) => <What entry={entry} /> },
          { key: 'from', title: t('outOf'), from: 'sm', render: (entry) => <Side entry={entry} side="from" /> },
          { key: 'into', title: t('into'), from: 'sm', render: (entry) => <Side entry={entry} side="into" /> },
          { key: 'amount', title: t('amount'), align: 'right', render: (entry) => <Total entry={entry} /> },
          { key: 'time', title: t('time'), from: 'md', render: ({ createdAt }) => <When at={createdAt} /> },
        ]}
        empty={
          <EmptyState
            title={t(isFiltered ? 'emptyFilter' : 'emptyEntries')}
            text={t(isFiltered ? 'emptyFilterText' : 'emptyEntriesText')}
          />
        }
      />
    </LedgerFrame>
  );
}

function What({ entry }: { entry: LedgerEntryView }) {
  const t = useWords(ledgerWords);
  const kind = entryKindText(entry.kind, t);
  return (
    <div>
      {entry.paymentId === null ? (
        <Text size="sm" fw={500}>
          {kind}
        </Text>
      ) : (
        <RowLink to={`/payments/${entry.paymentId}`}>{kind}</RowLink>
      )}
      <Text size="xs" c="dimmed">
        {entry.description}
      </Text>
    </div>
  );
}

function Side({ entry, side }: { entry: LedgerEntryView; side: 'from' | 'into' }) {
  const postings = sidesOf(entry)[side];
  return (
    <Stack gap={0}>
      {postings.map(({ accountId, accountKind, accountOwner, amountMinor, currency }) => (
        <Text key={accountId} size="sm" component="div">
          <AccountName kind={accountKind} owner={accountOwner} />
          {postings.length === 1 ? null : (
            <Text span size="xs" c="dimmed">
              {' '}
              <Money minor={Math.abs(amountMinor)} currency={currency} />
            </Text>
          )}
        </Text>
      ))}
    </Stack>
  );
}

function Total({ entry }: { entry: LedgerEntryView }) {
  const { totalMinor, currency } = sidesOf(entry);
  return <Money minor={totalMinor} currency={currency} />;
}
