import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import path from 'node:path';
import { z } from 'zod';
import type { LoadtestConfig } from './config.js';

const ready = z.object({
  routers: z.array(
    z.object({
      name: z.string(),
      host: z.string(),
      apiPort: z.number(),
      username: z.string(),
      password: z.string(),
      nasAddress: z.string(),
    }),
  ),
});

export interface RunningSimulator {
  readonly routers: z.output<typeof ready>['routers'];
  stop(): Promise<void>;
}

const API_PORT_BASE = 28_728;

/** A fleet of its own for one measurement, on loopback. */
export async function startSimulator(config: LoadtestConfig, routers: number): Promise<RunningSimulator> {
  const main = path.join(config.root, 'apps', 'simulator', 'dist', 'main.js');
  const child = spawn(
    process.execPath,
    [main, '--routers', String(routers), '--api-port-base', String(API_PORT_BASE)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { PATH: config.PATH, HOME: config.HOME },
    },
  );
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{')) continue;
    const { routers: listening } = ready.parse(JSON.parse(line));
    return {
      routers: listening,
      stop: async () => {
        child.kill('SIGTERM');
        await exited;
      },
    };
  }
  throw new Error('the simulator ended before its routers listened');
}
