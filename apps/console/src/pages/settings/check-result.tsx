import { Alert } from '@mantine/core';
import type { Checked } from '@turnpike/contracts/settings.js';
import type { ApiProblem } from '../../api/api-problem.js';
import { Refusal } from '../../kit/refusal.js';
import { useWords } from '../../words/use-words.js';
import { groupWords } from './group-words.js';

interface Props {
  readonly act: { readonly data: Checked | undefined; readonly error: ApiProblem | null; readonly isPending: boolean };
  /** Paths that are told beside their fields. */
  readonly fields?: readonly string[];
}

/** What came of trying settings out, in the words of the other side. */
export function CheckResult({ act, fields = [] }: Props) {
  const t = useWords(groupWords);
  if (act.isPending) return null;
  const { data, error } = act;
  if (error !== null) {
    const isShown = error.issues.length > 0 && error.issues.every(({ path }) => fields.includes(path));
    return isShown || error.code === 'step_up_required' ? null : <Refusal problem={error} />;
  }
  if (data === undefined) return null;
  return (
    <Alert role="status" color={data.ok ? 'green' : 'red'} title={t(data.ok ? 'worked' : 'failed')}>
      {data.words}
    </Alert>
  );
}
