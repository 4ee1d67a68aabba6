import { Button, Card, Group, Stack, Textarea, TextInput } from '@mantine/core';
import { enterPayment } from '@turnpike/contracts/payments.js';
import { moneyText } from '@turnpike/core/money.js';
import { useState, type FormEvent } from 'react';
import { Link, useNavigate } from 'react-router';
import { useAct } from '../../api/use-act.js';
import { Action } from '../../kit/action.js';
import { AmountField } from '../../kit/amount-field.js';
import { Confirm } from '../../kit/confirm.js';
import { issueOf, tellsMore } from '../../kit/issue-of.js';
import { PackageSelect } from '../../kit/package-select.js';
import { Page } from '../../kit/page.js';
import { Refusal } from '../../kit/refusal.js';
import { useMakeOld } from '../../kit/use-make-old.js';
import { useWords } from '../../words/use-words.js';
import { decisionWords } from './decision-words.js';
import { paymentWords } from './payment-words.js';

/** Safaricom's organisation accounts are in shillings. */
const CURRENCY = 'KES';
const FIELDS = ['msisdn', 'receipt', 'amountMinor', 'packageId', 'note'] as const;

/** Enters money that reached us outside of the system. */
export function EnterPage() {
  const t = useWords(decisionWords);
  const words = useWords(paymentWords);
  const navigate = useNavigate();
  const makeOld = useMakeOld();
  const [msisdn, setMsisdn] = useState('');
  const [receipt, setReceipt] = useState('');
  const [amountMinor, setAmount] = useState<number>();
  const [bought, setBought] = useState({ id: '', name: '' });
  const [note, setNote] = useState('');
  const [isAsking, setAsking] = useState(false);
  const act = useAct(enterPayment, {
    ownProblem: true,
    says: (entered) => t('entered', { receipt: entered.receipt ?? receipt }),
    onDone: ({ id }) => {
      makeOld('ledger', 'customers', 'entitlements', 'dashboard');
      void navigate(`/payments/${id}`);
    },
  });
  const isComplete = msisdn.trim() !== '' && receipt.trim() !== '' && amountMinor !== undefined && amountMinor > 0;
  const amount = moneyText(amountMinor ?? 0, CURRENCY);
  const ask = (event: FormEvent) => {
    event.preventDefault();
    if (isComplete) setAsking(true);
  };
  const enter = () => {
    if (amountMinor === undefined) return;
    const more = { ...(bought.id === '' ? {} : { packageId: bought.id }), ...(note === '' ? {} : { note }) };
    act.mutate({ body: { msisdn, receipt, amountMinor, ...more } }, { onSettled: () => setAsking(false) });
  };
  return (
    <Page title={t('enterTitle')} about={t('enterAbout')} trail={[{ label: words('title'), to: '/payments' }]}>
      <Card withBorder maw={560} component="form" onSubmit={ask}>
        <Stack>
          <TextInput
            label={t('receipt')}
            required
            value={receipt}
            onChange={(event) => setReceipt(event.currentTarget.value.toUpperCase())}
            error={issueOf(act.error, 'receipt')}
          />
          <TextInput
            label={t('msisdn')}
            description={t('msisdnHint')}
            type="tel"
            required
            value={msisdn}
            onChange={(event) => setMsisdn(event.currentTarget.value)}
            error={issueOf(act.error, 'msisdn')}
          />
          <AmountField
            label={t('amount')}
            currency={CURRENCY}
            required
            onChange={setAmount}
            error={issueOf(act.error, 'amountMinor')}
          />
          <PackageSelect
            label={`${t('packageFor')} (${t('packageWallet')})`}
            value={bought.id}
            onChange={(id, found) => setBought({ id, name: found?.name ?? '' })}
            error={issueOf(act.error, 'packageId')}
          />
          <Textarea
            label={t('note')}
            description={t('noteHint')}
            autosize
            maxLength={500}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
            error={issueOf(act.error, 'note')}
          />
          {tellsMore(act.error, FIELDS) ? <Refusal problem={act.error} /> : null}
          <Group justify="flex-end">
            <Button component={Link} to="/payments" variant="default">
              {words('tabList')}
            </Button>
            <Action needs="payments:write" type="submit" disabled={!isComplete}>
              {isComplete ? t('enterVerb', { amount }) : t('enter')}
            </Action>
          </Group>
        </Stack>
      </Card>
      <Confirm
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={t('confirmEnter', { receipt })}
        consequences={
          bought.id === ''
            ? t('enterWallet', { amount, msisdn })
            : t('enterPackage', { amount, msisdn, name: bought.name })
        }
        verb={t('enterVerb', { amount })}
        isBusy={act.isPending}
        onConfirm={enter}
      />
    </Page>
  );
}
