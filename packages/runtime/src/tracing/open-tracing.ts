import type { Logger } from '../logger.js';
import type { Metrics } from '../metrics.js';
import type { TracingSettings } from './tracing-environment.js';
import { noTracing, type Tracing } from './tracing.js';

export interface TracingOptions {
  /** Undefined: traces are off. */
  readonly settings: TracingSettings | undefined;
  readonly role: string;
  readonly instance: string;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** The libraries of OpenTelemetry are loaded only where there is an endpoint: they are some megabytes of a process. */
export async function openTracing({ settings, ...rest }: TracingOptions): Promise<Tracing> {
  if (settings === undefined) return noTracing;
  const { createOtlpTracing } = await import('./otlp-tracing.js');
  return createOtlpTracing({ settings, ...rest });
}
