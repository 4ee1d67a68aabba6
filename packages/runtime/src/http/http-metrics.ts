import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '@turnpike/core/clock.js';
import type { Metrics } from '../metrics.js';
import { createRateMeter } from '../rate-meter.js';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PATCH', 'DELETE', 'OPTIONS', 'PUT']);

export interface HttpMetrics {
  /** Measures the request until its answer is sent; `route` is the template of the path, never the path. */
  observe(request: IncomingMessage, response: ServerResponse, route: string): void;
}

export function createHttpMetrics(metrics: Metrics, clock: Clock): HttpMetrics {
  const duration = metrics.histogram(
    'turnpike_api_http_request_duration_seconds',
    'Time from the first byte of a request to the end of its answer',
    ['method', 'route', 'status'],
  );
  const open = metrics.gauge('turnpike_api_http_requests_in_flight', 'Requests being answered, streams included');
  const meter = createRateMeter(clock);
  metrics.gauge('turnpike_api_requests_per_second', 'Requests a second over the last 10 s', [], (gauge) =>
    gauge.set(meter.perSecond()),
  );
  return {
    observe: (request, response, route) => {
      meter.mark();
      const startedMs = clock.monotonicMs();
      open.inc();
      response.once('close', () => {
        open.dec();
        const method = request.method !== undefined && METHODS.has(request.method) ? request.method : 'other';
        const seconds = (clock.monotonicMs() - startedMs) / 1_000;
        const isStream = response.getHeader('content-type') === 'text/event-stream';
        if (!isStream) duration.observe({ method, route, status: String(response.statusCode) }, seconds);
      });
    },
  };
}
