import { Box } from '@mantine/core';
import { listVouchers, voucherStates } from '@turnpike/contracts/vouchers.js';
import { usePages } from '../../api/use-endpoint.js';
import { CopyAs } from '../../kit/copy-as.js';
import { DataTable } from '../../kit/data-table.js';
import { EmptyState } from '../../kit/empty-state.js';
import { ChoiceFilter } from '../../kit/filter-bar.js';
import { Section } from '../../kit/section.js';
import { useFilters } from '../../kit/use-filters.js';
import { useWords } from '../../words/use-words.js';
import { useVoucherColumns } from './voucher-columns.js';
import { vouchersWords } from './vouchers-words.js';

const FILTERS = ['state'] as const;

/** The codes of one batch, by state. */
export function BatchCodes({ batchId }: { batchId: string }) {
  const t = useWords(vouchersWords);
  const columns = useVoucherColumns();
  const [filters, setFilters] = useFilters(FILTERS);
  const state = voucherStates.find((known) => known === filters.state);
  const query = { batchId, ...(state === undefined ? {} : { state }) };
  const pages = usePages(listVouchers, { query });
  return (
    <Section title={t('codes')} about={t('codesAbout')} actions={<CopyAs endpoint={listVouchers} input={{ query }} />}>
      <Box mb="sm">
        <ChoiceFilter
          label={t('state')}
          value={filters.state}
          onChange={(value) => setFilters({ state: value })}
          choices={voucherStates.map((value) => ({ value, label: t(value) }))}
        />
      </Box>
      <DataTable
        caption={t('codes')}
        pages={pages}
        columns={columns}
        idOf={({ id }) => id}
        empty={<EmptyState title={t('codesNone')} text={t('codesNoneText')} />}
      />
    </Section>
  );
}
