import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { LoadtestConfig } from '../config.js';
import { freePort } from '../free-port.js';

export interface SecondApi {
  readonly apiUrl: string;
  stop(): Promise<void>;
}

const processesFile = z.object({ service: z.record(z.string(), z.string()) });
const READY_WITHIN_MS = 60_000;
const POLL_MS = 200;

/** Another API process of an instance of our own, at a port of its own: PM2's share one, and nobody could choose between them. */
export async function startSecondApi(config: LoadtestConfig, dataDir: string, signal: AbortSignal): Promise<SecondApi> {
  const text = await readFile(path.join(dataDir, 'processes.env.json'), 'utf8');
  const { service } = processesFile.parse(JSON.parse(text));
  const port = await freePort();
  const child = spawn(process.execPath, [path.join(config.root, 'apps/api/dist/main.js')], {
    cwd: config.root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { PATH: config.PATH, HOME: config.HOME, ...service, PORT: String(port), NODE_APP_INSTANCE: '99' },
    detached: true,
  });
  const exited = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
  };
  const apiUrl = `http://127.0.0.1:${port}/api/v1`;
  try {
    await untilReady(`${apiUrl}/health/ready`, signal);
    return { apiUrl, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function untilReady(url: string, signal: AbortSignal): Promise<void> {
  const endMs = performance.now() + READY_WITHIN_MS;
  for (;;) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(READY_WITHIN_MS) }).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.status === 200) return;
    if (performance.now() > endMs) throw new Error('the second API process did not get ready');
    await delay(POLL_MS, undefined, { signal });
  }
}
