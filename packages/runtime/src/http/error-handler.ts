import type { ErrorRequestHandler, Response } from 'express';
import { ZodError } from 'zod';
import { AppError } from '@turnpike/core/app-error.js';
import type { Logger } from '../logger.js';
import { isRedisUnavailable } from '../redis.js';
import { invalidRequest, issuesOf } from './parse-request.js';
import { problemHeaders, problemOf, statusOf, type ProblemBody } from './problem.js';
import { requestIdOf } from './request-id.js';

/** Says of an error that a store cannot be reached; `isUnavailable` of packages/db is one. */
export type UnavailableCheck = (error: unknown) => boolean;

/** Any thrown thing as an AppError; what nobody foresaw becomes `internal` without its details. */
export function toAppError(error: unknown, isUnavailable: UnavailableCheck): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof ZodError) return invalidRequest(issuesOf(error, []));
  if (isUnavailable(error) || isRedisUnavailable(error)) {
    return new AppError('unavailable', 'A store is away for the moment. Try again shortly.', { cause: error });
  }
  const status = httpStatusOf(error);
  if (status === 413) return new AppError('payload_too_large', 'The body is too large.', { cause: error });
  if (status === 415) return new AppError('unsupported_media_type', 'Send application/json.', { cause: error });
  if (status !== undefined) return new AppError('validation_failed', 'The request cannot be read.', { cause: error });
  return new AppError('internal', 'Something went wrong on our side; the log has it under this requestId.', {
    cause: error,
  });
}

export function sendProblem(response: Response, body: ProblemBody): void {
  response.status(body.status).set(problemHeaders(body));
  response.end(JSON.stringify(body));
}

/** Logs what is ours to mend: 5xx as errors, stores away as warnings; a caller's mistakes are only counted. */
export function logFailure(logger: Logger, error: AppError, requestId: string): void {
  if (statusOf(error.code) < 500) return;
  const fields = { requestId, code: error.code, err: error.code === 'internal' ? (error.cause ?? error) : error };
  if (error.code === 'internal') logger.error(fields, 'request failed');
  else logger.warn(fields, 'request could not be served');
}

/** Last in an Express app: every error becomes a problem, never a stack trace. */
export function createErrorHandler(options: { logger: Logger; isUnavailable?: UnavailableCheck }): ErrorRequestHandler {
  const isUnavailable = options.isUnavailable ?? (() => false);
  return (error: unknown, request, response, next) => {
    const failure = toAppError(error, isUnavailable);
    const requestId = requestIdOf(request, response);
    logFailure(options.logger, failure, requestId);
    if (response.headersSent) {
      next(error);
      return;
    }
    sendProblem(response, problemOf(failure, requestId));
  };
}

/** The 4xx that Express and its body reader put on their own errors. */
function httpStatusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  const { status } = error;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}
