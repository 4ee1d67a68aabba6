import { AppError, type AppErrorCode } from '@turnpike/core/app-error.js';
import { assertNever } from '@turnpike/core/assert-never.js';

/** `retry`: may succeed later, as often as the catalogue says; `fail`: never will, whatever is tried. */
export type Verdict = 'retry' | 'fail';

/** What a handler's error means for its job. Errors without a code are bugs or broken connections: worth another try. */
export function verdictOf(error: unknown): Verdict {
  return error instanceof AppError ? verdictOfCode(error.code) : 'retry';
}

function verdictOfCode(code: AppErrorCode): Verdict {
  switch (code) {
    case 'router_busy':
    case 'router_unreachable':
    case 'rate_limited':
    case 'idempotency_in_progress':
    case 'unavailable':
    case 'internal':
      return 'retry';
    case 'validation_failed':
    case 'unauthenticated':
    case 'second_factor_required':
    case 'outside_scope':
    case 'step_up_required':
    case 'forbidden':
    case 'not_found':
    case 'conflict':
    case 'name_taken':
    case 'router_login_failed':
    case 'router_refused':
    case 'router_not_allowed':
    case 'router_has_no_address':
    case 'idempotency_key_reused':
    case 'payload_too_large':
    case 'unsupported_media_type':
      return 'fail';
    default:
      return assertNever(code);
  }
}
