import { listPayments, paymentProviders, paymentStates } from '@turnpike/contracts/payments.js';
import { usePages } from '../../api/use-endpoint.js';
import { CopyAs } from '../../kit/copy-as.js';
import { DataTable } from '../../kit/data-table.js';
import { DaysFilter } from '../../kit/day-filter.js';
import { EmptyState } from '../../kit/empty-state.js';
import { ChoiceFilter, FilterBar, SearchFilter } from '../../kit/filter-bar.js';
import { oneOf } from '../../kit/one-of.js';
import { useFilters } from '../../kit/use-filters.js';
import { operatorZone } from '../../kit/zone.js';
import { endOfDay, startOfDay } from '../../kit/zoned-day.js';
import { useWords } from '../../words/use-words.js';
import { paymentCommand } from './payment-command.js';
import { usePaymentColumns } from './payment-columns.js';
import { paymentWords } from './payment-words.js';
import { PaymentsFrame } from './payments-frame.js';

export function PaymentsPage() {
  const t = useWords(paymentWords);
  const columns = usePaymentColumns();
  const [filters, change] = useFilters(['state', 'provider', 'q', 'from', 'to']);
  const query = {
    state: oneOf(paymentStates, filters.state),
    provider: oneOf(paymentProviders, filters.provider),
    q: filters.q === '' ? undefined : filters.q,
    from: startOfDay(filters.from, operatorZone()),
    to: endOfDay(filters.to, operatorZone()),
  };
  const isFiltered = Object.values(filters).some((value) => value !== '');
  const pages = usePages(listPayments, { query });
  return (
    <PaymentsFrame copy={<CopyAs endpoint={listPayments} input={{ query }} command={paymentCommand(query)} />}>
      <FilterBar>
        <SearchFilter label={t('search')} value={filters.q} onChange={(q) => change({ q })} />
        <ChoiceFilter
          label={t('state')}
          value={filters.state}
          onChange={(state) => change({ state })}
          choices={paymentStates.map((value) => ({ value, label: t(value) }))}
        />
        <ChoiceFilter
          label={t('provider')}
          value={filters.provider}
          onChange={(provider) => change({ provider })}
          choices={paymentProviders.map((value) => ({ value, label: t(value) }))}
        />
        <DaysFilter labels={{ from: t('from'), to: t('to') }} from={filters.from} to={filters.to} onChange={change} />
      </FilterBar>
      <DataTable
        caption={t('title')}
        pages={pages}
        columns={[columns.name, columns.phone, columns.what, columns.amount, columns.state, columns.time]}
        idOf={({ id }) => id}
        empty={
          <EmptyState
            title={t(isFiltered ? 'emptyFiltered' : 'emptyList')}
            text={t(isFiltered ? 'emptyFilteredText' : 'emptyListText')}
          />
        }
      />
    </PaymentsFrame>
  );
}
