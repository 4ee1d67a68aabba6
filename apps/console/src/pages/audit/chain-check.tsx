import { Alert, Button, Code } from '@mantine/core';
import { IconAlertTriangle, IconShieldCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { ApiProblem } from '../../api/api-problem.js';
import { Refusal } from '../../kit/refusal.js';
import { useWords } from '../../words/use-words.js';
import { auditWords } from './audit-words.js';
import { verifyChain, type ChainFinding } from './verify-chain.js';

/** The button that checks the chain, and what the check found. */
export function useChainCheck() {
  const t = useWords(auditWords);
  const [isBusy, setBusy] = useState(false);
  const [checked, setChecked] = useState(0);
  const [finding, setFinding] = useState<ChainFinding>();
  const [problem, setProblem] = useState<ApiProblem>();
  const verify = async () => {
    setBusy(true);
    setChecked(0);
    setProblem(undefined);
    try {
      setFinding(await verifyChain(setChecked));
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const button = (
    <Button
      variant="default"
      leftSection={<IconShieldCheck size={16} />}
      disabled={isBusy}
      onClick={() => void verify()}
    >
      {isBusy ? `${t('verifying')} ${checked}` : t('verify')}
    </Button>
  );
  const result =
    problem === undefined ? (
      finding === undefined ? null : (
        <Finding finding={finding} />
      )
    ) : (
      <Refusal problem={problem} />
    );
  return { button, result };
}

function Finding({ finding: { checked, head, firstBroken } }: { finding: ChainFinding }) {
  const t = useWords(auditWords);
  if (firstBroken !== null) {
    return (
      <Alert color="red" icon={<IconAlertTriangle />} title={t('broken')} role="alert">
        {t('brokenText', firstBroken)}
      </Alert>
    );
  }
  return (
    <Alert color="green" icon={<IconShieldCheck />} title={t('intact')} role="status">
      {t('intactText', { count: checked })} <Code style={{ overflowWrap: 'anywhere' }}>{head}</Code>
    </Alert>
  );
}
