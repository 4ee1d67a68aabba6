import { stat } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '@turnpike/core/app-error.js';
import { findPostgres } from '@turnpike/stores/postgres.js';
import type { RedisRole } from '@turnpike/stores/redis-conf.js';
import { askRedis } from '@turnpike/stores/redis-wire.js';
import { findRedisProcess } from '@turnpike/stores/redis.js';
import pg from 'pg';
import type { CliContext } from './cli-context.js';
import { redisSettings } from './embedded-stores.js';
import { type Instance, readInstance } from './instance-file.js';
import { readJson } from './json-file.js';
import { type OpsTarget, readOpsTargets, whyNotReady } from './ops-registry.js';
import type { ManagedProcess } from './pm2.js';
import { expectedProcesses, processesEnvSchema } from './processes-env.js';
import { loadSecrets } from './secrets.js';
import { readPorts } from './settled-ports.js';

export interface StatusRow {
  readonly name: string;
  readonly healthy: boolean;
  /** Why it is not healthy. */
  readonly problem?: string;
  readonly pid?: number;
  readonly where?: string;
  readonly since?: string;
  readonly restarts?: number;
}

function row(
  name: string,
  problem: string | undefined,
  rest: Omit<StatusRow, 'name' | 'healthy' | 'problem'>,
): StatusRow {
  return { name, healthy: problem === undefined, ...(problem === undefined ? {} : { problem }), ...rest };
}

async function postgresRow({ config, layout }: CliContext, instance: Instance | undefined): Promise<StatusRow> {
  const found = await findPostgres(layout.postgres);
  const own = config.databaseUrl !== undefined;
  if (found === undefined && !own) return row('postgres', 'not running', {});
  const url = config.databaseUrl ?? instance?.postgresUrl;
  const problem = url === undefined ? undefined : await askPostgres(url);
  const where = url === undefined ? undefined : new URL(url).host;
  const details = { ...(found === undefined ? {} : { pid: found.pid, since: found.startedAt.toISOString() }) };
  return row('postgres', problem, { ...details, ...(where === undefined ? {} : { where }) });
}

async function askPostgres(url: string): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000, query_timeout: 2_000 });
  try {
    await client.connect();
    await client.query('SELECT 1');
    return undefined;
  } catch (error) {
    return messageOf(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function redisRow(context: CliContext, role: RedisRole): Promise<StatusRow> {
  const { config, layout } = context;
  const name = `redis ${role}`;
  const own = role === 'durable' ? config.redisDurableUrl : config.redisCacheUrl;
  if (own !== undefined) return row(name, undefined, { where: new URL(own).host });
  const secrets = await loadSecrets(layout.secrets);
  const { dir, port, password } = redisSettings(role, {
    layout,
    secrets,
    ports: (await readPorts(layout.ports)) ?? {},
  });
  const pid = await findRedisProcess(dir);
  if (pid === undefined) return row(name, 'not running', {});
  const [reply] = await askRedis({ port, password, command: ['PING'] }).catch((error: unknown) => [messageOf(error)]);
  const since = await stat(path.join(dir, 'redis.pid')).then(({ mtime }) => mtime.toISOString());
  return row(name, reply === '+PONG' ? undefined : reply, { pid, where: `127.0.0.1:${port}`, since });
}

/** The ops servers that may be this process's; one that was killed stays listed for a while beside its successor. */
function candidates(process: ManagedProcess, targets: readonly OpsTarget[]): OpsTarget[] {
  const number = String(process.instance);
  return targets.filter(({ role, instance }) => {
    return role === process.name && (instance === number || instance.endsWith(`-${number}`));
  });
}

async function askProcess(own: readonly OpsTarget[]): Promise<{ url?: string; problem?: string }> {
  const answers = await Promise.all(own.map(async ({ url }) => ({ url, problem: await whyNotReady(`${url}/readyz`) })));
  const good = answers.find(({ problem }) => problem === undefined);
  const { url, problem } = good ?? answers[0] ?? {};
  return { ...(url === undefined ? {} : { url }), ...(problem === undefined ? {} : { problem }) };
}

/** The simulator is no part of the product and has no ops server. */
const WITHOUT_OPS = 'simulator';

/** The services that stand in for M-Pesa and the SMS gateway answer on ports of their own. */
async function standInRows(instance: Instance | undefined): Promise<StatusRow[]> {
  const services = [
    ['M-Pesa stand-in', instance?.daraja],
    ['SMS stand-in', instance?.sms],
  ] as const;
  const rows = services.map(async ([name, service]) => {
    if (service?.controlUrl === undefined || service.url === null) return [];
    const problem = await whyNotReady(service.url);
    return [row(name, problem, { where: service.url })];
  });
  return (await Promise.all(rows)).flat();
}

async function processRow(process: ManagedProcess, targets: readonly OpsTarget[]): Promise<StatusRow> {
  const name = `${process.name} ${process.instance}`;
  const common = { restarts: process.restarts, ...(process.pid === undefined ? {} : { pid: process.pid }) };
  if (process.status !== 'online') return row(name, process.status, common);
  const { url, problem } = await askProcess(candidates(process, targets));
  const unlisted = url === undefined && process.name !== WITHOUT_OPS ? 'runs, but is not listed as ready' : undefined;
  return row(name, problem ?? unlisted, {
    ...common,
    ...(url === undefined ? {} : { where: url }),
    ...(process.since === undefined ? {} : { since: process.since.toISOString() }),
  });
}

async function processRows(context: CliContext, instance: Instance | undefined): Promise<StatusRow[]> {
  const { layout, pm2 } = context;
  const processes = await pm2.list();
  const { metricsToken } = await loadSecrets(layout.secrets);
  const base = instance === undefined ? undefined : new URL(instance.apiUrl).origin;
  const known = base === undefined ? [] : await readOpsTargets(base, metricsToken).catch(() => instance?.ops ?? []);
  const rows = processes.map((process) => processRow(process, known));
  const env = await readJson(layout.processesEnv, processesEnvSchema);
  const missing = [...(env === undefined ? [] : expectedProcesses(env).keys())].filter((name) => {
    return !processes.some((process) => process.name === name);
  });
  return [...(await Promise.all(rows)), ...missing.map((name) => row(name, 'not running', {}))];
}

/** One row for everything that belongs to this data directory; empty when nothing was ever started here. */
export async function collectStatus(context: CliContext): Promise<StatusRow[]> {
  if ((await readPorts(context.layout.ports)) === undefined) return [];
  const instance = await readInstance(context.layout.instance);
  const stores = [postgresRow(context, instance), redisRow(context, 'durable'), redisRow(context, 'cache')];
  const groups = [Promise.all(stores), processRows(context, instance), standInRows(instance)];
  return (await Promise.all(groups)).flat();
}
