import type { Language } from '../words/define-words.js';
import type { ApiProblem } from './api-problem.js';
import { issueTexts, problemWords } from './problem-words.js';

type Issue = ApiProblem['issues'][number];

/** What happened, by the code; undefined for a code that a newer server has. */
export function headlineOf({ code }: Pick<ApiProblem, 'code'>, language: Language): string | undefined {
  const known: Readonly<Record<string, string>> = problemWords.texts[language];
  return Object.hasOwn(known, code) ? known[code] : undefined;
}

/** The sentence of the API; undefined where the headline says all of it, in every language. */
export function sentenceOf({ code, message }: Pick<ApiProblem, 'code' | 'message'>): string | undefined {
  return code === 'offline' || code === 'not_understood' ? undefined : message;
}

/** All of it in one line: in English the API's own words, in other languages the headline with these behind it. */
export function lineOf(problem: ApiProblem, language: Language): string {
  const headline = headlineOf(problem, language);
  const sentence = sentenceOf(problem);
  if (headline === undefined || sentence === undefined) return headline ?? problem.message;
  return language === 'en' ? sentence : `${headline} (${sentence})`;
}

/** What is wrong with a field; as the API says it where there is no other text. */
export function issueText(problem: Pick<ApiProblem, 'code'>, issue: Issue, language: Language): string {
  if (language === 'en') return issue.message;
  const known: Readonly<Record<string, string>> = issueTexts[language];
  const code = issue.code ?? (problem.code === 'name_taken' ? 'taken' : '');
  const text = Object.hasOwn(known, code) ? known[code] : undefined;
  if (text === undefined || (text.includes('{{bound}}') && issue.bound === undefined)) return issue.message;
  return text.replace('{{bound}}', String(issue.bound));
}
