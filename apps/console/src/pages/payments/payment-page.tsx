import { Timeline, Text } from '@mantine/core';
import { getPayment, type PaymentWithMessages } from '@turnpike/contracts/payments.js';
import { useState } from 'react';
import { useParams } from 'react-router';
import { useEndpoint } from '../../api/use-endpoint.js';
import { Action } from '../../kit/action.js';
import { CopyAs } from '../../kit/copy-as.js';
import { Facts } from '../../kit/facts.js';
import { Money } from '../../kit/figures.js';
import { Loaded } from '../../kit/loaded.js';
import { Page } from '../../kit/page.js';
import { RowLink } from '../../kit/row-link.js';
import { Section } from '../../kit/section.js';
import { When } from '../../kit/when.js';
import { useWords } from '../../words/use-words.js';
import { decisionWords } from './decision-words.js';
import { detailWords } from './detail-words.js';
import { sentenceOf } from './misfit.js';
import { Misfits } from './misfits.js';
import { PaymentBooks } from './payment-books.js';
import { PaymentMessages } from './payment-messages.js';
import { PaymentStatus } from './payment-status.js';
import { timesOf } from './payment-times.js';
import { paymentWords } from './payment-words.js';
import { RefundDialog } from './refund-dialog.js';
import { ResolveDialog } from './resolve-dialog.js';

/** One payment: what was asked, what came, what was given and booked for it. */
export function PaymentPage() {
  const { id = '' } = useParams();
  const asked = useEndpoint(getPayment, { params: { id } });
  return <Loaded asked={asked}>{(payment) => <Shown payment={payment} />}</Loaded>;
}

function Shown({ payment }: { payment: PaymentWithMessages }) {
  const t = useWords(detailWords);
  const words = useWords(paymentWords);
  return (
    <Page
      title={t('titleOf', { name: payment.receipt ?? payment.reference.slice(0, 8) })}
      trail={[{ label: words('title'), to: '/payments' }]}
      badge={<PaymentStatus payment={payment} />}
      actions={<Actions payment={payment} />}
    >
      {payment.state === 'review' ? (
        <Section title={words('wrong')}>
          <Misfits payment={payment} />
        </Section>
      ) : null}
      <Section title={t('facts')}>
        <Facts facts={useFacts(payment)} />
      </Section>
      <Section title={t('times')}>
        <Timeline active={timesOf(payment).length - 1} bulletSize={14} lineWidth={2}>
          {timesOf(payment).map(({ key, at }) => (
            <Timeline.Item key={key} title={<Text size="sm">{t(key)}</Text>}>
              {at === null ? null : (
                <Text size="xs" c="dimmed">
                  <When at={at} style="exact" />
                </Text>
              )}
            </Timeline.Item>
          ))}
        </Timeline>
      </Section>
      <PaymentBooks payment={payment} />
      <PaymentMessages messages={payment.messages} />
    </Page>
  );
}

function Actions({ payment }: { payment: PaymentWithMessages }) {
  const t = useWords(decisionWords);
  const words = useWords(paymentWords);
  const [open, setOpen] = useState<'resolve' | 'refund'>();
  const close = () => setOpen(undefined);
  const isPaid = payment.state === 'succeeded';
  const noRefund = isPaid ? (payment.refundedAt === null ? undefined : t('refundedAlready')) : t('onlyPaid');
  return (
    <>
      <CopyAs endpoint={getPayment} input={{ params: { id: payment.id } }} />
      <Action needs="payments:write" variant="default" because={noRefund} onClick={() => setOpen('refund')}>
        {t('refund')}
      </Action>
      <Action
        needs="payments:write"
        variant={payment.state === 'review' ? 'filled' : 'default'}
        because={isPaid ? t('onlyOpen') : undefined}
        onClick={() => setOpen('resolve')}
      >
        {words('decide')}
      </Action>
      {open === 'resolve' ? <ResolveDialog payment={payment} onClose={close} /> : null}
      {open === 'refund' ? <RefundDialog payment={payment} onClose={close} /> : null}
    </>
  );
}

function useFacts(payment: PaymentWithMessages) {
  const t = useWords(detailWords);
  const words = useWords(paymentWords);
  const { amountMinor, paidMinor, currency, msisdn, paidMsisdn, customerId, createdBy } = payment;
  const starters: Readonly<Record<string, string>> = { system: t('system'), portal: t('customerSelf') };
  return [
    { label: t('asked'), value: <Money minor={amountMinor} currency={currency} /> },
    { label: t('paid'), value: paidMinor === null ? '–' : <Money minor={paidMinor} currency={currency} /> },
    { label: words('provider'), value: words(payment.provider) },
    { label: words('what'), value: payment.packageName ?? words(payment.purpose) },
    { label: t('askedOf'), value: msisdn ?? '–' },
    { label: t('paidBy'), value: paidMsisdn ?? '–' },
    {
      label: t('customer'),
      value: customerId === null ? t('nobody') : <RowLink to={`/customers/${customerId}`}>{t('openCustomer')}</RowLink>,
    },
    {
      label: t('access'),
      value:
        payment.entitlementId === null || customerId === null ? (
          t('noAccess')
        ) : (
          <RowLink to={`/customers/${customerId}`}>{payment.packageName ?? words('package')}</RowLink>
        ),
    },
    { label: t('receipt'), value: payment.receipt ?? words('noReceipt') },
    { label: t('reference'), value: payment.reference },
    { label: t('startedBy'), value: starters[createdBy] ?? t('operator') },
    ...(payment.mac === null ? [] : [{ label: t('device'), value: payment.mac }]),
    ...(payment.resultCode === null ? [] : [{ label: t('resultCode'), value: payment.resultCode }]),
    ...(payment.detail === null || payment.state === 'review'
      ? []
      : [{ label: t('detail'), value: sentenceOf(payment.detail) }]),
  ];
}
