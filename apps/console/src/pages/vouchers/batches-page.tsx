import { Text } from '@mantine/core';
import { listPackages } from '@turnpike/contracts/packages.js';
import { listVoucherBatches, type VoucherBatchView } from '@turnpike/contracts/vouchers.js';
import { useEndpoint, usePages } from '../../api/use-endpoint.js';
import { CopyAs } from '../../kit/copy-as.js';
import { DataTable, type Column } from '../../kit/data-table.js';
import { DayFilter } from '../../kit/day-filter.js';
import { EmptyState } from '../../kit/empty-state.js';
import { Money } from '../../kit/figures.js';
import { ChoiceFilter, FilterBar, SearchFilter } from '../../kit/filter-bar.js';
import { RowLink } from '../../kit/row-link.js';
import { useFilters } from '../../kit/use-filters.js';
import { When } from '../../kit/when.js';
import { operatorZone } from '../../kit/zone.js';
import { endOfDay, startOfDay } from '../../kit/zoned-day.js';
import { useWords } from '../../words/use-words.js';
import { StateBar } from './state-bar.js';
import { NewBatchButton, VouchersFrame } from './vouchers-frame.js';
import { vouchersWords } from './vouchers-words.js';

const FILTERS = ['number', 'packageId', 'from', 'to'] as const;
const MOST_PACKAGES = 200;
const NUMBER = /^[0-9A-Fa-f]{8}$/;

/** Batches of vouchers, with what became of their codes. */
export function BatchesPage() {
  const t = useWords(vouchersWords);
  const [{ number, packageId, from, to }, setFilters] = useFilters(FILTERS);
  const packages = useEndpoint(listPackages, { query: { limit: MOST_PACKAGES } });
  const zone = operatorZone();
  const [begins, ends] = [startOfDay(from, zone), endOfDay(to, zone)];
  const query = {
    ...(NUMBER.test(number.trim()) ? { number: number.trim() } : {}),
    ...(packageId === '' ? {} : { packageId }),
    ...(begins === undefined ? {} : { from: begins }),
    ...(ends === undefined ? {} : { to: ends }),
  };
  const pages = usePages(listVoucherBatches, { query });
  const isFiltered = Object.keys(query).length > 0;
  return (
    <VouchersFrame copy={<CopyAs endpoint={listVoucherBatches} input={{ query }} />}>
      <FilterBar>
        <SearchFilter label={t('numberHelp')} value={number} onChange={(value) => setFilters({ number: value })} />
        <ChoiceFilter
          label={t('package')}
          value={packageId}
          onChange={(value) => setFilters({ packageId: value })}
          choices={(packages.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        />
        <DayFilter label={t('from')} value={from} onChange={(value) => setFilters({ from: value })} />
        <DayFilter label={t('to')} value={to} onChange={(value) => setFilters({ to: value })} />
      </FilterBar>
      <DataTable
        caption={t('title')}
        pages={pages}
        columns={useColumns()}
        idOf={({ id }) => id}
        empty={
          isFiltered ? (
            <EmptyState title={t('noneFound')} text={t('noneFoundText')} />
          ) : (
            <EmptyState title={t('none')} text={t('noneText')} action={<NewBatchButton />} />
          )
        }
      />
    </VouchersFrame>
  );
}

function useColumns(): Column<VoucherBatchView>[] {
  const t = useWords(vouchersWords);
  return [
    {
      key: 'number',
      title: t('number'),
      render: ({ id, number }) => (
        <Text span ff="monospace" size="sm">
          <RowLink to={`/vouchers/${id}`}>{number}</RowLink>
        </Text>
      ),
    },
    { key: 'package', title: t('package'), render: ({ packageName }) => packageName },
    { key: 'states', title: t('states'), render: (batch) => <StateBar batch={batch} />, from: 'sm' },
    {
      key: 'by',
      title: t('madeBy'),
      render: ({ agentName, createdBy }) => (agentName === null ? createdBy : t('agent', { name: agentName })),
      from: 'lg',
    },
    { key: 'made', title: t('made'), render: ({ createdAt }) => <When at={createdAt} />, from: 'md' },
    {
      key: 'until',
      title: t('redeemable'),
      render: ({ expiresAt }) => (expiresAt === null ? t('forEver') : <When at={expiresAt} />),
      from: 'lg',
    },
    {
      key: 'price',
      title: t('price'),
      align: 'right',
      render: ({ priceMinor, currency }) =>
        priceMinor === null || currency === null ? '–' : <Money minor={priceMinor} currency={currency} />,
      from: 'sm',
    },
    { key: 'count', title: t('count'), align: 'right', render: ({ count }) => count },
  ];
}
