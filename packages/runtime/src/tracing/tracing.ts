import {
  context,
  INVALID_SPAN_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import { AppError } from '@turnpike/core/app-error.js';
import { contextOf, parseTraceparent } from '@turnpike/core/traceparent.js';

export interface SpanStart {
  /** Default: internal. */
  readonly kind?: SpanKind;
  /** Ids and closed sets: never a secret, a phone number or a name. */
  readonly attributes?: Attributes;
  /** Traceparent that it goes on with. Without one: the span that the code runs in. */
  readonly parent?: string | null | undefined;
  /** Without a parent it begins a trace. Otherwise there is no span then: what nobody asked for is not traced. */
  readonly begins?: boolean;
  /** Traceparents of other traces that have to do with it. */
  readonly links?: readonly (string | null)[];
  /** Default: now. */
  readonly startedAt?: Date;
}

/** Makes the spans of one process. */
export interface Tracing {
  /** False: nothing is traced, kept or sent, and what is given to do is just done. */
  readonly isOn: boolean;
  /** Does the work in a span, which becomes the parent of what the work begins. Errors are marked on it and pass through. */
  within<Result>(name: string, start: SpanStart, work: (span: Span) => Promise<Result>): Promise<Result>;
  /** A span that the caller ends; it becomes nobody's parent by itself. */
  start(name: string, start: SpanStart): Span;
  /** Sends what waits; takes 2 s at the most. */
  stop(): Promise<void>;
}

const NO_SPAN = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);

/** Traces are off. */
export const noTracing: Tracing = {
  isOn: false,
  within: (_name, _start, work) => work(NO_SPAN),
  start: () => NO_SPAN,
  stop: async () => undefined,
};

export function tracingWith(tracer: Tracer, stop: () => Promise<void>): Tracing {
  const start = (name: string, options: SpanStart): Span => {
    const { kind = SpanKind.INTERNAL, attributes = {}, parent, begins = false, links = [], startedAt } = options;
    const given = parseTraceparent(parent);
    const above = given === undefined ? context.active() : contextOf(parent);
    if (!begins && trace.getSpanContext(above) === undefined) return NO_SPAN;
    const own = trace.getSpanContext(above)?.traceId;
    const linked = links.flatMap((link) => {
      const other = parseTraceparent(link);
      return other === undefined || other.traceId === own ? [] : [{ context: other }];
    });
    const time = startedAt === undefined ? {} : { startTime: startedAt };
    return tracer.startSpan(name, { kind, attributes, links: linked, ...time }, above);
  };

  return {
    isOn: true,
    start,
    within: async (name, options, work) => {
      const span = start(name, options);
      if (span === NO_SPAN) return work(span);
      try {
        return await context.with(trace.setSpan(context.active(), span), work, undefined, span);
      } catch (error) {
        markFailed(span, error);
        throw error;
      } finally {
        span.end();
      }
    },
    stop,
  };
}

/** The kind of error only: messages may hold what people typed in. */
export function markFailed(span: Span, error: unknown): void {
  const type = error instanceof AppError ? error.code : error instanceof Error ? error.name : 'error';
  span.setAttribute('error.type', type);
  span.setStatus({ code: SpanStatusCode.ERROR });
}
