import { SpanKind, type Attributes } from '@opentelemetry/api';
import type { RejectReason } from '@turnpike/core/reject-reasons.js';
import type { Tracing } from '@turnpike/runtime/tracing/tracing.js';
import type { AcceptDecision } from './access-decision.js';
import type { AccessCase } from './login-settler.js';

/** Tells of decisions on Access-Requests. */
export interface AccessTrace {
  /** In the trace of the purchase that lets in, where it has one. */
  accepted(asked: AccessCase, decision: AcceptDecision): void;
  refused(asked: AccessCase, reason: RejectReason, customerId: string | undefined): void;
}

/** Undefined while traces are off: a packet then costs nothing for them. */
export function createAccessTrace(tracing: Tracing): AccessTrace | undefined {
  if (!tracing.isOn) return undefined;
  return {
    accepted: (asked, { entitlement }) => {
      const attributes = { ...askedOf(asked), 'turnpike.entitlement.id': entitlement.id };
      tell(asked, 'Access-Accept', attributes, entitlement.traceparent);
    },
    refused: (asked, reason, customerId) => {
      const attributes = { ...askedOf(asked), 'turnpike.customer.id': customerId, 'turnpike.reject.reason': reason };
      tell(asked, 'Access-Reject', attributes, null);
    },
  };

  function tell(
    { request: { receivedAt } }: AccessCase,
    reply: string,
    attributes: Attributes,
    parent: string | null,
  ): void {
    const given = { kind: SpanKind.SERVER, begins: true, parent, startedAt: receivedAt };
    tracing
      .start('RADIUS Access-Request', { ...given, attributes: { ...attributes, 'turnpike.radius.reply': reply } })
      .end();
  }
}

function askedOf({ routerId, place: { service } }: AccessCase): Attributes {
  return { 'turnpike.router.id': routerId, 'turnpike.service': service };
}
