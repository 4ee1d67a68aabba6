import { messageOf } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import { probe, type Check, type Component } from './probe.js';

/** One process as it announced itself. */
export interface ProcessTarget {
  readonly role: string;
  readonly instance: string;
  /** Base URL of its ops server. */
  readonly url: string;
}

interface Deps {
  readonly listTargets: () => Promise<readonly ProcessTarget[]>;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly deadlineMs: number;
  /** Each is something that a process has to do: by the names of the roles that do it, the usual one first. */
  readonly requiredRoles: readonly (readonly [string, ...string[]])[];
}

/** Asks every process that announced itself for its own readiness; a required role that nobody plays is a failure too. */
export function createProcessProbes(deps: Deps): () => Promise<Component[]> {
  const { clock, deadlineMs } = deps;
  return async () => {
    let targets: readonly ProcessTarget[];
    try {
      targets = await deps.listTargets();
    } catch (error) {
      return [{ name: 'processes', ok: false, ms: 0, detail: `cannot be listed: ${messageOf(error)}` }];
    }
    const probed = targets.map((target) =>
      probe(`${target.role} ${target.instance}`, readyCheck(deps.fetch, target), { clock, deadlineMs }),
    );
    const missing = deps.requiredRoles
      .filter((roles) => !targets.some((target) => roles.includes(target.role)))
      .map(([name]) => ({ name, ok: false, ms: 0, detail: 'no such process runs' }));
    return [...(await Promise.all(probed)), ...missing];
  };
}

function readyCheck(fetchUrl: typeof fetch, target: ProcessTarget): Check {
  return async (signal) => {
    const response = await fetchUrl(new URL('/readyz', target.url), { signal });
    const text = await response.text();
    if (!response.ok) throw new Error(`not ready (${response.status}): ${text.slice(0, 300)}`);
    return 'ready';
  };
}
