import { trace } from '@opentelemetry/api';
import { currentTraceparent, parseTraceparent } from '@turnpike/core/traceparent.js';
import type { Tracing } from '@turnpike/runtime/tracing/tracing.js';
import type { PaymentRow } from './payment.store.js';

/**
 * Does what becomes of a payment in the trace of its purchase. A callback, or whoever decided it, comes in a trace of its own:
 * each of the two names the other.
 */
export function inPurchase<Result>(
  tracing: Tracing,
  name: string,
  payment: Pick<PaymentRow, 'id' | 'provider' | 'traceparent'>,
  work: () => Promise<Result>,
): Promise<Result> {
  if (!tracing.isOn) return work();
  linkTo(payment.traceparent);
  const attributes = { 'turnpike.payment.id': payment.id, 'turnpike.payment.provider': payment.provider };
  return tracing.within(name, { parent: payment.traceparent, links: [currentTraceparent()], attributes }, work);
}

function linkTo(traceparent: string | null): void {
  const purchase = parseTraceparent(traceparent);
  const active = trace.getActiveSpan();
  if (purchase === undefined || active?.spanContext().traceId === purchase.traceId) return;
  active?.addLink({ context: purchase });
}
