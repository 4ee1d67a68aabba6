import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '@turnpike/core/app-error.js';
import { isAlive } from '@turnpike/stores/process-alive.js';

/** Runs `work` while no other command starts or stops this data directory. Errors: AppError `conflict`. */
export async function withCommandLock<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  await mkdir(path.dirname(file), { recursive: true });
  const holder = Number(await readFile(file, 'utf8').catch(() => '0'));
  if (holder > 0 && holder !== process.pid) {
    if (isAlive(holder)) {
      throw new AppError(
        'conflict',
        `another Turnpike command (process ${holder}) is starting or stopping this system`,
      );
    }
    await rm(file, { force: true });
  }
  await writeFile(file, String(process.pid), { flag: 'wx' }).catch((cause: unknown) => {
    throw new AppError('conflict', 'another Turnpike command is starting or stopping this system', { cause });
  });
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}
