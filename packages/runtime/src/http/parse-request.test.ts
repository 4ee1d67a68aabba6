import { endpoint } from '@turnpike/contracts/endpoint.js';
import { z } from 'zod';
import { parseRequest } from './parse-request.js';

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
      { path: 'name', message: 'is required' },
      { path: 'kind', message: expect.stringContaining('"a"|"b"') },
      { path: 'size.width', message: 'is required' },
    ]);
  });

  test('an unknown field is named at its own path', () => {
    expect(issuesFor({ name: 'x', kind: 'a', size: { width: 1, depth: 2 } })).toEqual([
      { path: 'size.depth', message: 'unknown field' },
    ]);
  });

  test('a body that is no object at all is an issue of the body', () => {
    expect(issuesFor('text')).toEqual([{ path: 'body', message: expect.any(String) }]);
  });
});
