import { Group } from '@mantine/core';
import type { AlertView } from '@turnpike/contracts/alerts.js';
import { Status, type Tone } from '../../kit/status.js';
import { useWords } from '../../words/use-words.js';
import { alertWords } from './alert-words.js';

const TONES: Readonly<Record<AlertView['state'], Tone>> = { open: 'bad', acknowledged: 'busy', resolved: 'good' };

export function AlertSeverity({ alert: { severity, state } }: { alert: AlertView }) {
  const t = useWords(alertWords);
  const tone = state === 'resolved' ? 'quiet' : severity === 'critical' ? 'bad' : 'warn';
  return <Status tone={tone}>{t(severity)}</Status>;
}

/** How bad it is, and how it stands. */
export function AlertState({ alert }: { alert: AlertView }) {
  const t = useWords(alertWords);
  return (
    <Group gap={6}>
      <AlertSeverity alert={alert} />
      <Status tone={TONES[alert.state]}>{t(alert.state)}</Status>
    </Group>
  );
}
