import { Alert, Code, Stack, Text } from '@mantine/core';
import type { RunError } from '@turnpike/contracts/provisioning.js';
import { useWords } from '../../words/use-words.js';
import { runWords } from './run-words.js';

/** Why a run ended or waits: the step, the router's own words and what to do. */
export function RunErrorPanel({ error, isWaiting }: { error: RunError; isWaiting: boolean }) {
  const t = useWords(runWords);
  return (
    <Alert color={isWaiting ? 'orange' : 'red'} title={t(isWaiting ? 'waiting' : 'failed')} role="alert">
      <Stack gap="xs">
        <Text size="sm">{error.message}</Text>
        {error.step === null ? null : <Detail label={t('atStep')} text={error.step} isCode />}
        {error.routerMessage === null ? null : <Detail label={t('ownWords')} text={error.routerMessage} isCode />}
        {error.remedy === null ? null : <Detail label={t('remedy')} text={error.remedy} />}
      </Stack>
    </Alert>
  );
}

function Detail({ label, text, isCode = false }: { label: string; text: string; isCode?: boolean }) {
  return (
    <div>
      <Text size="xs" fw={600}>
        {label}
      </Text>
      {isCode ? <Code style={{ overflowWrap: 'anywhere' }}>{text}</Code> : <Text size="sm">{text}</Text>}
    </div>
  );
}
