import { statfs } from 'node:fs/promises';
import { arch, availableParallelism, platform, totalmem } from 'node:os';
import { AppError } from '@turnpike/core/app-error.js';

const MIB = 1024 * 1024;
const DISK_NEEDED_MIB = 500;
const MEMORY_WANTED_MIB = 1_500;

/** Refuses a machine where a start cannot end well; says what it found. Errors: AppError `unavailable`. */
export async function checkMachine(dataDir: string, note: (line: string) => void): Promise<string> {
  if (platform() !== 'linux') throw new AppError('unavailable', `Turnpike runs on Linux, this is ${platform()}`);
  const disk = await statfs(dataDir);
  const freeMib = Math.floor((disk.bavail * disk.bsize) / MIB);
  if (freeMib < DISK_NEEDED_MIB) {
    throw new AppError(
      'unavailable',
      `only ${freeMib} MiB are free below ${dataDir}, ${DISK_NEEDED_MIB} MiB are needed`,
    );
  }
  const memoryMib = Math.floor(totalmem() / MIB);
  if (memoryMib < MEMORY_WANTED_MIB) note(`only ${memoryMib} MiB of memory: it may be slow`);
  return `Node ${process.versions.node}, ${arch()}, ${availableParallelism()} cores, ${Math.round(memoryMib / 1024)} GiB memory`;
}
