import type { IncomingMessage, RequestListener } from 'node:http';
import { AppError } from '@turnpike/core/app-error.js';
import type { Metrics } from '../metrics.js';
import { problemHeaders, problemOf } from './problem.js';
import { REQUEST_ID_HEADER, requestIdFrom } from './request-id.js';

export interface AdmissionOptions {
  /** Requests that may be under way in this process at once, streams and the urgent ones aside. */
  readonly mostRunning: number;
  readonly metrics: Metrics;
  readonly otherwise: RequestListener;
}

/**
 * Refuses with 503 and Retry-After what could only wait: a request behind hundreds of others would be answered when nobody
 * listens any more, and keep the next ones waiting. What M-Pesa tells of money, what probes ask and streams, which stay open
 * and cost little, are always let in.
 */
export function admitRequests({ mostRunning, metrics, otherwise }: AdmissionOptions): RequestListener {
  const refused = metrics.counter(
    'turnpike_api_requests_refused_total',
    'Requests that were refused because too many were under way',
  );
  let running = 0;
  return (request, response) => {
    if (isAlwaysLetIn(request)) return otherwise(request, response);
    if (running >= mostRunning) {
      refused.inc();
      const requestId = requestIdFrom(undefined);
      const body = problemOf(TOO_BUSY, requestId);
      response.writeHead(body.status, { ...problemHeaders(body), [REQUEST_ID_HEADER]: requestId });
      response.end(JSON.stringify(body));
      return;
    }
    running += 1;
    response.once('close', () => {
      running -= 1;
    });
    otherwise(request, response);
  };
}

const TOO_BUSY = new AppError(
  'unavailable',
  'Too many requests are under way. Nothing was changed: send it again shortly.',
  {
    extra: { retryAfterSeconds: 1 },
  },
);

const ALWAYS_LET_IN = [
  '/api/v1/payments/mpesa/',
  '/api/v1/payments/paybill/',
  '/api/v1/health',
  '/api/v1/events',
  '/metrics',
];

function isAlwaysLetIn({ url = '' }: IncomingMessage): boolean {
  return ALWAYS_LET_IN.some((start) => url.startsWith(start));
}
