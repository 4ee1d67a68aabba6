import { Skeleton, Text } from '@mantine/core';
import type { BalanceView } from '@turnpike/contracts/ledger.js';
import { Money } from '../../kit/figures.js';
import { useWords } from '../../words/use-words.js';
import { agentWords } from './agent-words.js';

/** What is in a wallet, large. */
export function Balances({ balances }: { balances: readonly BalanceView[] | undefined }) {
  const t = useWords(agentWords);
  if (balances === undefined) return <Skeleton h={36} w={180} />;
  if (balances.length === 0) return <Text c="dimmed">{t('noMoney')}</Text>;
  return balances.map(({ currency, balanceMinor }) => (
    <Text key={currency} size="xl" fw={650}>
      <Money minor={balanceMinor} currency={currency} />
    </Text>
  ));
}
