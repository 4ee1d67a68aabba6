import { Anchor, Group, Progress, Stack, Text } from '@mantine/core';
import type { ProvisioningStatusView } from '@turnpike/contracts/provisioning.js';
import { Link } from 'react-router';
import { useWords } from '../../words/use-words.js';
import { RunErrorPanel } from './run-error-panel.js';
import { isEnded } from './run-ends.js';
import { RunStatus, runLooks } from './router-states.js';
import { runWords } from './run-words.js';

const COLOURS = { good: 'green', busy: 'blue', warn: 'orange', bad: 'red', quiet: 'gray' } as const;

/** How far the newest run is; it moves by itself while events come. */
export function RunProgress({ status, linked = true }: { status: ProvisioningStatusView; linked?: boolean }) {
  const t = useWords(runWords);
  if (status.state === 'not_started' || status.runId === null) return null;
  const kind = status.kind ?? 'deploy';
  const ended = isEnded(status.state);
  const done = t('progress', { percent: status.percent });
  return (
    <Stack gap="xs" aria-live="polite">
      <Group gap="sm">
        <Text size="sm" fw={600}>
          {t(kind)}
        </Text>
        <RunStatus state={status.state} kind={kind} />
        <Text size="sm" c="dimmed" className="figures">
          {ended ? '' : `${done} · `}
          {t('changes', { count: status.writes })}
          {status.attempt > 1 ? ` · ${t('attempt', { count: status.attempt })}` : ''}
        </Text>
        {linked ? (
          <Anchor component={Link} to={`/runs/${status.runId}`} size="sm" ml="auto">
            {t('open')}
          </Anchor>
        ) : null}
      </Group>
      {ended ? null : (
        <Progress value={status.percent} color={COLOURS[runLooks[status.state].tone]} animated aria-label={done} />
      )}
      {status.stage === null || ended ? null : (
        <Text size="sm" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
          {status.stage}
        </Text>
      )}
      {status.error === null ? null : (
        <RunErrorPanel error={status.error} isWaiting={status.state === 'waiting_for_operator'} />
      )}
    </Stack>
  );
}
