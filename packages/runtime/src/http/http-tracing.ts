import type { IncomingMessage, ServerResponse } from 'node:http';
import { context, SpanKind, SpanStatusCode, trace, type Span } from '@opentelemetry/api';
import { formatTraceparent } from '@turnpike/core/traceparent.js';
import type { Tracing } from '../tracing/tracing.js';

/** Carries the traceparent of a request (W3C Trace Context), and of its answer. */
export const TRACEPARENT_HEADER = 'traceparent';

export interface TracedRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Template of the path, never the path: it would name customers and purchases. */
  readonly route: string;
}

/**
 * Answers a request in a span that lasts until the answer is sent. It goes on with the caller's trace where the request names
 * one, and the answer names the span.
 */
export type TraceRequest = <Result>(asked: TracedRequest, work: () => Result) => Result;

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PATCH', 'DELETE', 'OPTIONS', 'PUT']);

const untraced: TraceRequest = (_asked, work) => work();

export function traceRequests(tracing: Tracing): TraceRequest {
  if (!tracing.isOn) return untraced;
  return (asked, work) => {
    const { request, response, route } = asked;
    const method = METHODS.has(request.method ?? '') ? String(request.method) : '_OTHER';
    const span = tracing.start(`${method} ${route}`, {
      kind: SpanKind.SERVER,
      begins: true,
      parent: callerOf(request),
      attributes: { 'http.request.method': method, 'http.route': route },
    });
    response.setHeader(TRACEPARENT_HEADER, formatTraceparent(span.spanContext()));
    response.once('close', () => endWith(span, response));
    return context.with(trace.setSpan(context.active(), span), work);
  };
}

function callerOf(request: IncomingMessage): string | undefined {
  const header = request.headers[TRACEPARENT_HEADER];
  return typeof header === 'string' ? header : undefined;
}

function endWith(span: Span, { statusCode, writableFinished }: ServerResponse): void {
  span.setAttribute('http.response.status_code', statusCode);
  if (statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  if (!writableFinished) span.setAttribute('error.type', 'caller_gone');
  span.end();
}
