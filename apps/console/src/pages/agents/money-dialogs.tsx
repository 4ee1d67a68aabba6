import { TextInput } from '@mantine/core';
import { adjustAgentWallet, topUpAgent, type AgentView } from '@turnpike/contracts/agents.js';
import { moneyText } from '@turnpike/core/money.js';
import { useState } from 'react';
import { useAct } from '../../api/use-act.js';
import { AmountField } from '../../kit/amount-field.js';
import { FormDialog } from '../../kit/form-dialog.js';
import { issueOf } from '../../kit/issue-of.js';
import { useMakeOld } from '../../kit/use-make-old.js';
import { useWords } from '../../words/use-words.js';
import { agentWords } from './agent-words.js';

interface Props {
  readonly agent: AgentView;
  readonly currency: string;
  readonly onClose: () => void;
}

/** Cash into the wallet of an agent. */
export function TopUpDialog({ agent, currency, onClose }: Props) {
  const t = useWords(agentWords);
  const makeOld = useMakeOld();
  const [amountMinor, setAmount] = useState<number>();
  const [note, setNote] = useState('');
  const act = useAct(topUpAgent, {
    ownProblem: true,
    says: (moved) =>
      t('toppedUp', {
        amount: moneyText(moved.amountMinor, moved.currency),
        balance: moneyText(BigInt(moved.balanceMinor), moved.currency),
      }),
    onDone: () => {
      makeOld('ledger');
      onClose();
    },
  });
  const isComplete = amountMinor !== undefined && amountMinor > 0;
  return (
    <FormDialog
      title={t('topUpTitle', { name: agent.name })}
      about={t('topUpAbout')}
      verb={isComplete ? t('topUpVerb', { amount: moneyText(amountMinor, currency) }) : t('topUpEmptyVerb')}
      isBusy={act.isPending}
      isComplete={isComplete}
      problem={act.error}
      fields={['amountMinor', 'note']}
      onSubmit={() =>
        isComplete ? act.mutate({ params: { id: agent.id }, body: { amountMinor, currency, note } }) : undefined
      }
      onClose={onClose}
    >
      <AmountField
        label={t('amount')}
        currency={currency}
        required
        onChange={setAmount}
        error={issueOf(act.error, 'amountMinor')}
      />
      <TextInput
        label={t('note')}
        maxLength={200}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        error={issueOf(act.error, 'note')}
      />
    </FormDialog>
  );
}

/** Puts the wallet of an agent right, with a reason. */
export function AdjustDialog({ agent, currency, onClose }: Props) {
  const t = useWords(agentWords);
  const makeOld = useMakeOld();
  const [amountMinor, setAmount] = useState<number>();
  const [reason, setReason] = useState('');
  const act = useAct(adjustAgentWallet, {
    ownProblem: true,
    says: (moved) => t('adjusted', { balance: moneyText(BigInt(moved.balanceMinor), moved.currency) }),
    onDone: () => {
      makeOld('ledger');
      onClose();
    },
  });
  const hasAmount = amountMinor !== undefined && amountMinor !== 0;
  return (
    <FormDialog
      title={t('adjustTitle', { name: agent.name })}
      about={t('adjustAbout')}
      verb={hasAmount ? t('adjustVerb', { amount: moneyText(amountMinor, currency) }) : t('adjust')}
      isDangerous
      isBusy={act.isPending}
      isComplete={hasAmount && reason.trim() !== ''}
      problem={act.error}
      fields={['amountMinor', 'reason']}
      onSubmit={() =>
        hasAmount ? act.mutate({ params: { id: agent.id }, body: { amountMinor, currency, reason } }) : undefined
      }
      onClose={onClose}
    >
      <AmountField
        label={t('adjustAmount')}
        currency={currency}
        required
        allowNegative
        onChange={setAmount}
        error={issueOf(act.error, 'amountMinor')}
      />
      <TextInput
        label={t('reason')}
        required
        maxLength={200}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        error={issueOf(act.error, 'reason')}
      />
    </FormDialog>
  );
}
