import { Status } from '../../kit/status.js';
import { useWords } from '../../words/use-words.js';
import { agentWords } from './agent-words.js';

export function AgentState({ active }: { active: boolean }) {
  const t = useWords(agentWords);
  return <Status tone={active ? 'good' : 'quiet'}>{t(active ? 'active' : 'inactive')}</Status>;
}
