import { SegmentedControl, Text, Textarea, TextInput } from '@mantine/core';
import { resolvePayment, type PaymentView } from '@turnpike/contracts/payments.js';
import { moneyText } from '@turnpike/core/money.js';
import { useState } from 'react';
import { useAct } from '../../api/use-act.js';
import { FormDialog } from '../../kit/form-dialog.js';
import { issueOf } from '../../kit/issue-of.js';
import { PackageSelect } from '../../kit/package-select.js';
import { useMakeOld } from '../../kit/use-make-old.js';
import { useWords } from '../../words/use-words.js';
import { CustomerSelect } from './customer-select.js';
import { decisionWords } from './decision-words.js';
import { Misfits } from './misfits.js';

/** Decides a payment by hand; what follows is said before. */
export function ResolveDialog({ payment, onClose }: { payment: PaymentView; onClose: () => void }) {
  const t = useWords(decisionWords);
  const makeOld = useMakeOld();
  const [as, setAs] = useState<'paid' | 'failed'>('paid');
  const [receipt, setReceipt] = useState('');
  const [customerId, setCustomerId] = useState('');
  const [bought, setBought] = useState({ id: '', name: '' });
  const [note, setNote] = useState('');
  const isPaid = as === 'paid';
  const isNobodys = payment.customerId === null && payment.msisdn === null;
  const isOpenWhatFor = payment.packageName === null;
  const act = useAct(resolvePayment, {
    ownProblem: true,
    says: () => t(isPaid ? 'resolvedPaid' : 'resolvedFailed'),
    onDone: () => {
      makeOld('ledger', 'customers', 'entitlements', 'dashboard');
      onClose();
    },
  });
  const submit = () =>
    act.mutate({
      params: { id: payment.id },
      body: {
        as,
        note,
        ...(isPaid && receipt !== '' ? { receipt } : {}),
        ...(isPaid && customerId !== '' ? { customerId } : {}),
        ...(isPaid && bought.id !== '' ? { packageId: bought.id } : {}),
      },
    });
  const amount = moneyText(payment.paidMinor ?? payment.amountMinor, payment.currency);
  const name = payment.packageName ?? bought.name;
  return (
    <FormDialog
      title={t('resolveTitle')}
      verb={t(isPaid ? 'resolvePaid' : 'resolveFailed')}
      isDangerous={!isPaid}
      isBusy={act.isPending}
      isComplete={note.trim() !== '' && (!isPaid || !isNobodys || customerId !== '')}
      problem={act.error}
      fields={['receipt', 'customerId', 'packageId', 'note']}
      onSubmit={submit}
      onClose={onClose}
    >
      <Misfits payment={payment} />
      <SegmentedControl
        fullWidth
        aria-label={t('resolveTitle')}
        value={as}
        onChange={(chosen) => setAs(chosen)}
        data={[
          { value: 'paid', label: t('asPaid') },
          { value: 'failed', label: t('asFailed') },
        ]}
      />
      {isPaid && payment.receipt === null ? (
        <TextInput
          label={t('receipt')}
          description={t('receiptHint')}
          value={receipt}
          onChange={(event) => setReceipt(event.currentTarget.value)}
          error={issueOf(act.error, 'receipt')}
        />
      ) : null}
      {isPaid && isNobodys ? (
        <CustomerSelect
          label={t('customer')}
          description={t('customerWhose')}
          required
          value={customerId}
          onChange={setCustomerId}
          error={issueOf(act.error, 'customerId')}
        />
      ) : null}
      {isPaid && isOpenWhatFor ? (
        <PackageSelect
          label={`${t('packageFor')} (${t('packageWallet')})`}
          value={bought.id}
          onChange={(id, chosen) => setBought({ id, name: chosen?.name ?? '' })}
          error={issueOf(act.error, 'packageId')}
        />
      ) : null}
      <Textarea
        label={t('note')}
        description={t('noteHint')}
        required
        autosize
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        error={issueOf(act.error, 'note')}
      />
      <Text size="sm">
        {isPaid
          ? `${name === '' ? t('paidWallet', { amount }) : t('paidPackage', { amount, name })} ${t('paidForGood')}`
          : t('failedConsequence')}
      </Text>
    </FormDialog>
  );
}
