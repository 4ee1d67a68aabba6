import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { countEventLoopTime } from './event-loop-time.js';

/**
 * The numbers of one process. Names are `turnpike_<process>_<thing>_<unit>`; labels come from closed sets, never ids.
 * Asking again for a name gives the metric that is there.
 */
export interface Metrics {
  readonly registry: Registry;
  counter<Label extends string = never>(
    name: string,
    help: string,
    labels?: readonly Label[],
    collect?: (counter: Counter<Label>) => void | Promise<void>,
  ): Counter<Label>;
  gauge<Label extends string = never>(
    name: string,
    help: string,
    labels?: readonly Label[],
    collect?: (gauge: Gauge<Label>) => void | Promise<void>,
  ): Gauge<Label>;
  /** `buckets`: upper bounds in the unit of the name. */
  histogram<Label extends string = never>(
    name: string,
    help: string,
    labels?: readonly Label[],
    buckets?: readonly number[],
  ): Histogram<Label>;
}

export interface MetricsOptions {
  readonly role: string;
  readonly instance: string;
  /** Process metrics (CPU, memory, event loop); default true. */
  readonly processMetrics?: boolean;
}

export const LATENCY_BUCKETS_SECONDS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
] as const;

export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ role: options.role, instance: options.instance });
  if (options.processMetrics ?? true) {
    collectDefaultMetrics({ register: registry });
    countEventLoopTime(registry);
  }
  const registers = [registry];
  return {
    registry,
    counter: <Label extends string>(
      name: string,
      help: string,
      labels: readonly Label[] = [],
      collect?: (counter: Counter<Label>) => void | Promise<void>,
    ) => {
      const known = registry.getSingleMetric(name);
      if (known instanceof Counter) return known;
      const counter: Counter<Label> = new Counter({
        name,
        help,
        labelNames: [...labels],
        registers,
        ...(collect === undefined ? {} : { collect: () => collect(counter) }),
      });
      return counter;
    },
    gauge: <Label extends string>(
      name: string,
      help: string,
      labels: readonly Label[] = [],
      collect?: (gauge: Gauge<Label>) => void | Promise<void>,
    ) => {
      const known = registry.getSingleMetric(name);
      if (known instanceof Gauge) return known;
      const gauge: Gauge<Label> = new Gauge({
        name,
        help,
        labelNames: [...labels],
        registers,
        ...(collect === undefined ? {} : { collect: () => collect(gauge) }),
      });
      return gauge;
    },
    histogram: (name, help, labels = [], buckets = LATENCY_BUCKETS_SECONDS) => {
      const known = registry.getSingleMetric(name);
      if (known instanceof Histogram) return known;
      return new Histogram({ name, help, labelNames: [...labels], buckets: [...buckets], registers });
    },
  };
}
