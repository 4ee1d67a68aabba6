import { Group, Text, TextInput } from '@mantine/core';
import { adjustCustomerWallet, getCustomerWallet, type WalletMoveView } from '@turnpike/contracts/ledger.js';
import { moneyText } from '@turnpike/core/money.js';
import { useState } from 'react';
import { useAct } from '../../api/use-act.js';
import { useEndpoint, usePages } from '../../api/use-endpoint.js';
import { Action } from '../../kit/action.js';
import { AmountField } from '../../kit/amount-field.js';
import { CopyAs } from '../../kit/copy-as.js';
import { DataTable, type Column } from '../../kit/data-table.js';
import { Money } from '../../kit/figures.js';
import { FormDialog } from '../../kit/form-dialog.js';
import { issueOf } from '../../kit/issue-of.js';
import { Section } from '../../kit/section.js';
import { When } from '../../kit/when.js';
import { useWords } from '../../words/use-words.js';
import { customerMoneyWords } from './customer-money-words.js';

const USUAL_CURRENCY = 'KES';

/** What is in the wallet, every movement of it, and adjustments by hand. */
export function CustomerWallet({ customerId }: { customerId: string }) {
  const t = useWords(customerMoneyWords);
  const params = { id: customerId };
  const wallet = useEndpoint(getCustomerWallet, { params, query: { limit: 1 } });
  const pages = usePages(getCustomerWallet, { params, query: {} });
  const [isAdjusting, setAdjusting] = useState(false);
  const balances = wallet.data?.balances ?? [];
  const columns: Column<WalletMoveView>[] = [
    { key: 'what', title: t('moveWhat'), render: ({ description }) => description },
    { key: 'when', title: t('when'), render: ({ createdAt }) => <When at={createdAt} />, from: 'xs' },
    {
      key: 'amount',
      title: t('amount'),
      align: 'right',
      render: ({ amountMinor, currency }) => <Money minor={amountMinor} currency={currency} />,
    },
    {
      key: 'after',
      title: t('moveAfter'),
      align: 'right',
      render: ({ balanceMinor, currency }) => <Money minor={balanceMinor} currency={currency} />,
      from: 'sm',
    },
  ];
  return (
    <Section
      title={t('wallet')}
      actions={
        <>
          <CopyAs endpoint={getCustomerWallet} input={{ params }} />
          <Action needs="ledger:write" size="xs" variant="default" onClick={() => setAdjusting(true)}>
            {t('walletAdjust')}
          </Action>
        </>
      }
    >
      <Group gap="lg" mb="sm">
        {balances.map(({ currency, balanceMinor }) => (
          <Text key={currency} size="xl" fw={600}>
            <Money minor={balanceMinor} currency={currency} />
          </Text>
        ))}
      </Group>
      <DataTable
        caption={t('wallet')}
        pages={pages}
        columns={columns}
        idOf={({ id }) => id}
        empty={
          <Text size="sm" c="dimmed">
            {t('walletNone')}
          </Text>
        }
      />
      {isAdjusting ? (
        <AdjustWallet
          customerId={customerId}
          currency={balances[0]?.currency ?? USUAL_CURRENCY}
          onClose={() => setAdjusting(false)}
        />
      ) : null}
    </Section>
  );
}

interface AdjustProps {
  readonly customerId: string;
  readonly currency: string;
  readonly onClose: () => void;
}

function AdjustWallet({ customerId, currency: first, onClose }: AdjustProps) {
  const t = useWords(customerMoneyWords);
  const [currency, setCurrency] = useState(first);
  const [amountMinor, setAmount] = useState<number | undefined>();
  const [reason, setReason] = useState('');
  const adjust = useAct(adjustCustomerWallet, {
    ownProblem: true,
    says: (moved) => t('walletBooked', { balance: moneyText(BigInt(moved.balanceMinor), moved.currency) }),
    onDone: onClose,
  });
  return (
    <FormDialog
      title={t('walletAdjustTitle')}
      about={t('walletAdjustWhat')}
      verb={t('walletBook')}
      isBusy={adjust.isPending}
      isComplete={amountMinor !== undefined && reason !== ''}
      problem={adjust.error}
      fields={['amountMinor', 'currency', 'reason']}
      onSubmit={() => {
        if (amountMinor !== undefined) {
          adjust.mutate({ params: { id: customerId }, body: { amountMinor, currency, reason } });
        }
      }}
      onClose={onClose}
    >
      <TextInput
        label={t('currency')}
        required
        maxLength={3}
        value={currency}
        onChange={(event) => setCurrency(event.currentTarget.value.toUpperCase())}
        error={issueOf(adjust.error, 'currency')}
      />
      <AmountField
        label={t('amount')}
        description={t('walletAmountHelp')}
        currency={/^[A-Z]{3}$/.test(currency) ? currency : USUAL_CURRENCY}
        allowNegative
        required
        onChange={setAmount}
        error={issueOf(adjust.error, 'amountMinor')}
      />
      <TextInput
        label={t('reason')}
        description={t('reasonHelp')}
        required
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        error={issueOf(adjust.error, 'reason')}
      />
    </FormDialog>
  );
}
