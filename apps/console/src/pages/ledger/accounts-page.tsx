import { accountKinds, listLedgerAccounts } from '@turnpike/contracts/ledger.js';
import { usePages } from '../../api/use-endpoint.js';
import { CopyAs } from '../../kit/copy-as.js';
import { DataTable } from '../../kit/data-table.js';
import { EmptyState } from '../../kit/empty-state.js';
import { Money } from '../../kit/figures.js';
import { ChoiceFilter, FilterBar, SearchFilter } from '../../kit/filter-bar.js';
import { oneOf } from '../../kit/one-of.js';
import { RowLink } from '../../kit/row-link.js';
import { useFilters } from '../../kit/use-filters.js';
import { When } from '../../kit/when.js';
import { useWords } from '../../words/use-words.js';
import { AccountName } from './account-name.js';
import { accountKindText } from './account-texts.js';
import { LedgerFrame } from './ledger-frame.js';
import { ledgerWords } from './ledger-words.js';

/** Accounts with what is in them; each leads to its entries. */
export function AccountsPage() {
  const t = useWords(ledgerWords);
  const [filters, change] = useFilters(['kind', 'owner']);
  const kind = oneOf(accountKinds, filters.kind);
  const query = { kind, owner: filters.owner === '' ? undefined : filters.owner };
  const isFiltered = kind !== undefined || filters.owner !== '';
  const pages = usePages(listLedgerAccounts, { query });
  return (
    <LedgerFrame about={t('accountsAbout')} actions={<CopyAs endpoint={listLedgerAccounts} input={{ query }} />}>
      <FilterBar>
        <ChoiceFilter
          label={t('kind')}
          value={filters.kind}
          onChange={(chosen) => change({ kind: chosen })}
          choices={accountKinds.map((value) => ({ value, label: accountKindText(value, t) }))}
        />
        <SearchFilter label={t('ownerFilter')} value={filters.owner} onChange={(owner) => change({ owner })} />
      </FilterBar>
      <DataTable
        caption={t('tabAccounts')}
        pages={pages}
        idOf={({ id }) => id}
        columns={[
          {
            key: 'account',
            title: t('account'),
            render: (account) => <AccountName kind={account.kind} owner={account.owner} />,
          },
          {
            key: 'balance',
            title: t('balance'),
            align: 'right',
            render: ({ balanceMinor, currency }) => <Money minor={balanceMinor} currency={currency} />,
          },
          { key: 'since', title: t('since'), from: 'sm', render: ({ createdAt }) => <When at={createdAt} /> },
          {
            key: 'entries',
            title: '',
            align: 'right',
            render: ({ id }) => <RowLink to={`/ledger/entries?account=${id}`}>{t('tabEntries')}</RowLink>,
          },
        ]}
        empty={
          <EmptyState
            title={t(isFiltered ? 'emptyFilter' : 'emptyAccounts')}
            text={t(isFiltered ? 'emptyFilterText' : 'emptyAccountsText')}
          />
        }
      />
    </LedgerFrame>
  );
}
