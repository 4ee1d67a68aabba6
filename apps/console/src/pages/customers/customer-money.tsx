import { listCustomerPayments, type PaymentView } from '@turnpike/contracts/payments.js';
import { usePages } from '../../api/use-endpoint.js';
import { CopyAs } from '../../kit/copy-as.js';
import { DataTable, type Column } from '../../kit/data-table.js';
import { EmptyState } from '../../kit/empty-state.js';
import { Money } from '../../kit/figures.js';
import { NotAllowed } from '../../kit/not-allowed.js';
import { RowLink } from '../../kit/row-link.js';
import { Section } from '../../kit/section.js';
import { Status, type Tone } from '../../kit/status.js';
import { When } from '../../kit/when.js';
import { useMay } from '../../session/session.js';
import { useWords } from '../../words/use-words.js';
import { customerMoneyWords } from './customer-money-words.js';
import { CustomerWallet } from './customer-wallet.js';

const TONES: Readonly<Record<PaymentView['state'], Tone>> = {
  created: 'busy',
  requested: 'busy',
  succeeded: 'good',
  failed: 'bad',
  timed_out: 'bad',
  review: 'warn',
};

/** Payments, and the wallet for who may read the books. */
export function CustomerMoney({ customerId }: { customerId: string }) {
  const mayPayments = useMay('payments:read');
  const mayLedger = useMay('ledger:read');
  return (
    <>
      {mayPayments ? <Payments customerId={customerId} /> : <NotAllowed permission="payments:read" />}
      {mayLedger ? <CustomerWallet customerId={customerId} /> : <NotAllowed permission="ledger:read" />}
    </>
  );
}

function Payments({ customerId }: { customerId: string }) {
  const t = useWords(customerMoneyWords);
  const params = { id: customerId };
  const pages = usePages(listCustomerPayments, { params });
  const columns: Column<PaymentView>[] = [
    {
      key: 'what',
      title: t('what'),
      render: ({ id, packageName }) => <RowLink to={`/payments/${id}`}>{packageName ?? t('topUp')}</RowLink>,
    },
    {
      key: 'state',
      title: t('status'),
      render: ({ state, refundedAt }) =>
        refundedAt === null ? (
          <Status tone={TONES[state]}>{t(`pay_${state}`)}</Status>
        ) : (
          <Status tone="quiet">{t('refunded')}</Status>
        ),
    },
    { key: 'how', title: t('how'), render: ({ provider }) => t(`by_${provider}`), from: 'sm' },
    { key: 'receipt', title: t('receipt'), render: ({ receipt }) => receipt ?? '–', from: 'md' },
    { key: 'when', title: t('when'), render: ({ createdAt }) => <When at={createdAt} />, from: 'xs' },
    {
      key: 'amount',
      title: t('amount'),
      align: 'right',
      render: ({ amountMinor, currency }) => <Money minor={amountMinor} currency={currency} />,
    },
  ];
  return (
    <Section title={t('payments')} actions={<CopyAs endpoint={listCustomerPayments} input={{ params }} />}>
      <DataTable
        caption={t('payments')}
        pages={pages}
        columns={columns}
        idOf={({ id }) => id}
        empty={<EmptyState title={t('paymentsNone')} text={t('paymentsNoneText')} />}
      />
    </Section>
  );
}
