import type { SessionView } from '@turnpike/contracts/sessions.js';
import { Status, type Tone } from '../../kit/status.js';
import { useWords } from '../../words/use-words.js';
import { sessionsWords } from './sessions-words.js';

const TONES: Readonly<Record<SessionView['state'], Tone>> = {
  open: 'good',
  closing: 'busy',
  closed: 'quiet',
  stale: 'warn',
};

export function SessionState({ state }: { state: SessionView['state'] }) {
  const t = useWords(sessionsWords);
  return <Status tone={TONES[state]}>{t(state)}</Status>;
}
