import { STATUS_CODES } from 'node:http';
import type { AppError, AppErrorCode, FieldIssue } from '@turnpike/core/app-error.js';
import { assertNever } from '@turnpike/core/assert-never.js';

/** RFC 9457 problem details, as contracts/common.ts `problem` describes them; `extra` members stand beside these. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly requestId: string;
  readonly issues?: readonly FieldIssue[];
  readonly [extra: string]: unknown;
}

export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

/** What a code means over HTTP. */
export function statusOf(code: AppErrorCode): number {
  switch (code) {
    case 'validation_failed':
      return 400;
    case 'unauthenticated':
    case 'second_factor_required':
      return 401;
    case 'forbidden':
    case 'outside_scope':
    case 'step_up_required':
      return 403;
    case 'not_found':
      return 404;
    case 'conflict':
    case 'name_taken':
    case 'router_busy':
    case 'router_has_no_address':
    case 'idempotency_in_progress':
      return 409;
    case 'payload_too_large':
      return 413;
    case 'unsupported_media_type':
      return 415;
    case 'router_not_allowed':
    case 'idempotency_key_reused':
      return 422;
    case 'rate_limited':
      return 429;
    case 'internal':
      return 500;
    case 'router_unreachable':
    case 'router_login_failed':
    case 'router_refused':
      return 502;
    case 'unavailable':
      return 503;
    default:
      return assertNever(code);
  }
}

export function problemOf(error: AppError, requestId: string): ProblemBody {
  return {
    ...error.extra,
    ...problem(statusOf(error.code), error.code, error.message, requestId),
    ...(error.issues.length === 0 ? {} : { issues: error.issues }),
  };
}

export function problem(status: number, code: string, detail: string, requestId: string): ProblemBody {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, code, detail, requestId };
}

/** Headers that belong to a problem: how to sign in, when to try again (`extra.retryAfterSeconds`). */
export function problemHeaders(body: ProblemBody): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': PROBLEM_CONTENT_TYPE, 'cache-control': 'no-store' };
  const retryAfterSeconds = body['retryAfterSeconds'];
  if (body.status === 401) headers['www-authenticate'] = 'Bearer';
  if (typeof retryAfterSeconds === 'number') headers['retry-after'] = String(Math.ceil(retryAfterSeconds));
  else if (body.status === 503) headers['retry-after'] = '2';
  return headers;
}
