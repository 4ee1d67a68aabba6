import { readdir, readFile } from 'node:fs/promises';
import { hasErrorCode } from '@turnpike/stores/error-code.js';
import { waitForExit } from '@turnpike/stores/process-alive.js';

/** Longest a process may take to stop by itself, ms; its own limit is below. */
const STOP_MS = 9_000;

/**
 * Ends processes that PM2 started for this home and then lost: one that is being started at the moment PM2 is told to
 * end is not among those it ends. They are known by the PM2_HOME in their environment. Gives how many there were.
 */
export async function endLeftBehind(home: string): Promise<number> {
  const pids = await startedUnder(home);
  await Promise.all(pids.map(end));
  return pids.length;
}

async function startedUnder(home: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const ours = await Promise.all(pids.map((pid) => isOfHome(pid, home)));
  return pids.filter((pid, index) => ours[index] === true && pid !== process.pid);
}

/** proc(5): environ is readable for one's own processes only, which is what we want. */
async function isOfHome(pid: number, home: string): Promise<boolean> {
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  const variables = environment.split('\0');
  return variables.includes(`PM2_HOME=${home}`) && variables.some((variable) => variable.startsWith('pm_id='));
}

async function end(pid: number): Promise<void> {
  send(pid, 'SIGTERM');
  if (!(await waitForExit(pid, STOP_MS))) send(pid, 'SIGKILL');
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!hasErrorCode(error, 'ESRCH')) throw error;
  }
}
