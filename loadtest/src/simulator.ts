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
  controlUrl: z.string(),
  daraja: z.object({
    url: z.string(),
    consumerKey: z.string(),
    consumerSecret: z.string(),
    shortcode: z.string(),
    passkey: z.string(),
  }),
});

export interface RunningSimulator extends z.output<typeof ready> {
  stop(): Promise<void>;
}

const API_PORT_BASE = 28_728;

/** A fleet of its own for one measurement, on loopback. `apiPortBase` 0 takes free ports. */
export async function startSimulator(
  config: LoadtestConfig,
  routers: number,
  apiPortBase = API_PORT_BASE,
): Promise<RunningSimulator> {
  const main = path.join(config.root, 'apps', 'simulator', 'dist', 'main.js');
  const child = spawn(process.execPath, [main, '--routers', String(routers), '--api-port-base', String(apiPortBase)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: config.PATH, HOME: config.HOME },
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{')) continue;
    return {
      ...ready.parse(JSON.parse(line)),
      stop: async () => {
        child.kill('SIGTERM');
        await exited;
      },
    };
  }
  throw new Error('the simulator ended before its routers listened');
}

/** Variables of an instance that takes payments at this simulator's M-Pesa. */
export function darajaEnv({ daraja }: RunningSimulator): Record<string, string> {
  return {
    DARAJA_URL: daraja.url,
    DARAJA_CONSUMER_KEY: daraja.consumerKey,
    DARAJA_CONSUMER_SECRET: daraja.consumerSecret,
    DARAJA_SHORTCODE: daraja.shortcode,
    DARAJA_PASSKEY: daraja.passkey,
  };
}
