import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { noTracing, type Tracing } from '../tracing/tracing.js';
import { mayActor, type Actor, type Rights } from './actor.js';
import { credentialOf } from './credential.js';
import type { HttpMetrics } from './http-metrics.js';
import { traceRequests } from './http-tracing.js';
import type { KeptAnswer, KeptAnswers } from './kept-answers.js';
import { REQUEST_ID_HEADER, requestIdFrom } from './request-id.js';
import type { Authenticate } from './serve-request.js';

export interface KeptReadsOptions {
  readonly answers: KeptAnswers;
  readonly authenticate: Authenticate;
  readonly metrics: HttpMetrics;
  /** Default: nothing is traced. */
  readonly tracing?: Tracing;
  /** Where the endpoints' paths begin, for traces. */
  readonly basePath?: string;
  /** Counts an answer that was at hand as a hit of the cache, under the endpoint's tag. */
  readonly countHit: (tag: string) => void;
  /** Everything else goes there, refusals of every kind included. */
  readonly otherwise: RequestListener;
}

/** Below it compressing costs more than it saves. */
const WORTH_COMPRESSING = 1_024;

/**
 * In front of the whole application: a read whose answer is kept is authenticated, permitted, measured and answered here, and
 * nothing else is. It decides nothing that the application would decide otherwise.
 */
export function createKeptReads(options: KeptReadsOptions): RequestListener {
  const { answers, authenticate, otherwise, basePath = '' } = options;
  const traced = traceRequests(options.tracing ?? noTracing);

  return (request, response) => {
    const endpoint = request.method === 'GET' ? answers.endpointOf(request.url ?? '') : undefined;
    if (endpoint === undefined) return otherwise(request, response);
    const credential = credentialOf({ method: 'GET', get: (name) => headerOf(request, name) });
    if (credential === undefined) return otherwise(request, response);
    authenticate(credential.token).then(
      (actor) => {
        const allowed =
          actor !== undefined && mayActor(actor, endpoint.allow) && !isOutsideScope(actor, endpoint.scope);
        if (allowed) answerOrPass(request, response, actor);
        else otherwise(request, response);
      },
      () => otherwise(request, response),
    );
  };

  function answerOrPass(request: IncomingMessage, response: ServerResponse, rights: Rights): void {
    const answer = answers.find(request.url ?? '', rights);
    if (answer === undefined) return otherwise(request, response);
    options.countHit(answer.endpoint.tag);
    options.metrics.observe(request, response, answer.endpoint.path);
    const route = basePath + answer.endpoint.path;
    traced({ request, response, route }, () => send(request, response, answer));
  }
}

function isOutsideScope(actor: Actor, scope: 'site' | 'global'): boolean {
  return actor.sites !== null && scope === 'global';
}

function send(request: IncomingMessage, response: ServerResponse, answer: KeptAnswer): void {
  const zipped = answer.body.length >= WORTH_COMPRESSING && takesGzip(request);
  const body = zipped ? (answer.gzip ??= gzipSync(answer.body)) : answer.body;
  response.writeHead(200, {
    ...answer.headers,
    [REQUEST_ID_HEADER]: requestIdFrom(headerOf(request, REQUEST_ID_HEADER)),
    'content-length': body.length,
    ...(zipped ? { 'content-encoding': 'gzip' } : {}),
  });
  response.end(body);
}

function takesGzip(request: IncomingMessage): boolean {
  return /(?:^|,)\s*(?:gzip|\*)\s*(?:,|$)/.test(headerOf(request, 'accept-encoding') ?? '');
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name.toLowerCase()];
  return typeof value === 'string' ? value : undefined;
}
