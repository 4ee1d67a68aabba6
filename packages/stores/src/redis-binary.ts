import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '@turnpike/core/app-error.js';
import { type RedisBinary, downloadRedis, downloadedRedis } from './redis-download.js';

export interface RedisSearch {
  /** Value of PATH. */
  readonly searchPath: string;
  /** Where a downloaded copy is kept. */
  readonly toolsDir: string;
  readonly log?: (line: string) => void;
}

const NAMES = ['redis-server', 'valkey-server'];

async function onPath(searchPath: string): Promise<string | undefined> {
  for (const directory of searchPath.split(path.delimiter).filter((entry) => path.isAbsolute(entry))) {
    for (const name of NAMES) {
      const file = path.join(directory, name);
      if (
        await access(file, constants.X_OK).then(
          () => true,
          () => false,
        )
      )
        return file;
    }
  }
  return undefined;
}

/**
 * A Redis (or Valkey) server to run: installed, or downloaded before, or downloaded now from the Debian or Ubuntu archive
 * into `toolsDir` (no root needed, the system is not changed). Errors: AppError `unavailable` with what would help.
 */
export async function findRedis({ searchPath, toolsDir, log }: RedisSearch): Promise<RedisBinary> {
  const installed = await onPath(searchPath);
  if (installed !== undefined) return { file: installed };
  const dir = path.join(toolsDir, 'redis');
  const copy = (await downloadedRedis(dir)) ?? (await downloadRedis(dir, searchPath, log));
  if (typeof copy !== 'string') return copy;
  throw new AppError(
    'unavailable',
    [
      `no redis-server on PATH and it could not be downloaded (${copy}). One of these helps:`,
      '  sudo apt-get install redis-server        (Debian, Ubuntu; dnf install redis / apk add redis elsewhere)',
      '  docker run -d -p 127.0.0.1:6379:6379 valkey/valkey:8 --appendonly yes --appendfsync always',
      '  REDIS_DURABLE_URL=redis://host:6379 REDIS_CACHE_URL=redis://host:6380 npm start   (servers of your own)',
    ].join('\n'),
  );
}
