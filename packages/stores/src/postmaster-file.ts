import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { isAliveAs } from './process-alive.js';

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly startedAt: Date;
}

/** Line numbers (from 0) of `postmaster.pid`; PostgreSQL source, include/utils/pidfile.h. */
const PID_LINE = 0;
const START_TIME_LINE = 2;
const PORT_LINE = 3;

/** The server that runs on this cluster directory, or nothing. A lock file whose process is gone is removed. */
export async function readPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const file = path.join(cluster, 'postmaster.pid');
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[PID_LINE]);
  if (!(pid > 0)) return undefined;
  if (await isAliveAs(pid, ['postgres'])) {
    return { pid, port: Number(lines[PORT_LINE]), startedAt: new Date(Number(lines[START_TIME_LINE]) * 1000) };
  }
  await rm(file, { force: true });
  return undefined;
}
