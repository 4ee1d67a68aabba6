import { listPayments } from '@turnpike/contracts/payments.js';
import { usePages } from '../../api/use-endpoint.js';
import { Choices } from '../../kit/choices.js';
import { CopyAs } from '../../kit/copy-as.js';
import { DataTable } from '../../kit/data-table.js';
import { EmptyState } from '../../kit/empty-state.js';
import { oneOf } from '../../kit/one-of.js';
import { useFilters } from '../../kit/use-filters.js';
import { When } from '../../kit/when.js';
import { useWords } from '../../words/use-words.js';
import { usePaymentColumns } from './payment-columns.js';
import { paymentWords } from './payment-words.js';
import { PaymentsFrame } from './payments-frame.js';

const OPEN = ['requested', 'timed_out', 'created'] as const;

/** Payments that have no end yet, and when their provider is asked about them. */
export function OpenPage() {
  const t = useWords(paymentWords);
  const columns = usePaymentColumns();
  const [filters, change] = useFilters(['state']);
  const state = oneOf(OPEN, filters.state) ?? 'requested';
  const query = { state };
  const pages = usePages(listPayments, { query });
  return (
    <PaymentsFrame
      about={t('openAbout')}
      copy={<CopyAs endpoint={listPayments} input={{ query }} command="payment reconcile" />}
    >
      <Choices
        label={t('state')}
        value={state}
        onChange={(chosen) => change({ state: chosen })}
        choices={[
          { value: 'requested', label: t('openRequested') },
          { value: 'timed_out', label: t('openTimedOut') },
          { value: 'created', label: t('openCreated') },
        ]}
      />
      <DataTable
        caption={t('tabOpen')}
        pages={pages}
        idOf={({ id }) => id}
        columns={[
          columns.name,
          columns.phone,
          columns.amount,
          { key: 'asked', title: t('asked'), render: (payment) => <When at={payment.requestedAt} /> },
          {
            key: 'last',
            title: t('lastWord'),
            from: 'md',
            render: ({ detail }) => detail ?? t('nothingYet'),
          },
        ]}
        empty={<EmptyState title={t('emptyOpen')} text={t('emptyOpenText')} />}
      />
    </PaymentsFrame>
  );
}
