import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { NotPossibleHere } from '../refusals.js';

/** A durable Redis whose disk is a small tmpfs, in a mount namespace of its own. */
export interface CrampedRedis {
  readonly url: string;
  readonly isRunning: () => boolean;
  /** Gives the disk room, as an operator would, and starts Redis again. */
  grow(): Promise<void>;
  stop(): Promise<void>;
}

const STARTED_MS = 10_000;

/**
 * The shell that mounts the disk stays for as long as Redis is needed, because the mount is gone with the last process that
 * sees it. It starts Redis whenever a file called `start` appears.
 */
const HOLDER = `
set -u
mount -t tmpfs -o size="$SIZE" tmpfs "$DISK" || exit 3
while :; do
  if [ -e "$CONTROL/grow" ]; then rm "$CONTROL/grow"; mount -o remount,size=512m "$DISK"; fi
  if [ -e "$CONTROL/start" ]; then
    rm "$CONTROL/start"
    redis-server "$CONTROL/redis.conf" >> "$CONTROL/redis.log" 2>&1 &
    echo $! > "$CONTROL/pid"
    wait $!
    echo "$?" > "$CONTROL/ended"
  fi
  sleep 0.1
done`;

/** Throws NotPossibleHere with the reason where user namespaces are off or Redis is missing. */
export function refuseWithoutNamespaces(env: Readonly<Record<string, string>>): void {
  const tried = spawnSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs -o size=1m tmpfs /tmp'], {
    env,
    encoding: 'utf8',
  });
  if (tried.error !== undefined) throw new NotPossibleHere(`a small disk needs unshare(1): ${tried.error.message}`);
  if (tried.status !== 0) {
    throw new NotPossibleHere(
      `a small disk needs a namespace that this machine does not allow: ${tried.stderr.trim()}`,
    );
  }
  if (spawnSync('redis-server', ['--version'], { env }).status !== 0) {
    throw new NotPossibleHere('redis-server is not on PATH');
  }
}

export async function startCrampedRedis(options: {
  readonly directory: string;
  readonly sizeMiB: number;
  readonly env: Readonly<Record<string, string>>;
}): Promise<CrampedRedis> {
  const control = path.join(options.directory, 'control');
  const disk = path.join(options.directory, 'disk');
  await Promise.all([mkdir(control, { recursive: true }), mkdir(disk, { recursive: true })]);
  const port = await freePort();
  const password = randomBytes(16).toString('hex');
  await writeFile(path.join(control, 'redis.conf'), configuration(disk, port, password), { mode: 0o600 });
  const holder = spawn('unshare', ['-rm', 'sh', '-c', HOLDER], {
    stdio: 'ignore',
    detached: true,
    env: { ...options.env, DISK: disk, CONTROL: control, SIZE: `${options.sizeMiB}m` },
  });
  const start = async (): Promise<void> => {
    await writeFile(path.join(control, 'start'), '');
    await listening(port, holder);
  };
  let running = false;
  const watch = setInterval(() => {
    void answers(port).then((does) => (running = does));
  }, 200);
  await start();
  running = true;
  return {
    url: `redis://:${password}@127.0.0.1:${port}`,
    isRunning: () => running,
    async grow() {
      await writeFile(path.join(control, 'grow'), '');
      // The holder looks for both files ten times a second, room first.
      await delay(500);
      await start();
    },
    async stop() {
      clearInterval(watch);
      if (holder.pid !== undefined && holder.exitCode === null) process.kill(-holder.pid, 'SIGKILL');
      await delay(100);
    },
  };
}

function configuration(disk: string, port: number, password: string): string {
  const lines = [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    `dir ${disk}`,
    'daemonize no',
    'databases 1',
    'save ""',
    'appendonly yes',
    'appendfsync always',
    'maxmemory 256mb',
    'maxmemory-policy noeviction',
  ];
  return `${lines.join('\n')}\n`;
}

async function listening(port: number, holder: ChildProcess): Promise<void> {
  const endMs = performance.now() + STARTED_MS;
  while (!(await answers(port))) {
    if (holder.exitCode !== null) throw new Error(`the small disk could not be mounted (status ${holder.exitCode})`);
    if (performance.now() > endMs) throw new Error('Redis on the small disk did not start');
    await delay(100);
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const settle = (does: boolean): void => {
      socket.destroy();
      resolve(does);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0 }, () => {
      const address = server.address();
      const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
      server.close(() => resolve(port));
    });
  });
}
