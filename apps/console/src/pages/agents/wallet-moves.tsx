import { Text } from '@mantine/core';
import type { WalletMoveView } from '@turnpike/contracts/ledger.js';
import type { Pages } from '../../api/use-endpoint.js';
import { DataTable } from '../../kit/data-table.js';
import { EmptyState } from '../../kit/empty-state.js';
import { Money } from '../../kit/figures.js';
import { When } from '../../kit/when.js';
import { useWords } from '../../words/use-words.js';
import { entryKindText } from '../ledger/account-texts.js';
import { ledgerWords } from '../ledger/ledger-words.js';
import { agentWords } from './agent-words.js';

/** What went into a wallet and out of it, newest first. */
export function WalletMoves({ pages }: { pages: Pages<WalletMoveView> }) {
  const t = useWords(agentWords);
  const words = useWords(ledgerWords);
  return (
    <DataTable
      caption={t('moves')}
      pages={pages}
      idOf={({ id }) => id}
      columns={[
        {
          key: 'what',
          title: t('what'),
          render: ({ kind, description }) => (
            <div>
              <Text size="sm">{entryKindText(kind, words)}</Text>
              <Text size="xs" c="dimmed">
                {description}
              </Text>
            </div>
          ),
        },
        {
          key: 'amount',
          title: t('amount'),
          align: 'right',
          render: ({ amountMinor, currency }) => <Money minor={amountMinor} currency={currency} />,
        },
        {
          key: 'after',
          title: t('after'),
          align: 'right',
          from: 'sm',
          render: ({ balanceMinor, currency }) => <Money minor={balanceMinor} currency={currency} />,
        },
        { key: 'time', title: t('time'), from: 'sm', render: ({ createdAt }) => <When at={createdAt} /> },
      ]}
      empty={<EmptyState title={t('emptyMoves')} text={t('emptyMovesText')} />}
    />
  );
}
