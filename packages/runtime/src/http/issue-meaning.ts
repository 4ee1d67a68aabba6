import type { FieldIssue } from '@turnpike/core/app-error.js';
import type { z } from 'zod';

type Issue = z.ZodError['issues'][number];
type Meaning = Pick<FieldIssue, 'code' | 'bound'>;

const NUMBERS: ReadonlySet<string> = new Set(['number', 'int', 'bigint']);
const LISTS: ReadonlySet<string> = new Set(['array', 'set', 'map']);

/** What an issue is in a word, for clients that say it in a language of their own; empty where only its sentence tells. */
export function meaningOf(issue: Issue): Meaning {
  switch (issue.code) {
    case 'too_small':
      return tooSmall(issue.origin, Number(issue.minimum));
    case 'too_big':
      return tooBig(issue.origin, Number(issue.maximum));
    case 'invalid_type':
      return { code: NUMBERS.has(issue.expected) ? 'not_a_number' : 'wrong_type' };
    case 'invalid_format':
      return { code: 'wrong_format' };
    case 'invalid_value':
      return { code: 'not_a_choice' };
    default:
      return {};
  }
}

/** A text of at least one character is one that has to be there. */
function tooSmall(origin: string, bound: number): Meaning {
  if (origin === 'string') return bound === 1 ? { code: 'required' } : { code: 'too_short', bound };
  return { code: LISTS.has(origin) ? 'too_few' : 'too_small', bound };
}

function tooBig(origin: string, bound: number): Meaning {
  if (origin === 'string') return { code: 'too_long', bound };
  return { code: LISTS.has(origin) ? 'too_many' : 'too_large', bound };
}
