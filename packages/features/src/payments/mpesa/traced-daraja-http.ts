import { SpanKind } from '@opentelemetry/api';
import type { Tracing } from '@turnpike/runtime/tracing/tracing.js';
import type { DarajaHttp } from './daraja-http.js';

/**
 * The same with a span for every exchange. M-Pesa is not told of the trace: it is somebody else's system, and would learn
 * which requests belong together.
 */
export function tracedDarajaHttp(tracing: Tracing, http: DarajaHttp): DarajaHttp {
  if (!tracing.isOn) return http;
  return (request, signal) => {
    const { hostname, pathname } = new URL(request.url);
    const attributes = {
      'http.request.method': request.method,
      'server.address': hostname,
      'url.path': pathname,
    };
    return tracing.within(
      `M-Pesa ${request.method} ${pathname}`,
      { kind: SpanKind.CLIENT, attributes },
      async (span) => {
        const answer = await http(request, signal);
        span.setAttribute('http.response.status_code', answer.status);
        return answer;
      },
    );
  };
}
