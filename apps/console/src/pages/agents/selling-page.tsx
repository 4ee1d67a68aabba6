import { Alert, Group, Stack, Text, Title } from '@mantine/core';
import { getMyAgent, getMyWallet, listMySales, type AgentSale, type MyAgentView } from '@turnpike/contracts/agents.js';
import { useState } from 'react';
import { useEndpoint, usePages } from '../../api/use-endpoint.js';
import { EmptyState } from '../../kit/empty-state.js';
import { Loaded } from '../../kit/loaded.js';
import { Page } from '../../kit/page.js';
import { Section } from '../../kit/section.js';
import { useWords } from '../../words/use-words.js';
import { Balances } from './balances.js';
import { percentText } from './percent-text.js';
import { SaleForm } from './sale-form.js';
import { sellingWords } from './selling-words.js';
import { SoldBatches } from './sold-batches.js';
import { SoldCodes } from './sold-codes.js';
import { WalletMoves } from './wallet-moves.js';

/** What an agent works with: the wallet, a sale, its codes, and what was sold before. */
export function SellingPage() {
  const t = useWords(sellingWords);
  const asked = useEndpoint(getMyAgent);
  if (asked.error?.status === 404) {
    return <EmptyState title={t('notAgent')} text={t('notAgentText')} />;
  }
  return <Loaded asked={asked}>{(agent) => <Selling agent={agent} />}</Loaded>;
}

function Selling({ agent }: { agent: MyAgentView }) {
  const t = useWords(sellingWords);
  const [sold, setSold] = useState<AgentSale>();
  return (
    <Page title={t('title')}>
      <div className="no-print">
        <Section title={t('wallet')}>
          <Group justify="space-between">
            <Balances balances={agent.balances} />
            <Text size="sm" c="dimmed">
              {t('commission', { percent: percentText(agent.commissionBasisPoints) })}
            </Text>
          </Group>
        </Section>
      </div>
      {sold === undefined ? (
        <Sale agent={agent} onSold={setSold} />
      ) : (
        <SoldCodes sale={sold} onDone={() => setSold(undefined)} />
      )}
      <Before />
    </Page>
  );
}

function Sale({ agent, onSold }: { agent: MyAgentView; onSold: (sale: AgentSale) => void }) {
  const t = useWords(sellingWords);
  if (agent.active) return <SaleForm agent={agent} onSold={onSold} />;
  return (
    <Alert color="orange" title={t('stopped')}>
      {t('stoppedText')}
    </Alert>
  );
}

function Before() {
  const t = useWords(sellingWords);
  const sales = usePages(listMySales);
  const moves = usePages(getMyWallet);
  return (
    <Stack className="no-print">
      <Title order={2} size="h5">
        {t('history')}
      </Title>
      <SoldBatches pages={sales} />
      <Title order={2} size="h5">
        {t('moves')}
      </Title>
      <WalletMoves pages={moves} />
    </Stack>
  );
}
