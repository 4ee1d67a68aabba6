import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../free-port.js';
import type { Program, ProgramName } from '../programs.js';
import { type OwnedProcess, startOwned } from './owned-process.js';
import { fpmConfiguration, nginxConfiguration, redisConfiguration, script } from './php-configuration.js';

export const PHP_PROGRAMS = ['nginx', 'php-fpm', 'redis-server', 'opcache.so', 'igbinary.so', 'redis.so'] as const;

export interface PhpSideOptions {
  readonly programs: Readonly<Record<(typeof PHP_PROGRAMS)[number] & ProgramName, Program>>;
  /** Made; everything the servers write goes there. */
  readonly directory: string;
  /** What the script answers with: a JSON text, kept in Redis. */
  readonly body: string;
  readonly workers: number;
  readonly signal: AbortSignal;
}

export interface PhpSide {
  readonly url: string;
  /** nginx, PHP-FPM and Redis; their children count with them. */
  readonly pids: readonly number[];
  /** As they say themselves, for the record. */
  readonly versions: string;
  stop(): Promise<void>;
}

const READY_MS = 30_000;
const POLL_MS = 50;
const run = promisify(execFile);

/** nginx, PHP-FPM and Redis, all on sockets of their own below one directory, as this user. Rejects with what they printed. */
export async function startPhpSide(options: PhpSideOptions): Promise<PhpSide> {
  const { programs, directory, body, workers, signal } = options;
  const isRoot = process.getuid?.() === 0;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const port = await freePort();
  const files = {
    'index.php': script(directory),
    'redis.conf': redisConfiguration(directory),
    'fpm.conf': fpmConfiguration(directory, { workers, isRoot }),
    'nginx.conf': nginxConfiguration(directory, { port, isRoot }),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(directory, name), text, { mode: 0o600 });
  const at = (name: string): string => path.join(directory, name);
  const running: OwnedProcess[] = [];
  const stop = async (): Promise<void> => void (await Promise.all(running.map((each) => each.stop())));
  try {
    running.push(startOwned(programs['redis-server'], [at('redis.conf')], directory));
    await until(running, signal, () => setInRedis(at('redis.sock'), 'packages', body));
    running.push(startOwned(programs['php-fpm'], fpmArguments(programs, directory, isRoot), directory));
    running.push(startOwned(programs.nginx, ['-e', at('nginx.log'), '-c', at('nginx.conf')], directory));
    const url = `http://127.0.0.1:${port}/`;
    await until(running, signal, async () => (await fetch(url, { signal })).status === 200);
    return { url, pids: running.map(({ pid }) => pid), versions: await versionsOf(programs), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** No php.ini: what is not named here is as PHP ships it. */
function fpmArguments(programs: PhpSideOptions['programs'], directory: string, isRoot: boolean): string[] {
  const settings = {
    zend_extension: programs['opcache.so'].file,
    'opcache.enable': '1',
    'opcache.validate_timestamps': '0',
  };
  const extensions = ['igbinary.so', 'redis.so'] as const;
  return [
    '-n',
    '-F',
    ...(isRoot ? ['-R'] : []),
    '-y',
    path.join(directory, 'fpm.conf'),
    ...Object.entries(settings).flatMap(([name, value]) => ['-d', `${name}=${value}`]),
    ...extensions.flatMap((name) => ['-d', `extension=${programs[name].file}`]),
  ];
}

async function until(
  running: readonly OwnedProcess[],
  signal: AbortSignal,
  isReady: () => Promise<boolean>,
): Promise<void> {
  const endMs = performance.now() + READY_MS;
  while (!(await isReady().catch(() => false))) {
    signal.throwIfAborted();
    const failure = running.map((each) => each.ended()).find((text) => text !== undefined);
    if (failure !== undefined) throw new Error(`the PHP side could not be started: ${failure}`);
    if (performance.now() > endMs) throw new Error(`the PHP side was not ready after ${READY_MS / 1_000} s`);
    await delay(POLL_MS, undefined, { signal });
  }
}

/** https://redis.io/docs/latest/develop/reference/protocol-spec/ */
function setInRedis(socketPath: string, key: string, value: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    socket.once('error', reject);
    socket.once('data', (reply) => {
      socket.destroy();
      resolve(reply.toString().startsWith('+OK'));
    });
    const words = ['SET', key, value].map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
    socket.write(`*${words.length}\r\n${words.join('')}`);
  });
}

async function versionsOf(programs: PhpSideOptions['programs']): Promise<string> {
  const say = async ({ file, env }: Program, argument: string): Promise<string> => {
    const { stdout, stderr } = await run(file, [argument], { env, timeout: 10_000 });
    return /(?:PHP |nginx\/|v=)(\d[\d.]*)/.exec(stdout + stderr)?.[1] ?? 'of unknown version';
  };
  const php = await say(programs['php-fpm'], '-v');
  const nginx = await say(programs.nginx, '-v');
  return `nginx ${nginx}, PHP-FPM ${php}, Redis ${await say(programs['redis-server'], '--version')}`;
}
