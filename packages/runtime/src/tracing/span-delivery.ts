import { TraceFlags } from '@opentelemetry/api';
import type { SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace-node';
import type { Logger } from '../logger.js';
import type { Metrics } from '../metrics.js';

export interface SpanDeliveryOptions {
  readonly exporter: SpanExporter;
  /** Of the processor that hands spans to the exporter. */
  readonly mostWaiting: number;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

export interface SpanDelivery {
  /** The exporter, with what becomes of spans counted. */
  readonly exporter: SpanExporter;
  /** The processor, with what does not get to the exporter counted. */
  watch(processor: SpanProcessor): SpanProcessor;
  /** Counts what is still on its way as dropped: nobody waits for it any more. Nothing is counted from then on. */
  giveUp(): void;
}

/** ExportResultCode.SUCCESS, of a package that is not ours to import. */
const DELIVERED = 0;

/** Counts spans that were delivered and that were not, and says in the log when that changes. */
export function countDelivery({ exporter, mostWaiting, metrics, logger }: SpanDeliveryOptions): SpanDelivery {
  const sent = metrics.counter('turnpike_traces_spans_sent_total', 'Spans that the endpoint of traces took');
  const dropped = metrics.counter(
    'turnpike_traces_spans_dropped_total',
    'Spans that were not delivered: the endpoint did not take them, too many waited, or the process ended',
    ['reason'],
  );
  sent.inc(0);
  for (const reason of ['endpoint', 'queue', 'stop']) dropped.inc({ reason }, 0);
  let [waiting, underWay, isAway, isOver] = [0, 0, false, false];

  function settled(count: number, wasTaken: boolean, error: Error | undefined): void {
    if (isOver) return;
    underWay -= count;
    if (wasTaken) sent.inc(count);
    else dropped.inc({ reason: 'endpoint' }, count);
    if (isAway === !wasTaken) return;
    isAway = !wasTaken;
    if (wasTaken) logger.info('traces are delivered again');
    else
      logger.warn(
        { reason: error?.message },
        'traces cannot be delivered and are dropped: is OTEL_EXPORTER_OTLP_ENDPOINT right?',
      );
  }

  return {
    exporter: {
      export: (spans, done) => {
        waiting -= spans.length;
        underWay += spans.length;
        exporter.export(spans, (result) => {
          settled(spans.length, Number(result.code) === DELIVERED, result.error);
          done(result);
        });
      },
      forceFlush: async () => exporter.forceFlush?.(),
      shutdown: () => exporter.shutdown(),
    },
    watch: (processor) => ({
      onStart: (span, parent) => processor.onStart(span, parent),
      onEnd: (span) => {
        if (isOver || (span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) return;
        // As the processor itself decides.
        if (waiting >= mostWaiting) dropped.inc({ reason: 'queue' });
        else waiting += 1;
        processor.onEnd(span);
      },
      forceFlush: () => processor.forceFlush(),
      shutdown: () => processor.shutdown(),
    }),
    giveUp: () => {
      isOver = true;
      dropped.inc({ reason: 'stop' }, waiting + underWay);
      [waiting, underWay] = [0, 0];
    },
  };
}
