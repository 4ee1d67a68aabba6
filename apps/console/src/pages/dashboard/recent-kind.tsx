import { runStates } from '@turnpike/contracts/provisioning.js';
import { oneOf } from '../../kit/one-of.js';
import { useWords } from '../../words/use-words.js';
import { actionText } from '../audit/action-text.js';
import { actionWords } from '../audit/action-words.js';
import { auditWords } from '../audit/audit-words.js';
import { runLooks } from '../routers/router-states.js';
import { runWords } from '../routers/run-words.js';
import { stateWords } from '../routers/state-words.js';

/** What happened, in the reader's language; what it happened to is in the text beside it. */
export function RecentKind({ kind }: { kind: string }) {
  const area = useWords(auditWords);
  const verb = useWords(actionWords);
  const state = useWords(stateWords);
  const run = useWords(runWords);
  const ended = kind.startsWith('run.') ? oneOf(runStates, kind.slice('run.'.length)) : undefined;
  return <>{ended === undefined ? actionText(kind, area, verb) : `${run('deploy')} · ${state(runLooks[ended].key)}`}</>;
}
