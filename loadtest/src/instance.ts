import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { NotPrepared } from './refusals.js';

/** The running system, as `npm start` wrote it down. */
const instanceFile = z.object({
  apiUrl: z.url(),
  apiToken: z.string(),
  postgresUrl: z.string(),
  /** `controlUrl` is there when payments go to the stand-in of the simulator. */
  daraja: z.object({ controlUrl: z.string().optional() }).optional(),
  radius: z.object({ host: z.string(), authPort: z.number(), acctPort: z.number() }),
});
export type Instance = z.infer<typeof instanceFile>;

export async function readInstance(dataDir: string): Promise<Instance> {
  const file = path.join(dataDir, 'instance.json');
  try {
    return instanceFile.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new NotPrepared(`${file} cannot be read: start the system first with npm start`, { cause });
  }
}

/** One call of the public API; rejects on anything but success. */
export async function api(instance: Instance, method: string, route: string, body?: unknown): Promise<unknown> {
  const response = await fetch(instance.apiUrl + route, {
    method,
    headers: { authorization: `Bearer ${instance.apiToken}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${route} answered ${response.status}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
