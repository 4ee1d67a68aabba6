import type { Request, Response } from 'express';
import { AppError } from '@turnpike/core/app-error.js';
import type { Logger } from '../logger.js';
import { mayActor, type Actor } from './actor.js';
import { toAppError, type UnavailableCheck } from './error-handler.js';
import { openEventStream } from './event-stream.js';
import { sendFile } from './file-answer.js';
import { hashRequest, parseIdempotencyKey, type IdempotencyStore } from './idempotency.js';
import { PROBLEM_CONTENT_TYPE, problemOf } from './problem.js';
import type { ReadBody } from './read-body.js';
import { requestIdOf } from './request-id.js';
import type { CallContext, RouteBinding } from './route.js';

export interface ServeOptions {
  readonly authenticate: (token: string) => Promise<Actor | undefined>;
  readonly idempotency: IdempotencyStore;
  readonly readBody: ReadBody;
  readonly logger: Logger;
  readonly deadlineMs: number;
  readonly streamRecheckMs: number;
  readonly isUnavailable: UnavailableCheck;
  readonly stopping?: AbortSignal;
}

/** A file is sent as fast as the caller takes it, and phones in the field take long. */
const FILE_DEADLINE_MS = 300_000;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export function createServeRequest(options: ServeOptions) {
  const { logger, isUnavailable } = options;

  return async (binding: RouteBinding, request: Request, response: Response): Promise<void> => {
    const requestId = requestIdOf(request, response);
    const token = binding.endpoint.allow === 'public' ? undefined : bearerToken(request);
    const actor = token === undefined ? undefined : await options.authenticate(token);
    requirePermission(binding, actor);
    const ip = request.ip ?? '';
    const raw = { params: { ...request.params }, query: { ...request.query } };
    if (binding.kind === 'stream') {
      const call = binding.prepare({ ...raw, body: {} });
      const stillAllowed = async () => {
        const now = token === undefined ? undefined : await options.authenticate(token);
        return now !== undefined && mayActor(now, binding.endpoint.allow);
      };
      const recheckMs = options.streamRecheckMs;
      const { stopping } = options;
      await openEventStream({ request, response, stillAllowed, recheckMs, stopping, logger }, (sse, signal) =>
        call.run({ actor, requestId, signal, ip, sse }),
      );
      return;
    }
    const takesBody = request.method !== 'GET' && request.method !== 'HEAD';
    const body = takesBody ? await options.readBody(request, response, binding.endpoint) : {};
    const call = binding.prepare({ ...raw, body });
    const idempotencyKey =
      takesBody && actor !== undefined ? parseIdempotencyKey(request.get('idempotency-key')) : undefined;
    const signal = signalOf(response, options.deadlineMs, options.stopping);
    const context = { actor, requestId, ip, signal, idempotencyKey };
    const work = async () => ({ status: binding.endpoint.status, body: await call.run(context) });
    const answer =
      takesBody && actor !== undefined
        ? await onceOnly(request, response, context, actor, call.input, work)
        : await work();
    if (call.present === undefined || answer.status >= 400) {
      send(response, answer);
      return;
    }
    const taking = signalOf(response, FILE_DEADLINE_MS, options.stopping);
    const file = await call.present(answer.body, { accept: request.get('accept') ?? '', signal: taking });
    if (file === undefined) send(response, answer);
    else await sendFile(response, answer.status, file, taking);
  };

  /** Runs the work once for an Idempotency-Key and gives its answer again afterwards; without a key simply runs it. */
  async function onceOnly(
    request: Request,
    response: Response,
    context: CallContext,
    actor: Actor,
    input: unknown,
    work: () => Promise<Answer>,
  ): Promise<Answer> {
    const key = context.idempotencyKey;
    if (key === undefined) return work();
    const path = request.baseUrl + request.path;
    const begun = await options.idempotency.begin(actor.id, key, hashRequest(request.method, path, input));
    switch (begun.kind) {
      case 'replay':
        response.setHeader('Idempotency-Replayed', 'true');
        return begun;
      case 'mismatch':
        throw new AppError('idempotency_key_reused', 'This Idempotency-Key was used for a different request.');
      case 'in_progress':
        throw new AppError('idempotency_in_progress', 'The first request with this Idempotency-Key still runs.', {
          extra: { retryAfterSeconds: 1 },
        });
      case 'new':
        return runAndRemember(actor.id, key, context.requestId, work);
    }
  }

  async function runAndRemember(
    actorId: string,
    key: string,
    requestId: string,
    work: () => Promise<Answer>,
  ): Promise<Answer> {
    try {
      const answer = await work();
      await remember(actorId, key, requestId, answer);
      return answer;
    } catch (error) {
      const failure = toAppError(error, isUnavailable);
      const body = problemOf(failure, requestId);
      await remember(actorId, key, requestId, { status: body.status, body });
      throw failure;
    }
  }

  /** The work is done or refused either way: when that cannot be stored, the caller still gets the answer. */
  async function remember(actorId: string, key: string, requestId: string, answer: Answer): Promise<void> {
    try {
      if (isWorthRepeating(answer.status)) {
        await options.idempotency.complete(actorId, key, answer.status, answer.body);
      } else {
        await options.idempotency.abandon(actorId, key);
      }
    } catch (error) {
      logger.warn({ err: error, requestId }, 'answer not kept for its Idempotency-Key');
    }
  }
}

/** What may be different the next time (our faults, limits) is not kept. */
function isWorthRepeating(status: number): boolean {
  return status < 500 && status !== 429;
}

/** RFC 6750 section 2.1: the token comes in the Authorization header, never in the URL or body. */
function bearerToken(request: Request): string | undefined {
  return /^Bearer +([A-Za-z0-9._~+/=-]{1,512}) *$/i.exec(request.get('authorization') ?? '')?.[1];
}

function requirePermission(binding: RouteBinding, actor: Actor | undefined): void {
  const { allow } = binding.endpoint;
  if (allow === 'public') return;
  if (actor === undefined)
    throw new AppError('unauthenticated', 'Sign in: send a valid token as Authorization: Bearer.');
  if (!mayActor(actor, allow)) throw new AppError('forbidden', `This needs the permission ${allow}.`);
}

function signalOf(response: Response, deadlineMs: number, stopping: AbortSignal | undefined): AbortSignal {
  const controller = new AbortController();
  const abort = (reason: string) => controller.abort(new AppError('unavailable', reason));
  const timer = setTimeout(() => abort('The request took too long.'), deadlineMs);
  response.once('close', () => {
    clearTimeout(timer);
    if (!response.writableFinished) abort('The caller went away.');
  });
  return stopping === undefined ? controller.signal : AbortSignal.any([controller.signal, stopping]);
}

function send(response: Response, answer: Answer): void {
  if (response.destroyed) return;
  response.status(answer.status);
  if (answer.status === 204) {
    response.end();
    return;
  }
  response.setHeader('Content-Type', answer.status >= 400 ? PROBLEM_CONTENT_TYPE : 'application/json; charset=utf-8');
  response.end(JSON.stringify(answer.body ?? null));
}
