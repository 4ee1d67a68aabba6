import { readFile } from 'node:fs/promises';

/** Resident memory of these processes together, MiB; a process that is gone counts nothing. proc(5), VmRSS. */
export async function residentMiB(pids: readonly number[]): Promise<number> {
  const sizes = await Promise.all(pids.filter((pid) => pid > 1).map(residentKiB));
  return sizes.reduce((sum, kib) => sum + kib, 0) / 1024;
}

async function residentKiB(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(text)?.[1] ?? 0);
}
