import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { deployMigrations } from '@turnpike/db/migrate/migrate-deploy.js';
import { z } from 'zod';
import { buildHash } from './build-hash.js';
import type { CliContext } from './cli-context.js';
import { withCommandLock } from './command-lock.js';
import { embeddedStoresRunning, startDatabase, startRedisPair } from './embedded-stores.js';
import { baseUrlOf, describeInstance, writeInstance } from './instance-file.js';
import { readJson, writeJson } from './json-file.js';
import { checkMachine } from './machine-check.js';
import { portWishes } from './port-wishes.js';
import { type ProcessesEnv, type StoreUrls, expectedProcesses, processesEnv } from './processes-env.js';
import { type Progress, type StepResult, createProgress } from './progress.js';
import { reloadProcesses, tidyProcesses } from './start-processes.js';
import { seed } from './seed.js';
import { type Secrets, loadSecrets } from './secrets.js';
import { type Ports, settlePorts } from './settled-ports.js';
import { outsideServices } from './stand-ins.js';
import { type SimulatedRouter, waitForSimulator } from './simulator-ready.js';
import type { OpsTarget } from './ops-registry.js';
import { waitUntilReady } from './readiness.js';
import { welcome } from './welcome.js';

const runningSchema = z.object({ hash: z.string() });
const READY_TIMEOUT_MS = 60_000;

/** Everything is up and as wanted when it resolves; a second time it changes only what differs. */
export async function up(context: CliContext): Promise<void> {
  await mkdir(context.layout.data, { recursive: true, mode: 0o755 });
  await withCommandLock(context.layout.lock, () => bringUp(context));
}

interface Foundation {
  readonly secrets: Secrets;
  readonly ports: Ports;
  readonly urls: StoreUrls;
}

async function bringUp(context: CliContext): Promise<void> {
  const { config, layout, write } = context;
  const started = performance.now();
  const progress = createProgress(config.simulatorRouters > 0 ? 10 : 9, write);
  const foundation = await layFoundation(context, progress);
  const env = processesEnv({ ...context, ...foundation });
  const plan = await planProcesses(context, env);
  const simulatedRouters = env.simulator ? await progress.step('Simulator', () => runSimulator(context, plan)) : [];
  await progress.step('First data', (log) => seedData(context, foundation, simulatedRouters, log));
  await progress.step('Processes', () => runService(context, plan));
  const ops = await progress.step('Ready', async () => {
    const value = await waitForService(context, foundation, env);
    return { detail: `${value.length} processes say so`, value };
  });
  const { host, radiusHost } = config;
  const instance = describeInstance({
    host,
    radiusHost,
    ...foundation,
    ops,
    outside: outsideServices(config, foundation.ports),
  });
  await writeInstance(layout.instance, instance);
  await writeJson(layout.running, { hash: plan.hash });
  write(welcome(instance, context, performance.now() - started));
}

async function layFoundation(context: CliContext, progress: Progress): Promise<Foundation> {
  const { config, layout } = context;
  await progress.step('Machine', async (note) => ({ detail: await checkMachine(layout.data, note), value: undefined }));
  const secrets = await progress.step('Secrets', async () => {
    return { detail: layout.secrets, value: await loadSecrets(layout.secrets) };
  });
  const ports = await progress.step('Ports', async (note) => {
    const running = await embeddedStoresRunning(context);
    const processes = (await context.pm2.list()).some(({ pid }) => pid !== undefined);
    const value = await settlePorts(layout.ports, portWishes(config, { ...running, processes }), note);
    return { detail: `API ${value.api}, RADIUS ${value.radiusAuth} and ${value.radiusAcct}`, value };
  });
  const databaseUrl = await progress.step('PostgreSQL', () => startDatabase(context, secrets, ports));
  const redis = await progress.step('Redis', (note) => startRedisPair(context, secrets, ports, note));
  await progress.step('Migrations', async () => {
    const dir = path.join(config.root, 'prisma', 'migrations');
    const { applied, total } = await deployMigrations({ url: databaseUrl, dir });
    return {
      detail: applied.length === 0 ? `all ${total} applied` : `applied ${applied.length} of ${total}`,
      value: undefined,
    };
  });
  return { secrets, ports, urls: { databaseUrl, redisDurableUrl: redis.durable, redisCacheUrl: redis.cache } };
}

interface ProcessPlan {
  readonly hash: string;
  /** Whether processes have to be started or reloaded. */
  readonly change: boolean;
}

/** Compares what runs with what should; when that differs, PM2 is made ready for the change. */
async function planProcesses(context: CliContext, env: ProcessesEnv): Promise<ProcessPlan> {
  const { config, layout, pm2 } = context;
  const hash = await buildHash(config.root, env);
  const processes = await pm2.list();
  const complete = [...expectedProcesses(env)].every(([name, count]) => {
    return processes.filter((one) => one.name === name && one.status === 'online').length === count;
  });
  const known = await readJson(layout.running, runningSchema).catch(() => undefined);
  if (complete && known?.hash === hash) return { hash, change: false };
  await rm(layout.running, { force: true });
  await mkdir(layout.logs, { recursive: true });
  await writeJson(layout.processesEnv, env);
  await tidyProcesses(context, env);
  return { hash, change: true };
}

async function runSimulator(context: CliContext, { change }: ProcessPlan): Promise<StepResult<SimulatedRouter[]>> {
  const file = context.layout.simulatorReady;
  if (change) {
    await rm(file, { force: true });
    await reloadProcesses(context, ['simulator']);
  }
  const { routers } = await waitForSimulator(file);
  const [first] = routers;
  const where = first === undefined ? 'no router' : `${first.name} at ${first.host}:${first.apiPort}`;
  return { detail: routers.length > 1 ? `${where} and ${routers.length - 1} more` : where, value: routers };
}

async function seedData(
  { config }: CliContext,
  { secrets, urls }: Foundation,
  simulatedRouters: SimulatedRouter[],
  log: (line: string) => void,
): Promise<StepResult<void>> {
  await seed({
    ...urls,
    encryptionKeys: config.handedOn['ENCRYPTION_KEYS'] ?? secrets.encryptionKey,
    tokenPepper: config.handedOn['TOKEN_PEPPER'] ?? secrets.tokenPepper,
    operator: { email: secrets.operatorEmail, password: secrets.operatorPassword },
    apiToken: secrets.apiToken,
    simulatedRouters,
    log,
  });
  return { detail: `operator ${secrets.operatorEmail}, routers to try: ${simulatedRouters.length}`, value: undefined };
}

async function runService(context: CliContext, { change }: ProcessPlan): Promise<StepResult<void>> {
  if (!change) return { detail: 'running, nothing has changed', value: undefined };
  await reloadProcesses(context, ['radius-auth', 'radius-acct', 'worker', 'api']);
  return { detail: 'RADIUS, worker, API', value: undefined };
}

async function waitForService(
  { config, pm2 }: CliContext,
  { secrets, ports }: Foundation,
  env: ProcessesEnv,
): Promise<OpsTarget[]> {
  return waitUntilReady({
    pm2,
    baseUrl: baseUrlOf(config.host, ports.api),
    metricsToken: config.handedOn['METRICS_TOKEN'] ?? secrets.metricsToken,
    expected: expectedProcesses(env),
    timeoutMs: READY_TIMEOUT_MS,
  });
}
