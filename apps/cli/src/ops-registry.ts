import { messageOf } from '@turnpike/core/app-error.js';
import { z } from 'zod';

/** `/metrics/sd`: Prometheus http_sd, https://prometheus.io/docs/prometheus/latest/http_sd/ */
const targetsSchema = z.array(
  z.object({ targets: z.array(z.string()), labels: z.record(z.string(), z.string()).optional() }),
);

export interface OpsTarget {
  readonly role: string;
  readonly instance: string;
  readonly url: string;
}

const ASK_TIMEOUT_MS = 2_000;

/** Nothing when `url` answers 200, else why not. */
export async function whyNotReady(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ASK_TIMEOUT_MS) });
    const text = (await response.text()).slice(0, 300);
    return response.ok ? undefined : `${response.status} ${text.trim()}`;
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    return cause instanceof Error ? cause.message : messageOf(error);
  }
}

/** The ops servers of all live processes, as the API knows them. Rejects when it does not say. */
export async function readOpsTargets(baseUrl: string, metricsToken: string): Promise<OpsTarget[]> {
  const response = await fetch(`${baseUrl}/metrics/sd`, {
    headers: { authorization: `Bearer ${metricsToken}` },
    signal: AbortSignal.timeout(ASK_TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`${baseUrl}/metrics/sd answered ${response.status}`);
  const groups = targetsSchema.parse(await response.json());
  return groups.flatMap(({ targets, labels }) =>
    targets.map((target) => ({
      role: labels?.['role'] ?? 'unknown',
      instance: labels?.['instance'] ?? target,
      url: `http://${target}`,
    })),
  );
}
