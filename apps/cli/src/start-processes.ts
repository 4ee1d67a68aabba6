import { setTimeout as delay } from 'node:timers/promises';
import type { CliContext } from './cli-context.js';
import { type ProcessesEnv, expectedProcesses } from './processes-env.js';
import { NotReadyError, hopeless, restartCounts } from './readiness.js';

/** Clears the way for a start: processes that gave up are forgotten, and there are as many as there should be. */
export async function tidyProcesses({ pm2 }: CliContext, env: ProcessesEnv): Promise<void> {
  const processes = await pm2.list();
  // One that waits for its next restart would come up in the old environment.
  const dead = processes.filter(({ status }) => status !== 'online').map(({ name }) => name);
  const surplus = processes.filter(({ name }) => !expectedProcesses(env).has(name)).map(({ name }) => name);
  const removed = new Set([...dead, ...surplus]);
  for (const name of removed) await pm2.remove(name);
  for (const [name, count] of expectedProcesses(env)) {
    const running = processes.filter((process) => process.name === name && !removed.has(name)).length;
    if (running > 0 && running !== count) await pm2.scale(name, count);
  }
}

/**
 * Brings the processes of these names, one name after another, to the new code and environment. PM2 waits long for one
 * that keeps crashing; we look ourselves and give up earlier. Errors: NotReadyError.
 */
export async function reloadProcesses({ pm2 }: CliContext, names: readonly string[]): Promise<void> {
  const before = restartCounts(await pm2.list());
  for (const only of names) {
    let settled = false;
    const reload = pm2.startOrReload({ only }).finally(() => (settled = true));
    const watch = async () => {
      for (await delay(1_000); !settled; await delay(500)) {
        const failing = hopeless(await pm2.list().catch(() => []), before);
        if (failing.length > 0) throw new NotReadyError(`${failing.join(', ')} does not stay up`, failing);
      }
    };
    await Promise.race([reload, watch().then(() => reload)]);
  }
}
