import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { login } from '@turnpike/contracts/auth.js';
import { ensureFirstOperator } from '@turnpike/features/operators/first-operator.js';
import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { createApi, type Api } from './api.js';
import { startRedisPair, type RedisServer } from './redis-pair.js';
import { watchRedis, type RedisWatch } from './redis-watch.js';
import { startProcess, type SystemProcess, type SystemRole } from './system-process.js';
import { until } from './until.js';

/** All processes write their keys below it. */
export const KEY_PREFIX = 'turnpike:';

/** The whole of Turnpike as processes, on stores of its own. */
export interface System {
  readonly api: Api;
  /** `http://127.0.0.1:PORT` of the API process. */
  readonly origin: string;
  /** The first operator's. */
  readonly operator: { readonly email: string; readonly password: string };
  /** Without a token. */
  readonly stranger: Api;
  readonly database: TestDatabase;
  readonly durable: RedisServer;
  readonly cache: RedisServer;
  readonly watches: readonly RedisWatch[];
  readonly radius: { readonly host: string; readonly authPort: number; readonly acctPort: number };
  /** Texts that must be readable nowhere; tests add those that they learn. */
  readonly secrets: Set<string>;
  /** Every process ever started, ended ones too. */
  readonly processes: readonly SystemProcess[];
  /** The one worker and the one RADIUS process that are meant to run. */
  readonly current: Readonly<Record<'worker' | 'radius', SystemProcess>>;
  /** One more session of the operator. */
  signIn(): Promise<Api>;
  /** Every row of every table as text. */
  dumpDatabase(): Promise<string>;
  /** One more process, with changes to the environment; not waited for. */
  spawn(role: SystemRole, changes?: Readonly<Record<string, string>>): SystemProcess;
  /** Starts the successor of one that has ended; resolves when it is ready. */
  succeed(role: 'worker' | 'radius'): Promise<void>;
  /** Kills what still runs and removes the stores. */
  close(): Promise<void>;
}

/** A secret that no other text can be taken for. */
export function plantedSecret(name: string): string {
  return `canary-${name}-${randomBytes(9).toString('hex')}`;
}

const OPERATOR_EMAIL = 'owner@example.net';
const STARTING_MS = 20_000;
/** What a test allows for the start of a system, and of a router or two, on a busy machine. */
export const START_MS = 120_000;

/** `changes` to the environment of every process. */
export async function startSystem(changes: Readonly<Record<string, string>> = {}): Promise<System> {
  const [database, redis] = await Promise.all([openTestDatabase(), startRedisPair()]);
  const { durable, cache } = redis;
  const watches = await Promise.all([durable, cache].map(({ url }) => watchRedis(url, KEY_PREFIX)));
  const operatorPassword = plantedSecret('operator');
  await database.database.transact((tx) =>
    ensureFirstOperator(tx, { email: OPERATOR_EMAIL, password: operatorPassword, name: 'Owner' }),
  );
  const keys = { ENCRYPTION_KEYS: randomBytes(32).toString('hex'), TOKEN_PEPPER: plantedSecret('pepper') };
  const secrets = new Set([operatorPassword, ...Object.values(keys)]);
  const processes: SystemProcess[] = [];
  let env: Record<string, string> = {
    ...keys,
    DATABASE_URL: database.url,
    REDIS_DURABLE_URL: durable.url,
    REDIS_CACHE_URL: cache.url,
    HOST: '127.0.0.1',
    PORT: '0',
    RADIUS_HOST: '127.0.0.1',
    RADIUS_AUTH_PORT: '0',
    RADIUS_ACCT_PORT: '0',
    ROUTER_ALLOW_LOOPBACK: 'true',
    // The most that they ever write.
    LOG_LEVEL: 'trace',
    ...changes,
  };
  const spawn: System['spawn'] = (role, more = {}) => {
    const started = startProcess(role, { ...env, ...more });
    processes.push(started);
    return started;
  };
  const close = async (): Promise<void> => {
    await Promise.all(processes.map((each) => each.end('SIGKILL')));
    watches.forEach((watch) => watch.close());
    await Promise.all([database.drop(), redis.close()]);
  };

  try {
    const radiusProcess = spawn('radius');
    await radiusProcess.ready;
    const radius = { host: '127.0.0.1', ...(await portsOf(radiusProcess)) };
    env = { ...env, RADIUS_AUTH_PORT: String(radius.authPort), RADIUS_ACCT_PORT: String(radius.acctPort) };
    const apiProcess = spawn('api');
    const current = { radius: radiusProcess, worker: spawn('worker') };
    await Promise.all([apiProcess.ready, current.worker.ready]);
    const baseUrl = `http://127.0.0.1:${await apiPort(apiProcess)}/api/v1`;
    const stranger = createApi(baseUrl);
    const signIn = async (): Promise<Api> => {
      const { token } = await stranger.call(login, { body: { email: OPERATOR_EMAIL, password: operatorPassword } });
      secrets.add(token);
      return createApi(baseUrl, token);
    };
    return {
      origin: new URL(baseUrl).origin,
      operator: { email: OPERATOR_EMAIL, password: operatorPassword },
      api: await signIn(),
      signIn,
      dumpDatabase: () => dumpDatabase(database),
      stranger,
      database,
      durable,
      cache,
      watches,
      radius,
      secrets,
      processes,
      current,
      spawn,
      succeed: async (role) => {
        current[role] = spawn(role);
        await current[role].ready;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function portsOf(radius: SystemProcess): Promise<{ authPort: number; acctPort: number }> {
  const entry = await until('the RADIUS ports being told', STARTING_MS, () => radius.logged('RADIUS is served'));
  return { authPort: Number(entry['authPort']), acctPort: Number(entry['acctPort']) };
}

async function apiPort(api: SystemProcess): Promise<number> {
  const entry = await until("the API's port being told", STARTING_MS, () => api.logged('the API is served'));
  return Number(entry['port']);
}

async function dumpDatabase({ url }: TestDatabase): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const tables = await client.query<{ name: string }>(
      "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'",
    );
    const texts: string[] = [];
    for (const { name } of tables.rows) {
      const { rows } = await client.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
      texts.push(...rows.map(({ row }) => row));
    }
    return texts.join('\n');
  } finally {
    await client.end();
  }
}
