import { setTimeout as delay } from 'node:timers/promises';

const WAIT_MS = 60_000;
const POLL_MS = 50;

/** Sends a signal that ends a process and waits until it is gone. */
export async function stopProcess(pid: number, name: NodeJS.Signals, signal: AbortSignal): Promise<void> {
  process.kill(pid, name);
  const endMs = performance.now() + WAIT_MS;
  while (isAlive(pid)) {
    if (performance.now() > endMs) throw new Error(`process ${pid} did not end within ${WAIT_MS / 1000} s of ${name}`);
    await delay(POLL_MS, undefined, { signal });
  }
}

/** Whether a process of this id runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
