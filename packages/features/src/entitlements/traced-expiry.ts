import type { Span } from '@opentelemetry/api';
import { formatTraceparent } from '@turnpike/core/traceparent.js';
import type { Tracing } from '@turnpike/runtime/tracing/tracing.js';
import type { ExpiredRow } from './entitlement.store.js';

export interface ExpiryTraces {
  /** Of the expiry of each, by entitlement: what follows from it goes on with that. Undefined while traces are off. */
  readonly traceparents: ReadonlyMap<string, string> | undefined;
  /** Call it once the expiries are committed. */
  end(): void;
}

const NONE: ExpiryTraces = { traceparents: undefined, end: () => undefined };

/** The end of what was bought, each in the trace of its purchase. */
export function traceExpiries(tracing: Tracing, rows: readonly ExpiredRow[]): ExpiryTraces {
  if (!tracing.isOn) return NONE;
  const spans = new Map<string, Span>();
  for (const { id, customerId, traceparent } of rows) {
    if (traceparent === null) continue;
    const attributes = { 'turnpike.entitlement.id': id, 'turnpike.customer.id': customerId };
    spans.set(id, tracing.start('entitlement expire', { parent: traceparent, attributes }));
  }
  return {
    traceparents: new Map([...spans].map(([id, span]) => [id, formatTraceparent(span.spanContext())])),
    end: () => spans.forEach((span) => span.end()),
  };
}
