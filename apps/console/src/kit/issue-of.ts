import type { ApiProblem } from '../api/api-problem.js';
import { issueText } from '../api/problem-text.js';
import type { Language } from '../words/define-words.js';
import { languageOfPage } from '../words/language.js';

/** What the API says of a field, to stand beside it; undefined: nothing. */
export function issueOf(
  problem: ApiProblem | null,
  path: string,
  language: Language = languageOfPage(),
): string | undefined {
  const found = problem?.issues.filter((issue) => issue.path === path || issue.path.startsWith(`${path}.`)) ?? [];
  if (problem === null || found.length === 0) return undefined;
  return found.map((issue) => issueText(problem, issue, language)).join('; ');
}

/** True when the fields do not tell the whole problem, so that it has to be shown itself. */
export function tellsMore(problem: ApiProblem | null, fields: readonly string[]): problem is ApiProblem {
  if (problem === null || problem.code === 'step_up_required') return false;
  if (problem.issues.length === 0) return true;
  return problem.issues.some(({ path }) => !fields.some((field) => path === field || path.startsWith(`${field}.`)));
}
