import { Button, Text } from '@mantine/core';
import { IconUserPlus } from '@tabler/icons-react';
import { listCustomers, type CustomerView, type MatchKind } from '@turnpike/contracts/customers.js';
import { useState } from 'react';
import { usePages } from '../../api/use-endpoint.js';
import { Action } from '../../kit/action.js';
import { CopyAs } from '../../kit/copy-as.js';
import { DataTable, type Column } from '../../kit/data-table.js';
import { EmptyState } from '../../kit/empty-state.js';
import { FilterBar, SearchFilter } from '../../kit/filter-bar.js';
import { Page } from '../../kit/page.js';
import { RowLink } from '../../kit/row-link.js';
import { useFilters } from '../../kit/use-filters.js';
import { When } from '../../kit/when.js';
import type { SayOf } from '../../words/say-of.js';
import { useWords } from '../../words/use-words.js';
import { AddCustomer } from './add-customer.js';
import { CustomerState } from './customer-state.js';
import { customersWords } from './customers-words.js';

type Row = CustomerView & { readonly matched: readonly MatchKind[] };

const FILTERS = ['q'] as const;

/** Everybody who buys, found by whatever is known of them. */
export function CustomersPage() {
  const t = useWords(customersWords);
  const [{ q }, setFilters] = useFilters(FILTERS);
  const [isAdding, setAdding] = useState(false);
  const query = q === '' ? {} : { q };
  const pages = usePages(listCustomers, { query });
  const add = (
    <Action needs="customers:write" leftSection={<IconUserPlus size={16} />} onClick={() => setAdding(true)}>
      {t('add')}
    </Action>
  );
  return (
    <Page
      title={t('title')}
      actions={
        <>
          <CopyAs endpoint={listCustomers} input={{ query }} />
          {add}
        </>
      }
    >
      <FilterBar>
        <SearchFilter label={t('search')} value={q} onChange={(value) => setFilters({ q: value })} />
      </FilterBar>
      <DataTable
        caption={t('title')}
        pages={pages}
        columns={columnsOf(t, q !== '')}
        idOf={({ id }) => id}
        empty={
          q === '' ? (
            <EmptyState title={t('none')} text={t('noneText')} action={add} />
          ) : (
            <EmptyState
              title={t('notFound')}
              text={t('notFoundText')}
              action={
                <Button variant="default" onClick={() => setFilters({ q: '' })}>
                  {t('toList')}
                </Button>
              }
            />
          )
        }
      />
      {isAdding ? <AddCustomer onClose={() => setAdding(false)} /> : null}
    </Page>
  );
}

type Say = SayOf<typeof customersWords>;

function columnsOf(t: Say, isSearch: boolean): Column<Row>[] {
  const matchedText = (row: Row) => row.matched.map((kind) => t(`match_${kind}`)).join(', ');
  const matched: Column<Row> = { key: 'matched', title: t('matched'), render: matchedText, from: 'sm' };
  return [
    {
      key: 'username',
      title: t('username'),
      render: (row) => (
        <>
          <Text span size="sm" style={{ overflowWrap: 'anywhere' }}>
            <RowLink to={`/customers/${row.id}`}>{row.username}</RowLink>
          </Text>
          {isSearch ? (
            <Text size="xs" c="dimmed" hiddenFrom="sm">
              {matchedText(row)}
            </Text>
          ) : null}
        </>
      ),
    },
    ...(isSearch ? [matched] : []),
    {
      key: 'phone',
      title: t('phone'),
      render: ({ msisdn }) => <span className="figures">{msisdn ?? '–'}</span>,
      from: 'xs',
    },
    { key: 'email', title: t('email'), render: ({ email }) => email ?? '–', from: 'lg' },
    { key: 'status', title: t('status'), render: (row) => <CustomerState customer={row} /> },
    { key: 'language', title: t('language'), render: ({ language }) => t(`language_${language}`), from: 'md' },
    { key: 'since', title: t('since'), align: 'right', render: ({ createdAt }) => <When at={createdAt} />, from: 'sm' },
  ];
}
