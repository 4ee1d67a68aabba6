import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { LoadtestConfig } from './config.js';
import { api, type Instance } from './instance.js';
import { residentMiB } from './process-memory.js';
import type { Figure } from './results.js';
import { startSimulator } from './simulator.js';

const MAX_FRESH_START_S = 180;
const MAX_WARM_START_S = 15;
const MAX_DEPLOY_S = 2;
const MAX_IDLE_MIB = 700;
const DEPLOYS = 5;

/** The figures of the foundation: start, deploy, memory. `say` tells what is being measured. */
export async function runBaseline(
  config: LoadtestConfig,
  instance: Instance,
  say: (line: string) => void,
): Promise<Figure[]> {
  say('warm start (npm start on the running system)');
  const warm = await timed(config, ['start'], config.root, { TURNPIKE_DATA: config.dataDir });
  say(`${DEPLOYS} hotspot deploys on simulated routers`);
  const deploys = await timeDeploys(config, instance);
  say('idle memory (15 s without work first)');
  await delay(15_000);
  const memory = await idleMemory(config);
  say('fresh start (clone, npm start, npm stop in an empty directory)');
  const fresh = await freshStart(config);
  return [
    { name: 'npm start, fresh clone', value: fresh, unit: 's', atMost: MAX_FRESH_START_S },
    { name: 'npm start, running system', value: warm, unit: 's', atMost: MAX_WARM_START_S },
    { name: `hotspot deploy, slowest of ${DEPLOYS}`, value: Math.max(...deploys), unit: 's', atMost: MAX_DEPLOY_S },
    { name: `hotspot deploy, fastest of ${DEPLOYS}`, value: Math.min(...deploys), unit: 's' },
    { name: 'idle memory of our processes (RSS, without stores)', value: memory, unit: 'MiB', atMost: MAX_IDLE_MIB },
  ];
}

async function timed(
  config: LoadtestConfig,
  args: readonly string[],
  cwd: string,
  env: Record<string, string>,
): Promise<number> {
  const startedMs = performance.now();
  const status = await new Promise<number>((resolve, reject) => {
    const child = spawn('npm', ['run', '--silent', ...args], {
      cwd,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { PATH: config.PATH, HOME: config.HOME, ...env },
    });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
  if (status !== 0) throw new Error(`npm run ${args.join(' ')} in ${cwd} ended with ${status}`);
  return (performance.now() - startedMs) / 1000;
}

async function timeDeploys(config: LoadtestConfig, instance: Instance): Promise<number[]> {
  const simulator = await startSimulator(config, DEPLOYS);
  const seconds: number[] = [];
  try {
    for (const router of simulator.routers) seconds.push(await timeOneDeploy(instance, router));
  } finally {
    await simulator.stop();
  }
  return seconds;
}

const created = z.object({ id: z.string() });
const status = z.object({ state: z.string(), finishedAt: z.string().nullable(), error: z.unknown() });

async function timeOneDeploy(
  instance: Instance,
  router: { name: string; host: string; apiPort: number; username: string; password: string; nasAddress: string },
): Promise<number> {
  const body = {
    name: `baseline ${router.nasAddress} ${Date.now().toString(36)}`,
    address: router.host,
    apiPort: router.apiPort,
    apiUsername: router.username,
    apiPassword: router.password,
    nasAddress: router.nasAddress,
  };
  const { id } = created.parse(await api(instance, 'POST', '/routers', body));
  const startedMs = performance.now();
  await api(instance, 'POST', `/routers/${id}/deploy-service-config`, {
    services: [{ type: 'hotspot', interfaces: ['ether3'] }],
  });
  for (;;) {
    const now = status.parse(await api(instance, 'GET', `/routers/${id}/provisioning-status`));
    if (now.finishedAt !== null) {
      if (now.state !== 'succeeded') throw new Error(`a deploy ended as ${now.state}: ${JSON.stringify(now.error)}`);
      const seconds = (performance.now() - startedMs) / 1000;
      await api(instance, 'DELETE', `/routers/${id}`);
      return seconds;
    }
    await delay(20);
  }
}

const statusOutput = z.object({ processes: z.array(z.object({ pid: z.number().nullish() })) });

/** Every process that PM2 keeps for us, and PM2 itself. */
async function idleMemory(config: LoadtestConfig): Promise<number> {
  const output = await new Promise<string>((resolve, reject) => {
    const child = spawn('npm', ['run', '--silent', 'status', '--', '--json'], {
      cwd: config.root,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { PATH: config.PATH, HOME: config.HOME, TURNPIKE_DATA: config.dataDir },
    });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
    child.once('error', reject);
    child.once('exit', () => resolve(text));
  });
  const pids = statusOutput
    .parse(JSON.parse(output))
    .processes.flatMap(({ pid }) => (typeof pid === 'number' ? [pid] : []));
  const parents = new Set(await Promise.all(pids.map(parentOf)));
  return residentMiB([...new Set([...pids, ...parents])]);
}

async function parentOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^PPid:\s+(\d+)/m.exec(text)?.[1] ?? 0);
}

async function freshStart(config: LoadtestConfig): Promise<number> {
  const directory = await mkdtemp(path.join(tmpdir(), 'turnpike-fresh-'));
  const clone = path.join(directory, 'turnpike');
  try {
    await clonedInto(config, clone);
    const seconds = await timed(config, ['start'], clone, {});
    await timed(config, ['stop'], clone, {});
    return seconds;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function clonedInto(config: LoadtestConfig, target: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['clone', '--quiet', config.root, target], { stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`git clone ended with ${code}`))));
  });
}
