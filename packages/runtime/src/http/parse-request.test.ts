import { endpoint } from '@turnpike/contracts/endpoint.js';
import { z } from 'zod';
import { issuesOf, parseRequest } from './parse-request.js';

const things = endpoint({
  method: 'post',
  path: '/things',
  tag: 'things',
  summary: 'For tests',
  allow: 'signed-in',
  body: z.strictObject({ name: z.string(), kind: z.enum(['a', 'b']), size: z.strictObject({ width: z.number() }) }),
  response: z.null(),
});

function issuesFor(body: unknown): unknown {
  try {
    parseRequest(things, { params: {}, query: {}, body });
  } catch (error) {
    return error instanceof Error && 'issues' in error ? error.issues : error;
  }
  return [];
}

describe('what is wrong with a request', () => {
  test('a missing field is required, at any depth; a wrong one says what it should be', () => {
    expect(issuesFor({ kind: 'c', size: {} })).toEqual([
      { path: 'name', message: 'is required', code: 'required' },
      { path: 'kind', message: expect.stringContaining('"a"|"b"'), code: 'not_a_choice' },
      { path: 'size.width', message: 'is required', code: 'required' },
    ]);
  });

  test('each says in a word what is wrong with it, and where the bound is', () => {
    const limited = z.strictObject({
      title: z.string().min(1),
      word: z.string().min(3).max(5),
      mail: z.email(),
      count: z.number().min(2).max(4),
      whole: z.number().int(),
      tags: z.array(z.string()).min(1).max(2),
      own: z.string().refine(() => false, 'is not ours'),
    });
    const meanings = (body: object) =>
      issuesOf(limited.safeParse({ own: '', ...body }).error, [], { own: '', ...body }).map(({ path, code, bound }) =>
        [path, code, bound].filter((part) => part !== undefined).join(' '),
      );
    expect(meanings({ title: '', word: 'a', mail: 'x', count: 1, whole: 1.5, tags: [] })).toEqual([
      'title required',
      'word too_short 3',
      'mail wrong_format',
      'count too_small 2',
      'whole not_a_number',
      'tags too_few 1',
      'own',
    ]);
    expect(
      meanings({ title: 7, word: 'a long one', mail: 'a@b.co', count: 9, whole: 'x', tags: ['a', 'b', 'c'] }),
    ).toEqual([
      'title wrong_type',
      'word too_long 5',
      'count too_large 4',
      'whole not_a_number',
      'tags too_many 2',
      'own',
    ]);
  });

  test('an unknown field is named at its own path', () => {
    expect(issuesFor({ name: 'x', kind: 'a', size: { width: 1, depth: 2 } })).toEqual([
      { path: 'size.depth', message: 'unknown field', code: 'unknown_field' },
    ]);
  });

  test('a body that is no object at all is an issue of the body', () => {
    expect(issuesFor('text')).toEqual([{ path: 'body', message: expect.any(String), code: 'wrong_type' }]);
  });
});
