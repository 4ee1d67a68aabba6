import { mkdtemp, rm, unlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { CrashLabel } from '@turnpike/core/crash-points.js';

/** The files that make a process die where it is told to. */
export interface CrashDirectory {
  readonly path: string;
  arm(label: CrashLabel): Promise<void>;
  /** True once somebody has died there; false when nobody passed it in time, and then nobody will. */
  passed(label: CrashLabel, withinMs: number, signal: AbortSignal): Promise<boolean>;
  remove(): Promise<void>;
}

const POLL_MS = 25;

export async function makeCrashDirectory(): Promise<CrashDirectory> {
  const directory = await mkdtemp(path.join(tmpdir(), `turnpike-crash-${process.pid}-`));
  const fileOf = (label: CrashLabel): string => path.join(directory, label);
  return {
    path: directory,
    arm: (label) => writeFile(fileOf(label), ''),
    passed: async (label, withinMs, signal) => {
      const endMs = performance.now() + withinMs;
      while (existsSync(fileOf(label))) {
        if (performance.now() > endMs) return disarm(fileOf(label));
        await delay(POLL_MS, undefined, { signal });
      }
      return true;
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

/** Whoever removes the file is the one: when it is gone already, somebody died at the last moment. */
async function disarm(file: string): Promise<boolean> {
  try {
    await unlink(file);
    return false;
  } catch {
    return true;
  }
}
