import { getAgent, getAgentWallet, type AgentView } from '@turnpike/contracts/agents.js';
import { listVoucherBatches } from '@turnpike/contracts/vouchers.js';
import { useParams } from 'react-router';
import { useEndpoint, usePages } from '../../api/use-endpoint.js';
import { Facts } from '../../kit/facts.js';
import { Loaded } from '../../kit/loaded.js';
import { Page } from '../../kit/page.js';
import { PageTabs } from '../../kit/page-tabs.js';
import { Section } from '../../kit/section.js';
import { When } from '../../kit/when.js';
import { useMay } from '../../session/session.js';
import { useWords } from '../../words/use-words.js';
import { AgentActions } from './agent-actions.js';
import { AgentState } from './agent-state.js';
import { agentWords } from './agent-words.js';
import { Balances } from './balances.js';
import { percentText } from './percent-text.js';
import { SoldBatches } from './sold-batches.js';
import { WalletMoves } from './wallet-moves.js';

/** One agent, with the wallet. */
export function AgentPage() {
  return <OfAgent tab="wallet" />;
}

/** One agent, with what was sold. */
export function AgentSalesPage() {
  return <OfAgent tab="sales" />;
}

function OfAgent({ tab }: { tab: 'wallet' | 'sales' }) {
  const { id = '' } = useParams();
  const asked = useEndpoint(getAgent, { params: { id } });
  return <Loaded asked={asked}>{(agent) => <Shown agent={agent} tab={tab} />}</Loaded>;
}

function Shown({ agent, tab }: { agent: AgentView; tab: 'wallet' | 'sales' }) {
  const t = useWords(agentWords);
  const maySeeVouchers = useMay('vouchers:read');
  const params = { id: agent.id };
  const wallet = useEndpoint(getAgentWallet, { params, query: { limit: 1 } });
  return (
    <Page
      title={agent.name}
      trail={[{ label: t('title'), to: '/agents' }]}
      badge={<AgentState active={agent.active} />}
      actions={<AgentActions agent={agent} currency={wallet.data?.balances[0]?.currency ?? 'KES'} />}
    >
      <Section title={t('facts')}>
        <Facts
          facts={[
            { label: t('inWallet'), value: <Balances balances={wallet.data?.balances} /> },
            { label: t('commission'), value: percentText(agent.commissionBasisPoints) },
            { label: t('phone'), value: agent.msisdn ?? t('noPhone') },
            { label: t('operator'), value: t(agent.operatorId === null ? 'noOperator' : 'hasOperator') },
            { label: t('since'), value: <When at={agent.createdAt} /> },
          ]}
        />
      </Section>
      <PageTabs
        label={t('facts')}
        tabs={[
          { label: t('moves'), to: `/agents/${agent.id}` },
          ...(maySeeVouchers ? [{ label: t('sales'), to: `/agents/${agent.id}/sales` }] : []),
        ]}
      />
      {tab === 'wallet' ? <Moves id={agent.id} /> : <Sales id={agent.id} />}
    </Page>
  );
}

function Moves({ id }: { id: string }) {
  return <WalletMoves pages={usePages(getAgentWallet, { params: { id } })} />;
}

function Sales({ id }: { id: string }) {
  return <SoldBatches pages={usePages(listVoucherBatches, { query: { agentId: id } })} />;
}
