import { accessSync, constants, statSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import { type CrashPoints, noCrashPoints } from '@turnpike/core/crash-points.js';
import { ConfigError } from './config.js';
import type { Logger } from './logger.js';

interface Deps {
  /** Where a file with the name of a label makes whoever passes it next die; undefined: nobody dies. */
  readonly directory: string | undefined;
  readonly logger: Pick<Logger, 'warn'>;
  /** Ends this process at once. */
  readonly die?: () => void;
}

const OTHERS_MAY_WRITE = 0o022;

/**
 * Crash points that are armed by files. Whoever removes the file is the one that dies, so that of several processes one does. The
 * process is killed by SIGKILL from within the call: nothing after it runs, nothing is flushed, as when the machine takes it away.
 *
 * It works under NODE_ENV=production too, as `npm start` sets it and what is proven has to be what runs. What keeps it harmless is
 * that the variable is never set by us, that the directory must belong to the user of the process, who may kill it anyway, with
 * nobody else allowed to write there, and that its use is logged. Throws ConfigError for another directory.
 */
export function createCrashPoints({ directory, logger, die = killOurselves }: Deps): CrashPoints {
  if (directory === undefined) return noCrashPoints;
  refuseOpenDirectory(directory);
  logger.warn(
    { directory },
    'crash points are on: a file in this directory ends the process; unset TURNPIKE_CRASH_DIR',
  );
  return {
    pass: (label) => {
      try {
        unlinkSync(path.join(directory, label));
      } catch {
        return;
      }
      die();
    },
  };
}

function killOurselves(): void {
  process.kill(process.pid, 'SIGKILL');
}

function refuseOpenDirectory(directory: string): void {
  const why = whyUnfit(directory);
  if (why === undefined) return;
  throw new ConfigError(
    `TURNPIKE_CRASH_DIR=${directory} ${why}. It is for proofs that kill processes: unset it and start again.`,
  );
}

function whyUnfit(directory: string): string | undefined {
  try {
    const { uid, mode } = statSync(directory);
    if (uid !== process.getuid?.()) return 'belongs to another user';
    if ((mode & OTHERS_MAY_WRITE) !== 0) return 'can be written by other users';
    accessSync(directory, constants.W_OK | constants.X_OK);
    return undefined;
  } catch {
    return 'is not a directory that this process can use';
  }
}
