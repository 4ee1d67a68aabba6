import { Radio, Stack, Textarea } from '@mantine/core';
import { refundPayment, type PaymentView } from '@turnpike/contracts/payments.js';
import { moneyText } from '@turnpike/core/money.js';
import { useState } from 'react';
import { useAct } from '../../api/use-act.js';
import { FormDialog } from '../../kit/form-dialog.js';
import { issueOf } from '../../kit/issue-of.js';
import { useMakeOld } from '../../kit/use-make-old.js';
import { useWords } from '../../words/use-words.js';
import { decisionWords } from './decision-words.js';

/** Gives the money of a payment back; access that it gave ends. */
export function RefundDialog({ payment, onClose }: { payment: PaymentView; onClose: () => void }) {
  const t = useWords(decisionWords);
  const makeOld = useMakeOld();
  const isTopUp = payment.purpose === 'top_up';
  const [to, setTo] = useState<'wallet' | 'provider'>(isTopUp ? 'provider' : 'wallet');
  const [note, setNote] = useState('');
  const amount = moneyText(payment.paidMinor ?? payment.amountMinor, payment.currency);
  const act = useAct(refundPayment, {
    ownProblem: true,
    says: () => t('refunded', { amount }),
    onDone: () => {
      makeOld('ledger', 'customers', 'entitlements', 'sessions', 'dashboard');
      onClose();
    },
  });
  return (
    <FormDialog
      title={t('refundTitle', { amount })}
      about={t(isTopUp ? 'refundTopUp' : 'refundPackage')}
      verb={t('refund')}
      isDangerous
      isBusy={act.isPending}
      problem={act.error}
      fields={['to', 'note']}
      onSubmit={() => act.mutate({ params: { id: payment.id }, body: { to, ...(note === '' ? {} : { note }) } })}
      onClose={onClose}
    >
      {isTopUp ? null : (
        <Radio.Group
          label={t('refundTo')}
          value={to}
          onChange={(chosen) => setTo(chosen === 'provider' ? 'provider' : 'wallet')}
          error={issueOf(act.error, 'to')}
        >
          <Stack gap="xs" mt="xs">
            <Radio value="wallet" label={t('toWallet')} description={t('toWalletHint')} />
            <Radio value="provider" label={t('toProvider')} description={t('toProviderHint')} />
          </Stack>
        </Radio.Group>
      )}
      <Textarea
        label={t('note')}
        description={t('noteHint')}
        autosize
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        error={issueOf(act.error, 'note')}
      />
    </FormDialog>
  );
}
