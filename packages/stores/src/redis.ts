import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError, messageOf } from '@turnpike/core/app-error.js';
import { isAliveAs, waitForExit } from './process-alive.js';
import { type RedisConf, redisConf } from './redis-conf.js';
import { type RedisBinary, redisEnvironment } from './redis-download.js';
import { askRedis } from './redis-wire.js';
import { runProgram } from './run-program.js';

export interface RedisOptions extends RedisConf {
  readonly binary: RedisBinary;
}

export interface RunningRedis {
  readonly pid: number;
  readonly url: string;
  /** False when it was already running. */
  readonly started: boolean;
}

const PROGRAMS = ['redis-server', 'valkey-server'];

/** Process id of the server of this directory, or nothing when it does not run. */
export async function findRedisProcess(dir: string): Promise<number | undefined> {
  const pid = Number(await readFile(path.join(dir, 'redis.pid'), 'utf8').catch(() => '0'));
  return pid > 0 && (await isAliveAs(pid, PROGRAMS)) ? pid : undefined;
}

/** Answers once the server takes commands; it may still be loading its append-only file. */
async function waitUntilReady({ dir, port, password }: RedisOptions): Promise<number> {
  const end = performance.now() + 30_000;
  let last = 'no process';
  while (performance.now() < end) {
    const [reply] = await askRedis({ port, password, command: ['PING'] }).catch((error: unknown) => [messageOf(error)]);
    const pid = await findRedisProcess(dir);
    if (reply === '+PONG' && pid !== undefined) return pid;
    last = reply ?? last;
    await delay(20);
  }
  throw new AppError('unavailable', `Redis on port ${port} did not get ready: ${last}\n${await logTail(dir)}`);
}

async function logTail(dir: string): Promise<string> {
  const log = await readFile(path.join(dir, 'redis.log'), 'utf8').catch(() => '');
  return log.trim().split('\n').slice(-8).join('\n');
}

/** Starts one Redis on 127.0.0.1, or finds it running; it outlives this process. Errors: AppError `unavailable`. */
export async function startRedis(options: RedisOptions): Promise<RunningRedis> {
  const { dir, port, password, binary, role } = options;
  const url = `redis://:${password}@127.0.0.1:${port}`;
  const before = await findRedisProcess(dir);
  if (before === undefined) {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const conf = path.join(dir, 'redis.conf');
    await writeFile(conf, redisConf({ dir, port, role, password }), { mode: 0o600 });
    const launched = await runProgram(binary.file, [conf], { env: redisEnvironment(binary), cwd: dir });
    if (!launched.ok) throw new AppError('unavailable', `Redis did not start: ${launched.explanation}`);
  }
  const pid = await waitUntilReady(options);
  return { pid, url, started: before === undefined };
}

export interface StopRedisOptions {
  readonly dir: string;
  readonly port: number;
  readonly password: string;
  /** Deletes its data as well. */
  readonly remove?: boolean;
}

/** Stops the server of this directory; false when none ran. */
export async function stopRedis({ dir, port, password, remove = false }: StopRedisOptions): Promise<boolean> {
  const pid = await findRedisProcess(dir);
  if (pid !== undefined) {
    await askRedis({ port, password, command: ['SHUTDOWN'] }).catch(() => process.kill(pid, 'SIGTERM'));
    if (!(await waitForExit(pid, 10_000))) process.kill(pid, 'SIGKILL');
    await waitForExit(pid, 5_000);
  }
  if (remove) await rm(dir, { recursive: true, force: true });
  return pid !== undefined;
}
