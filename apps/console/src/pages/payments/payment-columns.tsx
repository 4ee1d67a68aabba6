import { Text } from '@mantine/core';
import type { PaymentView } from '@turnpike/contracts/payments.js';
import type { Column } from '../../kit/data-table.js';
import { Money } from '../../kit/figures.js';
import { RowLink } from '../../kit/row-link.js';
import { When } from '../../kit/when.js';
import type { SayOf } from '../../words/say-of.js';
import { useWords } from '../../words/use-words.js';
import { PaymentStatus } from './payment-status.js';
import { paymentWords } from './payment-words.js';

/** Enough of a reference to tell it from others on a page. */
const REFERENCE_SHOWN = 8;

type Words = SayOf<typeof paymentWords>;

/** Columns of lists of payments, the narrow screen's first. */
export function usePaymentColumns(): Readonly<
  Record<'name' | 'phone' | 'what' | 'amount' | 'state' | 'time', Column<PaymentView>>
> {
  const t = useWords(paymentWords);
  return {
    name: { key: 'name', title: t('payment'), render: (payment) => <Name payment={payment} t={t} /> },
    phone: { key: 'phone', title: t('phone'), from: 'md', render: (payment) => <Payer payment={payment} t={t} /> },
    what: {
      key: 'what',
      title: t('what'),
      from: 'lg',
      render: (payment) => payment.packageName ?? t(payment.purpose),
    },
    amount: {
      key: 'amount',
      title: t('amount'),
      align: 'right',
      render: ({ paidMinor, amountMinor, currency }) => <Money minor={paidMinor ?? amountMinor} currency={currency} />,
    },
    state: { key: 'state', title: t('state'), render: (payment) => <PaymentStatus payment={payment} /> },
    time: { key: 'time', title: t('time'), from: 'sm', render: ({ createdAt }) => <When at={createdAt} /> },
  };
}

function Name({ payment, t }: { payment: PaymentView; t: Words }) {
  return (
    <div>
      <RowLink to={`/payments/${payment.id}`}>{payment.receipt ?? payment.reference.slice(0, REFERENCE_SHOWN)}</RowLink>
      <Text size="xs" c="dimmed">
        {t(payment.provider)}
      </Text>
    </div>
  );
}

function Payer({ payment: { msisdn, paidMsisdn, customerId }, t }: { payment: PaymentView; t: Words }) {
  const phone = msisdn ?? paidMsisdn;
  if (customerId === null) return phone ?? '–';
  return <RowLink to={`/customers/${customerId}`}>{phone ?? t('customer')}</RowLink>;
}
