import { NumberInput, Select, TextInput } from '@mantine/core';
import type { AgentView } from '@turnpike/contracts/agents.js';
import { listOperators } from '@turnpike/contracts/auth.js';
import { useState } from 'react';
import type { ApiProblem } from '../../api/api-problem.js';
import { useEndpoint } from '../../api/use-endpoint.js';
import { FormDialog } from '../../kit/form-dialog.js';
import { issueOf } from '../../kit/issue-of.js';
import { useMay } from '../../session/session.js';
import { useWords } from '../../words/use-words.js';
import { agentWords } from './agent-words.js';
import { basisPointsOf } from './percent-text.js';

type Fields = Pick<AgentView, 'name' | 'msisdn' | 'commissionBasisPoints' | 'operatorId'>;

interface Props {
  readonly title: string;
  readonly verb: string;
  /** As it is now; left out: a new one. */
  readonly agent?: AgentView;
  readonly isBusy: boolean;
  readonly problem: ApiProblem | null;
  readonly onSubmit: (fields: Fields) => void;
  readonly onClose: () => void;
}

const FIELDS = ['name', 'msisdn', 'commissionBasisPoints', 'operatorId'] as const;
const USUAL_PERCENT = 10;
const MOST_PERCENT = 50;
const MOST_OPERATORS = 200;

/** What is known of an agent, to fill in or to change. */
export function AgentDialog({ title, verb, agent, isBusy, problem, onSubmit, onClose }: Props) {
  const t = useWords(agentWords);
  const mayList = useMay('operators:manage');
  const operators = useEndpoint(listOperators, { query: { limit: MOST_OPERATORS } }, { enabled: mayList }).data?.items;
  const [name, setName] = useState(agent?.name ?? '');
  const [msisdn, setMsisdn] = useState(agent?.msisdn ?? '');
  const [percent, setPercent] = useState<number | string>(
    agent === undefined ? USUAL_PERCENT : agent.commissionBasisPoints / 100,
  );
  const [operatorId, setOperatorId] = useState(agent?.operatorId ?? null);
  const commissionBasisPoints = basisPointsOf(percent);
  const submit = () => {
    if (commissionBasisPoints === undefined) return;
    onSubmit({ name, msisdn: msisdn.trim() === '' ? null : msisdn, commissionBasisPoints, operatorId });
  };
  return (
    <FormDialog
      title={title}
      verb={verb}
      isBusy={isBusy}
      isComplete={name.trim() !== '' && commissionBasisPoints !== undefined}
      problem={problem}
      fields={FIELDS}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextInput
        label={t('name')}
        required
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={issueOf(problem, 'name')}
      />
      <TextInput
        label={t('phone')}
        type="tel"
        value={msisdn}
        onChange={(event) => setMsisdn(event.currentTarget.value)}
        error={issueOf(problem, 'msisdn')}
      />
      <NumberInput
        label={t('commission')}
        description={t('commissionHint')}
        required
        min={0}
        max={MOST_PERCENT}
        decimalScale={2}
        suffix=" %"
        value={percent}
        onChange={setPercent}
        error={issueOf(problem, 'commissionBasisPoints')}
      />
      {mayList ? (
        <Select
          label={t('operator')}
          description={t('operatorHint')}
          placeholder={t('noOperator')}
          clearable
          searchable
          data={operators?.filter(({ role }) => role === 'agent').map(({ id, name: label }) => ({ value: id, label }))}
          value={operatorId}
          onChange={setOperatorId}
          error={issueOf(problem, 'operatorId')}
        />
      ) : null}
    </FormDialog>
  );
}
