import { mkdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '@turnpike/core/app-error.js';
import { isAlive, waitForExit } from '@turnpike/stores/process-alive.js';
import { type ProgramResult, runProgram } from '@turnpike/stores/run-program.js';
import { z } from 'zod';
import { endLeftBehind } from './left-behind.js';

const listSchema = z.array(
  z.object({
    name: z.string(),
    pid: z.number().optional(),
    pm2_env: z.object({
      status: z.string(),
      restart_time: z.number(),
      pm_uptime: z.number().optional(),
      pm_out_log_path: z.string().optional(),
      NODE_APP_INSTANCE: z.union([z.number(), z.string()]).optional(),
    }),
  }),
);

export interface ManagedProcess {
  readonly name: string;
  readonly instance: number;
  readonly pid: number | undefined;
  /** PM2's word: online, launching, stopping, stopped, errored, `waiting restart`. */
  readonly status: string;
  readonly restarts: number;
  readonly since: Date | undefined;
}

export interface Pm2 {
  /** Every process; empty when PM2 does not run for this data directory. */
  list(): Promise<ManagedProcess[]>;
  /** Starts what does not run and reloads what does; `only` limits it to one name. */
  startOrReload(options: { only?: string }): Promise<void>;
  /** Removes processes that must not stay as they are. */
  remove(name: string): Promise<void>;
  scale(name: string, instances: number): Promise<void>;
  /** Ends all processes and PM2 itself; false when it did not run. */
  kill(): Promise<boolean>;
}

export interface Pm2Options {
  readonly root: string;
  readonly home: string;
  readonly dataDir: string;
  readonly bareEnvironment: Readonly<Record<string, string>>;
}

async function daemonPid(home: string): Promise<number | undefined> {
  const pid = Number(await readFile(path.join(home, 'pm2.pid'), 'utf8').catch(() => '0'));
  return pid > 0 && isAlive(pid) ? pid : undefined;
}

/** A short directory in /tmp may exist already: it must be ours, or somebody else would command our processes. */
async function ensureHome(home: string): Promise<void> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  if ((await stat(home)).uid === process.getuid?.()) return;
  throw new AppError('conflict', `${home} belongs to another user: choose another TURNPIKE_DATA`);
}

function parseList(stdout: string): ManagedProcess[] {
  const json = stdout.split('\n').findLast((line) => line.startsWith('['));
  const processes = listSchema.parse(JSON.parse(json ?? '[]'));
  return processes.map(({ name, pid, pm2_env: env }) => ({
    name,
    instance: Number(env.NODE_APP_INSTANCE ?? 0),
    pid: pid === 0 ? undefined : pid,
    status: env.status,
    restarts: env.restart_time,
    since: env.pm_uptime === undefined ? undefined : new Date(env.pm_uptime),
  }));
}

/** PM2 as a program of its own, with a directory of its own; its code is never loaded into ours. */
export function createPm2({ root, home, dataDir, bareEnvironment }: Pm2Options): Pm2 {
  const program = path.join(root, 'node_modules', 'pm2', 'bin', 'pm2');
  const ecosystem = path.join(root, 'ecosystem.config.js');
  const env = {
    HOME: '/tmp',
    ...bareEnvironment,
    PM2_HOME: home,
    PM2_DISCRETE_MODE: 'true',
    PM2_DISABLE_VERSION_CHECK: 'true',
    NO_COLOR: '1',
    TURNPIKE_DATA: dataDir,
  };
  const run = (args: readonly string[]) =>
    runProgram(process.execPath, [program, ...args], { env, cwd: root, timeoutMs: 120_000 });
  const must = async (args: readonly string[]): Promise<ProgramResult> => {
    const result = await run(args);
    if (result.ok) return result;
    throw new AppError('unavailable', `pm2 ${args.join(' ')} failed: ${result.explanation}`);
  };
  return {
    async list() {
      if ((await daemonPid(home)) === undefined) return [];
      return parseList((await must(['jlist', '--silent'])).stdout);
    },
    async startOrReload({ only }) {
      await ensureHome(home);
      await must(['startOrReload', ecosystem, '--update-env', ...(only === undefined ? [] : ['--only', only])]);
    },
    async remove(name) {
      await must(['delete', name]);
    },
    async scale(name, instances) {
      await must(['scale', name, String(instances)]);
    },
    async kill() {
      const pid = await daemonPid(home);
      if (pid !== undefined) {
        await run(['kill']);
        if (!(await waitForExit(pid, 15_000))) process.kill(pid, 'SIGKILL');
      }
      return (await endLeftBehind(home)) > 0 || pid !== undefined;
    },
  };
}
