import { AggregatorRegistry, Registry } from 'prom-client';
import { z } from 'zod';
import type { OpsTarget } from './ops-registry.js';

export const METRICS_CONTENT_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/**
 * The metrics of all processes as one Prometheus text. Each process labels its own (role, instance), so nothing is added up.
 * A process that does not answer within `timeoutMs` is left out and shows in `turnpike_metrics_targets_silent`.
 */
export async function aggregateMetrics(targets: readonly OpsTarget[], timeoutMs = 1_000): Promise<string> {
  const answers = await Promise.all(targets.map((target) => metricsOf(target, timeoutMs)));
  const families = answers.filter((answer) => answer !== undefined);
  const silent = targets.length - families.length;
  const text = await AggregatorRegistry.aggregate(families).metrics();
  return `${text}${text.endsWith('\n') ? '' : '\n'}${describeTargets(targets.length, silent)}`;
}

/**
 * Prometheus http_sd: one entry a process. Scrape with `honor_labels: true`, the processes label their own metrics. While a
 * reload runs old beside new, only the newer is named: two would write the same series.
 */
export function serviceDiscovery(
  targets: readonly OpsTarget[],
): { targets: string[]; labels: Record<string, string> }[] {
  const newest = new Map<string, OpsTarget>();
  for (const target of targets) {
    const place = `${target.role} ${target.instance}`;
    const known = newest.get(place);
    if (known === undefined || known.startedAt <= target.startedAt) newest.set(place, target);
  }
  return [...newest.values()].map(({ url, role, instance }) => ({
    targets: [new URL(url).host],
    labels: { role, instance },
  }));
}

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

const someMetrics = z.array(
  z.object({
    name: z.string(),
    values: z.array(z.object({ value: z.number(), labels: z.record(z.string(), z.union([z.string(), z.number()])) })),
  }),
);

/** The present values of a few metrics in every process that has them and answers within `timeoutMs`. */
export async function readSamples(
  targets: readonly OpsTarget[],
  names: readonly string[],
  timeoutMs = 250,
): Promise<Sample[]> {
  const query = `?${names.map((name) => `name=${encodeURIComponent(name)}`).join('&')}`;
  const answers = await Promise.all(targets.map((target) => metricsOf(target, timeoutMs, query)));
  return answers.flatMap((answer) =>
    (someMetrics.safeParse(answer).data ?? []).flatMap(({ name, values }) =>
      values.map(({ labels, value }) => ({ name, labels, value })),
    ),
  );
}

async function metricsOf(target: OpsTarget, timeoutMs: number, query = ''): Promise<object[] | undefined> {
  try {
    const response = await fetch(`${target.url}/metrics.json${query}`, { signal: AbortSignal.timeout(timeoutMs) });
    const body: unknown = response.ok ? await response.json() : undefined;
    return Array.isArray(body) && body.every((family) => typeof family === 'object') ? body : undefined;
  } catch {
    return undefined;
  }
}

function describeTargets(total: number, silent: number): string {
  return [
    '# HELP turnpike_metrics_targets Processes that are registered',
    '# TYPE turnpike_metrics_targets gauge',
    `turnpike_metrics_targets ${total}`,
    '# HELP turnpike_metrics_targets_silent Registered processes that did not answer this scrape',
    '# TYPE turnpike_metrics_targets_silent gauge',
    `turnpike_metrics_targets_silent ${silent}`,
    '',
  ].join('\n');
}
