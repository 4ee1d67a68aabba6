import { AppError, type FieldIssue } from '@turnpike/core/app-error.js';
import { meaningOf } from './issue-meaning.js';
import type { Endpoint } from '@turnpike/contracts/endpoint.js';
import type { z } from 'zod';

export interface RawRequest {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

export interface ParsedRequest<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  readonly params: z.output<P>;
  readonly query: z.output<Q>;
  readonly body: z.output<B>;
}

/**
 * Validates path parameters, query and body together, so that one answer names everything that is wrong.
 * Throws AppError `validation_failed`; issue paths are bare for body fields, `query.x` and `params.x` for the others.
 */
export function parseRequest<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
  endpoint: Endpoint<P, Q, B>,
  raw: RawRequest,
): ParsedRequest<P, Q, B> {
  const params = endpoint.params.safeParse(raw.params);
  const query = endpoint.query.safeParse(raw.query);
  const body = endpoint.body.safeParse(raw.body);
  if (params.success && query.success && body.success) {
    return { params: params.data, query: query.data, body: body.data };
  }
  throw invalidRequest([
    ...issuesOf(params.error, ['params'], raw.params),
    ...issuesOf(query.error, ['query'], raw.query),
    ...issuesOf(body.error, [], raw.body),
  ]);
}

export function invalidRequest(issues: readonly FieldIssue[]): AppError {
  const [first] = issues;
  const rest = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  const detail = first === undefined ? 'The request is not valid.' : `${first.path}: ${first.message}${rest}`;
  return new AppError('validation_failed', detail, { issues });
}

/** An unknown field becomes an issue at its own path rather than at its parent's. `input`: what was parsed, to tell missing from wrong. */
export function issuesOf(error: z.ZodError | undefined, prefix: readonly string[], input?: unknown): FieldIssue[] {
  return (error?.issues ?? []).flatMap((issue): FieldIssue[] => {
    const at = [...prefix, ...issue.path.map(String)];
    if (issue.code === 'unrecognized_keys') {
      const unknown = { message: 'unknown field', code: 'unknown_field' } as const;
      return issue.keys.map((key) => ({ path: [...at, key].join('.'), ...unknown }));
    }
    const missing = input !== undefined && issue.path.length > 0 && valueAt(input, issue.path) === undefined;
    const said = missing ? REQUIRED : { message: issue.message, ...meaningOf(issue) };
    return [{ path: at.length === 0 ? 'body' : at.join('.'), ...said }];
  });
}

const REQUIRED = { message: 'is required', code: 'required' } as const;

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    input,
  );
}
