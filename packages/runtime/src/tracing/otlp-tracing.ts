import { hostname } from 'node:os';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  NodeTracerProvider,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  type Sampler,
} from '@opentelemetry/sdk-trace-node';
import {
  ATTR_SERVICE_INSTANCE_ID,
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_NAMESPACE,
} from '@opentelemetry/semantic-conventions';
import { finishes } from '@turnpike/core/finishes.js';
import type { TracingOptions } from './open-tracing.js';
import { countDelivery } from './span-delivery.js';
import type { TracingSettings } from './tracing-environment.js';
import { tracingWith, type Tracing } from './tracing.js';

export interface OtlpTracingOptions extends TracingOptions {
  readonly settings: TracingSettings;
}

/** Some 4 MB at the very most; beyond that spans are dropped and counted. */
const MOST_WAITING = 2_048;
const STOP_MS = 2_000;

/** Spans over OTLP/HTTP, in batches. Whoever is traced never waits for the endpoint: what it does not take is dropped. */
export function createOtlpTracing({ settings, role, instance, metrics, logger }: OtlpTracingOptions): Tracing {
  const { url, headers, timeoutMs, sendEveryMs } = settings;
  const exporter = new OTLPTraceExporter({
    url,
    timeoutMillis: timeoutMs,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.reveal()])),
  });
  const delivery = countDelivery({ exporter, mostWaiting: MOST_WAITING, metrics, logger });
  const batches = new BatchSpanProcessor(delivery.exporter, {
    maxQueueSize: MOST_WAITING,
    scheduledDelayMillis: sendEveryMs,
    exportTimeoutMillis: timeoutMs,
  });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({
      ...settings.resource,
      [ATTR_SERVICE_NAMESPACE]: 'turnpike',
      [ATTR_SERVICE_NAME]: `turnpike-${role}`,
      [ATTR_SERVICE_INSTANCE_ID]: `${hostname()}-${role}-${instance}`,
    }),
    sampler: samplerOf(settings),
    spanProcessors: [delivery.watch(batches)],
  });
  // The library follows a span through asynchronous code only by a manager that the whole process shares.
  provider.register({ propagator: null });
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    // What fails of it has been counted where it failed.
    await finishes(
      provider.shutdown().catch(() => undefined),
      STOP_MS,
    );
    delivery.giveUp();
  };
  return tracingWith(provider.getTracer('turnpike'), () => (stopped ??= stop()));
}

function samplerOf({ sampler, ratio }: TracingSettings): Sampler {
  switch (sampler) {
    case 'always_on':
      return new AlwaysOnSampler();
    case 'always_off':
      return new AlwaysOffSampler();
    case 'traceidratio':
      return new TraceIdRatioBasedSampler(ratio);
    case 'parentbased_always_on':
      return new ParentBasedSampler({ root: new AlwaysOnSampler() });
    case 'parentbased_always_off':
      return new ParentBasedSampler({ root: new AlwaysOffSampler() });
    case 'parentbased_traceidratio':
      return new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) });
  }
}
