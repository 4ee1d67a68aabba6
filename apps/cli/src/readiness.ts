import { setTimeout as delay } from 'node:timers/promises';
import { AppError, messageOf } from '@turnpike/core/app-error.js';
import { type OpsTarget, readOpsTargets, whyNotReady } from './ops-registry.js';
import type { ManagedProcess, Pm2 } from './pm2.js';

export interface ReadinessOptions {
  readonly pm2: Pm2;
  /** `http://host:port` of the API, without a path. */
  readonly baseUrl: string;
  readonly metricsToken: string;
  /** How many processes of each name there have to be. */
  readonly expected: ReadonlyMap<string, number>;
  readonly timeoutMs: number;
}

/** A process that restarted this often while we wait will not get ready by itself. */
const RESTARTS_ALLOWED = 3;

/** Names of the processes that do not come up, if any. */
export function hopeless(processes: readonly ManagedProcess[], before: ReadonlyMap<string, number>): string[] {
  const failing = processes.filter(({ name, status, restarts }) => {
    return status === 'errored' || restarts - (before.get(name) ?? 0) >= RESTARTS_ALLOWED;
  });
  return [...new Set(failing.map(({ name }) => name))];
}

export function restartCounts(processes: readonly ManagedProcess[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { name, restarts } of processes) counts.set(name, Math.max(restarts, counts.get(name) ?? 0));
  return counts;
}

function missingProcess(processes: readonly ManagedProcess[], expected: ReadonlyMap<string, number>) {
  for (const [name, count] of expected) {
    const own = processes.filter((candidate) => candidate.name === name);
    const online = own.filter(({ status }) => status === 'online');
    if (online.length < count) return `${name}: ${own.map(({ status }) => status).join(', ') || 'not started'}`;
  }
  return undefined;
}

/** Roles that have an ops server; the simulator is no part of the product and has none. */
const OPS_ROLES = ['api', 'worker', 'radius-auth', 'radius-acct'];

/** A process that was killed stays listed for a while, so what counts is how many of a role say that they are ready. */
async function opsProblem(targets: readonly OpsTarget[], expected: ReadonlyMap<string, number>) {
  const answers = await Promise.all(
    targets.map(async (target) => ({ ...target, why: await whyNotReady(`${target.url}/readyz`) })),
  );
  for (const role of OPS_ROLES) {
    const own = answers.filter((answer) => answer.role === role);
    const ready = own.filter(({ why }) => why === undefined).length;
    const wanted = expected.get(role) ?? 0;
    if (ready < wanted)
      return `${role}: ${own.find(({ why }) => why !== undefined)?.why ?? `${ready} of ${wanted} listed`}`;
  }
  return undefined;
}

export class NotReadyError extends AppError {
  readonly processes: readonly string[];

  constructor(detail: string, processes: readonly string[]) {
    super('unavailable', detail);
    this.processes = processes;
  }
}

/** Waits until every process runs and says that it is ready; gives their ops servers. Errors: NotReadyError. */
export async function waitUntilReady(options: ReadinessOptions): Promise<OpsTarget[]> {
  const { pm2, baseUrl, metricsToken, expected } = options;
  const end = performance.now() + options.timeoutMs;
  const before = restartCounts(await pm2.list());
  let problem: string | undefined;
  while (performance.now() < end) {
    const processes = await pm2.list();
    const failing = hopeless(processes, before);
    if (failing.length > 0) throw new NotReadyError(`${failing.join(', ')} does not stay up`, failing);
    problem = missingProcess(processes, expected) ?? (await whyNotReadyApi(baseUrl));
    if (problem === undefined) {
      const targets = await readOpsTargets(baseUrl, metricsToken).catch((error: unknown) => messageOf(error));
      problem = typeof targets === 'string' ? targets : await opsProblem(targets, expected);
      if (problem === undefined && typeof targets !== 'string') return targets;
    }
    await delay(250);
  }
  throw new NotReadyError(`not ready in time: ${problem ?? 'no answer'}`, [problem?.split(/[ :]/)[0] ?? 'api']);
}

async function whyNotReadyApi(baseUrl: string): Promise<string | undefined> {
  const why = await whyNotReady(`${baseUrl}/api/v1/health/ready`);
  return why === undefined ? undefined : `api: ${why}`;
}
