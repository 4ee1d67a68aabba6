import { Text } from '@mantine/core';
import { createAgent, listAgents } from '@turnpike/contracts/agents.js';
import { listLedgerAccounts } from '@turnpike/contracts/ledger.js';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useAct } from '../../api/use-act.js';
import { useEndpoint, usePages } from '../../api/use-endpoint.js';
import { Action } from '../../kit/action.js';
import { CopyAs } from '../../kit/copy-as.js';
import { DataTable } from '../../kit/data-table.js';
import { EmptyState } from '../../kit/empty-state.js';
import { Money } from '../../kit/figures.js';
import { ChoiceFilter, FilterBar } from '../../kit/filter-bar.js';
import { Page } from '../../kit/page.js';
import { RowLink } from '../../kit/row-link.js';
import { useFilters } from '../../kit/use-filters.js';
import { When } from '../../kit/when.js';
import { useWords } from '../../words/use-words.js';
import { AgentDialog } from './agent-dialog.js';
import { AgentState } from './agent-state.js';
import { agentWords } from './agent-words.js';
import { percentText } from './percent-text.js';

const MOST_WALLETS = 200;

/** Who sells vouchers for us. */
export function AgentsPage() {
  const t = useWords(agentWords);
  const navigate = useNavigate();
  const [isAdding, setAdding] = useState(false);
  const [filters, change] = useFilters(['active']);
  const query = filters.active === '' ? {} : { active: filters.active };
  const pages = usePages(listAgents, { query });
  const wallets = useEndpoint(listLedgerAccounts, { query: { kind: 'agent_wallet', limit: MOST_WALLETS } });
  const act = useAct(createAgent, {
    ownProblem: true,
    says: ({ name }) => t('added', { name }),
    onDone: ({ id }) => void navigate(`/agents/${id}`),
  });
  const add = (
    <Action needs="ledger:write" onClick={() => setAdding(true)}>
      {t('add')}
    </Action>
  );
  return (
    <Page
      title={t('title')}
      about={t('about')}
      actions={
        <>
          <CopyAs endpoint={listAgents} input={{ query }} />
          {add}
        </>
      }
    >
      <FilterBar>
        <ChoiceFilter
          label={t('state')}
          value={filters.active}
          onChange={(active) => change({ active })}
          choices={[
            { value: 'true', label: t('active') },
            { value: 'false', label: t('inactive') },
          ]}
        />
      </FilterBar>
      <DataTable
        caption={t('title')}
        pages={pages}
        idOf={({ id }) => id}
        columns={[
          { key: 'name', title: t('name'), render: ({ id, name }) => <RowLink to={`/agents/${id}`}>{name}</RowLink> },
          { key: 'phone', title: t('phone'), from: 'md', render: ({ msisdn }) => msisdn ?? t('noPhone') },
          { key: 'state', title: t('state'), from: 'xs', render: ({ active }) => <AgentState active={active} /> },
          {
            key: 'commission',
            title: t('commission'),
            align: 'right',
            from: 'sm',
            render: ({ commissionBasisPoints }) => percentText(commissionBasisPoints),
          },
          {
            key: 'wallet',
            title: t('inWallet'),
            align: 'right',
            render: ({ id }) =>
              wallets.data?.items
                .filter(({ owner }) => owner === id)
                .map(({ currency, balanceMinor }) => (
                  <Text key={currency} size="sm">
                    <Money minor={balanceMinor} currency={currency} />
                  </Text>
                )),
          },
          { key: 'since', title: t('since'), from: 'lg', render: ({ createdAt }) => <When at={createdAt} /> },
        ]}
        empty={
          filters.active === '' ? (
            <EmptyState title={t('emptyAgents')} text={t('emptyAgentsText')} action={add} />
          ) : (
            <EmptyState title={t('emptyFilter')} text={t('emptyFilterText')} />
          )
        }
      />
      {isAdding ? (
        <AgentDialog
          title={t('add')}
          verb={t('addVerb')}
          isBusy={act.isPending}
          problem={act.error}
          onSubmit={(body) => act.mutate({ body })}
          onClose={() => setAdding(false)}
        />
      ) : null}
    </Page>
  );
}
