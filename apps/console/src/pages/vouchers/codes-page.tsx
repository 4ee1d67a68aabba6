import { listVouchers } from '@turnpike/contracts/vouchers.js';
import { usePages } from '../../api/use-endpoint.js';
import { CopyAs } from '../../kit/copy-as.js';
import { DataTable, type Column } from '../../kit/data-table.js';
import { EmptyState } from '../../kit/empty-state.js';
import { FilterBar, SearchFilter } from '../../kit/filter-bar.js';
import { RowLink } from '../../kit/row-link.js';
import { useFilters } from '../../kit/use-filters.js';
import { useWords } from '../../words/use-words.js';
import type { VoucherView } from '@turnpike/contracts/vouchers.js';
import { useVoucherColumns } from './voucher-columns.js';
import { VouchersFrame } from './vouchers-frame.js';
import { vouchersWords } from './vouchers-words.js';
import { Card } from '@mantine/core';

const FILTERS = ['q'] as const;

/** Whether a code can be used, and who used it. */
export function CodesPage() {
  const t = useWords(vouchersWords);
  const columns = useVoucherColumns();
  const [{ q }, setFilters] = useFilters(FILTERS);
  const query = { q: q.trim() };
  const pages = usePages(listVouchers, { query }, { enabled: query.q !== '' });
  const batch: Column<VoucherView> = {
    key: 'batch',
    title: t('package'),
    render: ({ batchId, packageName }) => <RowLink to={`/vouchers/${batchId}`}>{packageName}</RowLink>,
  };
  return (
    <VouchersFrame copy={<CopyAs endpoint={listVouchers} input={{ query }} />}>
      <FilterBar>
        <SearchFilter label={t('find')} value={q} onChange={(value) => setFilters({ q: value })} />
      </FilterBar>
      {query.q === '' ? (
        <Card withBorder>
          <EmptyState title={t('typeCode')} text={`${t('typeCodeText')} ${t('findHelp')}`} />
        </Card>
      ) : (
        <DataTable
          caption={t('tabCodes')}
          pages={pages}
          columns={[...columns.slice(0, 2), batch, ...columns.slice(2)]}
          idOf={({ id }) => id}
          empty={<EmptyState title={t('foundNone')} text={t('foundNoneText')} />}
        />
      )}
    </VouchersFrame>
  );
}
