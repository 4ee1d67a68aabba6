import { listPaymentReview, type PaymentView } from '@turnpike/contracts/payments.js';
import { useState } from 'react';
import { usePages } from '../../api/use-endpoint.js';
import { Action } from '../../kit/action.js';
import { CopyAs } from '../../kit/copy-as.js';
import { DataTable } from '../../kit/data-table.js';
import { EmptyState } from '../../kit/empty-state.js';
import { When } from '../../kit/when.js';
import { useWords } from '../../words/use-words.js';
import { Misfits } from './misfits.js';
import { usePaymentColumns } from './payment-columns.js';
import { paymentWords } from './payment-words.js';
import { PaymentsFrame } from './payments-frame.js';
import { ResolveDialog } from './resolve-dialog.js';

/** What does not fit, oldest first, until a person has decided it. */
export function ReviewPage() {
  const t = useWords(paymentWords);
  const columns = usePaymentColumns();
  const [decided, setDecided] = useState<PaymentView>();
  const pages = usePages(listPaymentReview);
  return (
    <PaymentsFrame about={t('reviewAbout')} copy={<CopyAs endpoint={listPaymentReview} />}>
      <DataTable
        caption={t('tabReview')}
        pages={pages}
        idOf={({ id }) => id}
        columns={[
          columns.name,
          columns.phone,
          columns.amount,
          {
            key: 'wrong',
            title: t('wrong'),
            from: 'sm',
            render: (payment) => <Misfits payment={payment} />,
          },
          {
            key: 'since',
            title: t('since'),
            from: 'lg',
            render: ({ createdAt }) => <When at={createdAt} />,
          },
          {
            key: 'decide',
            title: '',
            align: 'right',
            render: (payment) => (
              <Action needs="payments:write" size="xs" variant="light" onClick={() => setDecided(payment)}>
                {t('decide')}
              </Action>
            ),
          },
        ]}
        empty={<EmptyState title={t('emptyReview')} text={t('emptyReviewText')} />}
      />
      {decided === undefined ? null : <ResolveDialog payment={decided} onClose={() => setDecided(undefined)} />}
    </PaymentsFrame>
  );
}
