import { setMaxListeners } from 'node:events';
import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import type { Clock } from '@turnpike/core/clock.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { Logger } from '../logger.js';
import type { Metrics } from '../metrics.js';
import { noTracing, type Tracing } from '../tracing/tracing.js';
import type { SiteCheck } from './entry-rules.js';
import { createErrorHandler, sendProblem, type UnavailableCheck } from './error-handler.js';
import { createHttpMetrics, type HttpMetrics } from './http-metrics.js';
import { traceRequests } from './http-tracing.js';
import { sealIdempotency, type IdempotencyStore } from './idempotency.js';
import type { KeptAnswers } from './kept-answers.js';
import { problem } from './problem.js';
import { createReadBody } from './read-body.js';
import { requestIdOf } from './request-id.js';
import type { RouteBinding } from './route.js';
import { createServeRequest, type Authenticate, type Wrote } from './serve-request.js';

export interface ApiRouterOptions {
  readonly bindings: readonly RouteBinding[];
  /** The actor a bearer token stands for; undefined when it is unknown, expired or revoked. */
  readonly authenticate: Authenticate;
  /** For who is limited to sites; default: nothing belongs to any. */
  readonly belongsToSite?: SiteCheck;
  readonly idempotency: IdempotencyStore;
  /** Encrypts stored answers. */
  readonly secretBox: Pick<SecretBox, 'seal' | 'open'>;
  readonly metrics: Metrics;
  /** Where requests are measured that are answered elsewhere too; default: one of its own. */
  readonly httpMetrics?: HttpMetrics;
  /** Default: nothing is traced. */
  readonly tracing?: Tracing;
  /** Default: no answer is kept. */
  readonly answers?: KeptAnswers;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Longest body in bytes; default 64 KB. */
  readonly bodyLimit?: number;
  /** When `signal` of a request that is no stream aborts, ms; default 30 s. */
  readonly deadlineMs?: number;
  /** How often an open stream's token is looked at again, ms; default 1 s. */
  readonly streamRecheckMs?: number;
  readonly isUnavailable?: UnavailableCheck;
  /** Aborts when the process stops: ends streams, so that the server can close. */
  readonly stopping?: AbortSignal;
  /** People reach this API by HTTPS, so session cookies are for HTTPS only; default false. */
  readonly secureCookies?: boolean;
  readonly wrote?: Wrote;
}

/**
 * Serves the bindings, each in this order: request id, authentication, permission, site scope, step-up, body
 * and validation, site of the thing, idempotency, handler.
 * Everything below the mount point that is not a binding gets a 404 or 405 problem.
 */
export function createApiRouter(options: ApiRouterOptions): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  // Every open stream listens to it.
  if (options.stopping !== undefined) setMaxListeners(0, options.stopping);
  const metrics = options.httpMetrics ?? createHttpMetrics(options.metrics, options.clock);
  const traced = traceRequests(options.tracing ?? noTracing);
  const serve = createServeRequest({
    ...options,
    idempotency: sealIdempotency(options.idempotency, options.secretBox),
    readBody: createReadBody(options.bodyLimit ?? 65_536),
    deadlineMs: options.deadlineMs ?? 30_000,
    streamRecheckMs: options.streamRecheckMs ?? 1_000,
    isUnavailable: options.isUnavailable ?? (() => false),
    belongsToSite: options.belongsToSite ?? (async () => false),
    secureCookies: options.secureCookies ?? false,
  });
  router.use(answerHeaders);
  for (const [path, methods] of groupByPath(options.bindings)) {
    router.all(path.replaceAll(/\{(\w+)\}/g, ':$1'), async (request, response) => {
      const binding = methods.get(request.method === 'HEAD' ? 'GET' : request.method);
      metrics.observe(request, response, path);
      if (binding === undefined) return refuseMethod(request, response, [...methods.keys()]);
      // A stream lasts for hours, and a span is told of at its end.
      if (binding.kind === 'stream') return serve(binding, request, response);
      const route = request.baseUrl + path;
      return traced({ request, response, route }, () => serve(binding, request, response));
    });
  }
  router.use((request, response) => {
    metrics.observe(request, response, 'unknown');
    const body = problem(404, 'not_found', 'There is nothing at this path.', requestIdOf(request, response));
    sendProblem(response, body);
  });
  router.use(createErrorHandler(options));
  return router;
}

const answerHeaders: RequestHandler = (request, response, next) => {
  requestIdOf(request, response);
  response.setHeader('Cache-Control', 'no-store');
  next();
};

function groupByPath(bindings: readonly RouteBinding[]): Map<string, Map<string, RouteBinding>> {
  const paths = new Map<string, Map<string, RouteBinding>>();
  for (const binding of mostSpecificFirst(bindings)) {
    const { method, path } = binding.endpoint;
    const methods = paths.get(path) ?? new Map<string, RouteBinding>();
    if (methods.has(method.toUpperCase())) throw new Error(`${method.toUpperCase()} ${path} is bound twice`);
    paths.set(path, methods.set(method.toUpperCase(), binding));
  }
  return paths;
}

/** `/packages/active` is tried before `/packages/{id}`, whatever the order of the bindings. */
function mostSpecificFirst(bindings: readonly RouteBinding[]): RouteBinding[] {
  const rank = (binding: RouteBinding) => binding.endpoint.path.replaceAll(/\{\w+\}/g, '\uffff');
  return [...bindings].sort((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0));
}

function refuseMethod(request: Request, response: Response, methods: readonly string[]): void {
  const allow = methods.includes('GET') ? [...methods, 'HEAD'] : methods;
  response.setHeader('Allow', [...allow, 'OPTIONS'].join(', '));
  if (request.method === 'OPTIONS') {
    response.status(204).end();
    return;
  }
  const detail = `${request.method} is not possible here; possible: ${allow.join(', ')}.`;
  sendProblem(response, problem(405, 'method_not_allowed', detail, requestIdOf(request, response)));
}
