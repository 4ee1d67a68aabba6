import { Box, Button, Checkbox, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { listPackages, visibilities, type SoldPackageView } from '@turnpike/contracts/packages.js';
import { Link } from 'react-router';
import { usePages } from '../../api/use-endpoint.js';
import { Action } from '../../kit/action.js';
import { CopyAs } from '../../kit/copy-as.js';
import { DataTable, type Column } from '../../kit/data-table.js';
import { EmptyState } from '../../kit/empty-state.js';
import { Money } from '../../kit/figures.js';
import { ChoiceFilter, FilterBar, SearchFilter } from '../../kit/filter-bar.js';
import { Page } from '../../kit/page.js';
import { RowLink } from '../../kit/row-link.js';
import { soldTermsWords } from '../../kit/sold-terms-words.js';
import { termsText } from '../../kit/sold-terms.js';
import { useFilters } from '../../kit/use-filters.js';
import { useMay } from '../../session/session.js';
import { useWords } from '../../words/use-words.js';
import { PackageState } from './package-state.js';
import { packagesWords } from './packages-words.js';

const FILTERS = ['q', 'visibility', 'active', 'archived'] as const;

/** What is sold. */
export function PackagesPage() {
  const t = useWords(packagesWords);
  const [filters, setFilters] = useFilters(FILTERS);
  const visibility = visibilities.find((known) => known === filters.visibility);
  const query = {
    ...(filters.q === '' ? {} : { q: filters.q }),
    ...(visibility === undefined ? {} : { visibility }),
    ...(filters.active === '' ? {} : { active: filters.active }),
    ...(filters.archived === '' ? {} : { archived: 'true' }),
  };
  const pages = usePages(listPackages, { query });
  return (
    <Page
      title={t('title')}
      actions={
        <>
          <CopyAs endpoint={listPackages} input={{ query }} />
          <NewButton />
        </>
      }
    >
      <FilterBar>
        <SearchFilter label={t('search')} value={filters.q} onChange={(q) => setFilters({ q })} />
        <ChoiceFilter
          label={t('visibility')}
          value={filters.visibility}
          onChange={(value) => setFilters({ visibility: value })}
          choices={visibilities.map((value) => ({ value, label: t(`vis_${value}`) }))}
        />
        <ChoiceFilter
          label={t('filterState')}
          value={filters.active}
          onChange={(active) => setFilters({ active })}
          choices={[
            { value: 'true', label: t('onSale') },
            { value: 'false', label: t('offSale') },
          ]}
        />
        <Checkbox
          label={t('showArchived')}
          checked={filters.archived !== ''}
          onChange={(event) => setFilters({ archived: event.currentTarget.checked ? 'true' : '' })}
        />
      </FilterBar>
      <DataTable
        caption={t('title')}
        pages={pages}
        columns={useColumns()}
        idOf={({ id }) => id}
        empty={
          Object.keys(query).length > 0 ? (
            <EmptyState title={t('noneFound')} text={t('noneFoundText')} />
          ) : (
            <EmptyState title={t('none')} text={t('noneText')} action={<NewButton />} />
          )
        }
      />
    </Page>
  );
}

function useColumns(): Column<SoldPackageView>[] {
  const t = useWords(packagesWords);
  const terms = useWords(soldTermsWords);
  return [
    {
      key: 'name',
      title: t('name'),
      render: (item) => (
        <>
          <RowLink to={`/packages/${item.id}`}>{item.name}</RowLink>
          <Box hiddenFrom="sm" maw={220}>
            <Text size="xs" c="dimmed">
              {termsText(item, terms)}
            </Text>
            <PackageState item={item} />
          </Box>
        </>
      ),
    },
    { key: 'terms', title: t('terms'), render: (item) => <Text size="sm">{termsText(item, terms)}</Text>, from: 'sm' },
    { key: 'service', title: t('service'), render: ({ type }) => terms(type), from: 'xl' },
    { key: 'visibility', title: t('visibility'), render: (item) => t(`vis_${item.visibility}`), from: 'xl' },
    { key: 'state', title: t('state'), render: (item) => <PackageState item={item} />, from: 'sm' },
    {
      key: 'sold',
      title: t('sold30'),
      align: 'right',
      from: 'md',
      render: ({ sold }) => <Figure count={sold?.last30Days} />,
    },
    {
      key: 'active',
      title: t('activeNow'),
      align: 'right',
      from: 'md',
      render: ({ sold }) => <Figure count={sold?.activeNow} />,
    },
    {
      key: 'price',
      title: t('price'),
      align: 'right',
      render: ({ priceMinor, currency }) => <Money minor={priceMinor} currency={currency} />,
    },
  ];
}

/** Nothing for who may not see how packages sell. */
function Figure({ count }: { count: number | undefined }) {
  return <>{count === undefined ? '–' : count.toLocaleString('en')}</>;
}

function NewButton() {
  const t = useWords(packagesWords);
  const may = useMay('packages:write');
  const icon = <IconPlus size={16} />;
  return may ? (
    <Button component={Link} to="/packages/new" leftSection={icon}>
      {t('add')}
    </Button>
  ) : (
    <Action needs="packages:write" leftSection={icon}>
      {t('add')}
    </Action>
  );
}
