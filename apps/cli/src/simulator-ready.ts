import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { readJson } from './json-file.js';
import { NotReadyError } from './readiness.js';

const routerSchema = z.object({
  name: z.string(),
  host: z.string(),
  apiPort: z.number().int(),
  username: z.string(),
  password: z.string(),
  nasAddress: z.string(),
});
const readySchema = z.object({ routers: z.array(routerSchema), controlUrl: z.string().optional() });

export type SimulatedRouter = z.infer<typeof routerSchema>;
export type SimulatorReady = z.infer<typeof readySchema>;

const TIMEOUT_MS = 20_000;

/** What the simulator wrote once its routers listened; nothing when it has not (yet). */
export function readSimulatorFile(file: string): Promise<SimulatorReady | undefined> {
  return readJson(file, readySchema).catch(() => undefined);
}

/** Waits for the simulator's ready file. Errors: NotReadyError. */
export async function waitForSimulator(file: string): Promise<SimulatorReady> {
  const end = performance.now() + TIMEOUT_MS;
  while (performance.now() < end) {
    const ready = await readSimulatorFile(file);
    if (ready !== undefined) return ready;
    await delay(100);
  }
  throw new NotReadyError(`the simulator did not write ${file}`, ['simulator']);
}
