export const appErrorCodes = [
  'validation_failed',
  'unauthenticated',
  'second_factor_required',
  'forbidden',
  'outside_scope',
  'step_up_required',
  'not_found',
  'conflict',
  'name_taken',
  'router_busy',
  'router_unreachable',
  'router_login_failed',
  'router_refused',
  'router_not_allowed',
  'router_has_no_address',
  'idempotency_key_reused',
  'idempotency_in_progress',
  'rate_limited',
  'payload_too_large',
  'unsupported_media_type',
  'unavailable',
  'internal',
] as const;
export type AppErrorCode = (typeof appErrorCodes)[number];

/** What can be wrong with a field, so far as it can be said in a word; `message` says it in a sentence. */
export const issueCodes = [
  'required',
  'unknown_field',
  'too_short',
  'too_long',
  'too_small',
  'too_large',
  'too_few',
  'too_many',
  'not_a_number',
  'wrong_type',
  'wrong_format',
  'not_a_choice',
] as const;
export type IssueCode = (typeof issueCodes)[number];

export interface FieldIssue {
  /** Dotted path of the field, for example `services.0.interfaces`. */
  readonly path: string;
  readonly message: string;
  readonly code?: IssueCode;
  /** Of what is too short, too long and so on: the least or the most that is taken. */
  readonly bound?: number;
}

/**
 * An error whose meaning is a code. Each edge (HTTP, job, RADIUS) decides once what a code means there.
 * `issues` name the offending fields, `extra` is shown to the caller: neither ever holds a secret.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: AppErrorCode;
  readonly issues: readonly FieldIssue[];
  readonly extra: Readonly<Record<string, string | number>>;

  constructor(
    code: AppErrorCode,
    detail: string,
    options: { cause?: unknown; issues?: readonly FieldIssue[]; extra?: Record<string, string | number> } = {},
  ) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.issues = options.issues ?? [];
    this.extra = options.extra ?? {};
  }
}

export function invalidField(path: string, message: string): AppError {
  return new AppError('validation_failed', `${path}: ${message}`, { issues: [{ path, message }] });
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message === '' ? error.name : error.message;
  return String(error);
}
