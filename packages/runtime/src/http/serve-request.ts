import type { Request, Response } from 'express';
import { AppError } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { Logger } from '../logger.js';
import { haveSameRights, mayActor, type Actor } from './actor.js';
import { credentialOf, refuseForged } from './credential.js';
import { refuseOtherSites, refuseUnlessAllowed, requireStepUp, type SiteCheck } from './entry-rules.js';
import { toAppError, type UnavailableCheck } from './error-handler.js';
import { openEventStream } from './event-stream.js';
import { sendFile } from './file-answer.js';
import { hashRequest, parseIdempotencyKey, type IdempotencyStore } from './idempotency.js';
import type { KeptAnswers } from './kept-answers.js';
import { PROBLEM_CONTENT_TYPE, problemOf } from './problem.js';
import type { ReadBody } from './read-body.js';
import { TRACEPARENT_HEADER } from './http-tracing.js';
import { REQUEST_ID_HEADER, requestIdOf } from './request-id.js';
import type { CallContext, RouteBinding } from './route.js';
import { sessionCookieOf } from './session-cookie.js';

/** `fresh`: from the database now, not from a moment ago. */
export type Authenticate = (token: string, options?: { readonly fresh: boolean }) => Promise<Actor | undefined>;

export interface ServeOptions {
  readonly authenticate: Authenticate;
  readonly belongsToSite: SiteCheck;
  readonly clock: Clock;
  readonly idempotency: IdempotencyStore;
  readonly readBody: ReadBody;
  readonly logger: Logger;
  readonly deadlineMs: number;
  readonly streamRecheckMs: number;
  readonly isUnavailable: UnavailableCheck;
  readonly stopping?: AbortSignal;
  /** The session cookie is for HTTPS only. */
  readonly secureCookies: boolean;
  readonly wrote?: Wrote | undefined;
  readonly answers?: KeptAnswers | undefined;
}

/**
 * Hears of every write by somebody signed in that was done (not of one that was refused, or answered from before): the tag of
 * the endpoint, and the id of the one thing it was about, if it was.
 */
export type Wrote = (tag: string, id: string | null) => void;

/** A file is sent as fast as the caller takes it, and phones in the field take long. */
const FILE_DEADLINE_MS = 300_000;
const LONGEST_USER_AGENT = 200;
const LONGEST_ACCEPT_LANGUAGE = 200;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export function createServeRequest(options: ServeOptions) {
  const { logger, isUnavailable } = options;

  return async (binding: RouteBinding, request: Request, response: Response): Promise<void> => {
    const requestId = requestIdOf(request, response);
    const credential = binding.endpoint.allow === 'public' ? undefined : credentialOf(request);
    const actor = credential === undefined ? undefined : await options.authenticate(credential.token);
    if (credential !== undefined && actor !== undefined) refuseForged(request, credential);
    refuseUnlessAllowed(binding.endpoint, actor);
    await requireStepUp(binding.endpoint, actor, options.clock, async () =>
      credential === undefined ? undefined : options.authenticate(credential.token, { fresh: true }),
    );
    const caller = {
      actor,
      requestId,
      ip: request.ip ?? '',
      userAgent: (request.get('user-agent') ?? '').slice(0, LONGEST_USER_AGENT),
      acceptLanguage: request.get('accept-language')?.slice(0, LONGEST_ACCEPT_LANGUAGE),
      cookie: sessionCookieOf(response, { used: credential?.by === 'cookie', secure: options.secureCookies }),
    };
    const raw = { params: { ...request.params }, query: { ...request.query } };
    if (binding.kind === 'stream') {
      const call = binding.prepare({ ...raw, body: {} });
      const stillAllowed = async () => {
        const now = credential === undefined ? undefined : await options.authenticate(credential.token);
        // What the stream may tell was decided with the actor: with other rights, the caller opens a new one.
        return now !== undefined && mayActor(now, binding.endpoint.allow) && haveSameRights(now, actor);
      };
      const recheckMs = options.streamRecheckMs;
      const { stopping } = options;
      await openEventStream({ request, response, stillAllowed, recheckMs, stopping, logger }, (sse, signal) =>
        call.run({ ...caller, signal, sse, lastEventId: request.get('last-event-id') }),
      );
      return;
    }
    const takesBody = request.method !== 'GET' && request.method !== 'HEAD';
    const body = takesBody ? await options.readBody(request, response, binding.endpoint) : {};
    const call = binding.prepare({ ...raw, body });
    const { id } = raw.params;
    await refuseOtherSites(binding.endpoint, actor, typeof id === 'string' ? id : undefined, options.belongsToSite);
    const idempotencyKey =
      takesBody && actor !== undefined ? parseIdempotencyKey(request.get('idempotency-key')) : undefined;
    const rule = actor === undefined || request.method !== 'GET' ? undefined : call.keep?.(actor);
    const keeping =
      rule === undefined || actor === undefined ? undefined : options.answers?.begin(request.originalUrl, actor, rule);
    const signal = signalOf(response, options.deadlineMs, options.stopping);
    const context = { ...caller, signal, idempotencyKey };
    const work = async () => {
      const done = await call.run(context);
      if (takesBody && actor !== undefined) options.wrote?.(binding.endpoint.tag, subjectOf(raw.params, done));
      return { status: binding.endpoint.status, body: done };
    };
    const answer =
      takesBody && actor !== undefined
        ? await onceOnly(request, response, context, actor, call.input, work)
        : await work();
    if (call.present === undefined || answer.status >= 400) {
      const sent = send(response, answer);
      if (sent !== undefined)
        keeping?.keep({ endpoint: binding.endpoint, body: Buffer.from(sent.text), headers: sent.headers });
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
    // Whose sites have changed since asks for something else.
    const asked = actor.sites === null ? input : { input, sites: actor.sites };
    const begun = await options.idempotency.begin(actor.id, key, hashRequest(request.method, path, asked));
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

/** The thing in the path, else the one that was made. */
function subjectOf(params: Readonly<Record<string, unknown>>, answer: unknown): string | null {
  const made = typeof answer === 'object' && answer !== null && 'id' in answer ? answer.id : undefined;
  const id = params['id'] ?? made;
  return typeof id === 'string' ? id : null;
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

/** Gives what was sent, when it was a whole answer with a body: its text, and the headers that say nothing of this request. */
function send(response: Response, answer: Answer): Sent | undefined {
  if (response.destroyed) return undefined;
  response.status(answer.status);
  if (answer.status === 204) {
    response.end();
    return undefined;
  }
  response.setHeader('Content-Type', answer.status >= 400 ? PROBLEM_CONTENT_TYPE : 'application/json; charset=utf-8');
  const text = JSON.stringify(answer.body ?? null);
  const headers = lastingHeaders(response);
  response.end(text);
  return answer.status === 200 ? { text, headers } : undefined;
}

interface Sent {
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A request's own id and trace and what becomes of its connection are not for the next one. */
const OWN_HEADERS: ReadonlySet<string> = new Set([REQUEST_ID_HEADER, TRACEPARENT_HEADER, 'connection']);

function lastingHeaders(response: Response): Record<string, string> {
  const headers: Record<string, string> = { vary: 'Accept-Encoding' };
  for (const [name, value] of Object.entries(response.getHeaders())) {
    if (typeof value === 'string' && !OWN_HEADERS.has(name)) headers[name] = value;
  }
  return headers;
}
