import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { environmentOf, type Freeradius } from './get.js';

export interface FreeradiusOptions {
  readonly freeradius: Freeradius;
  /** Made if it is missing; the configuration and log go there. */
  readonly directory: string;
  /** Secret of the one client. */
  readonly secret: string;
  /** Network of the client; default 127.0.0.0/8. */
  readonly clients?: string;
  /** Bodies of module definitions, for example `sqlModule(...)`. `always ok` is there already. */
  readonly modules?: readonly string[];
  /** Sections of the virtual server: authorize, authenticate, accounting, ... Default: everybody is accepted. */
  readonly site?: string;
  /** Worker threads; 0 works on one packet after the other in the order they came. Default 4. */
  readonly threads?: number;
  /** Seconds a reply is kept for copies of its request. Default 5, as shipped. */
  readonly cleanupDelaySeconds?: number;
}

export interface RunningFreeradius {
  readonly host: string;
  readonly authPort: number;
  readonly acctPort: number;
  readonly pid: number;
  /** What it printed last, for an error message. */
  lastLines(): string;
  stop(): Promise<void>;
}

/** Accepts whatever the protocol allows, without looking at users. */
export const ACCEPT_ALL_SITE = `
  authorize {
    update control {
      Auth-Type := Accept
    }
  }
  accounting {
    ok
  }
`;

export interface SqlModuleOptions {
  readonly freeradius: Freeradius;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly connections: number;
}

/** The `sql` module with the stock PostgreSQL queries; tables come from `freeradius.postgresSchema`. */
export function sqlModule(options: SqlModuleOptions): string {
  const { freeradius, connections } = options;
  const queries = path.join(freeradius.raddb, 'mods-config/sql/main/postgresql/queries.conf');
  const pool = {
    start: connections,
    min: connections,
    max: connections,
    spare: 0,
    uses: 0,
    lifetime: 0,
    idle_timeout: 0,
  };
  const settings = {
    dialect: '"postgresql"',
    driver: '"rlm_sql_postgresql"',
    server: `"${options.host}"`,
    port: options.port,
    login: `"${options.user}"`,
    password: `"${options.password}"`,
    radius_db: `"${options.database}"`,
    acct_table1: '"radacct"',
    acct_table2: '"radacct"',
    postauth_table: '"radpostauth"',
    authcheck_table: '"radcheck"',
    groupcheck_table: '"radgroupcheck"',
    authreply_table: '"radreply"',
    groupreply_table: '"radgroupreply"',
    usergroup_table: '"radusergroup"',
    delete_stale_sessions: 'yes',
    read_clients: 'no',
    client_table: '"nas"',
    group_attribute: '"SQL-Group"',
  };
  return section('sql', settings, section('pool', pool), `$INCLUDE ${queries}`);
}

/** The stock site reduced to what a hotspot uses: look-up in SQL, PAP, CHAP and MS-CHAP, accounting into SQL. */
export const SQL_SITE = `
  authorize {
    chap
    mschap
    sql
    pap
  }
  authenticate {
    Auth-Type PAP {
      pap
    }
    Auth-Type CHAP {
      chap
    }
    Auth-Type MS-CHAP {
      mschap
    }
  }
  preacct {
    acct_unique
  }
  accounting {
    sql
  }
`;

/** Modules `SQL_SITE` needs beside `sqlModule`. */
export const SQL_SITE_MODULES: readonly string[] = ['expr {\n}', 'pap {\n}', 'chap {\n}', 'mschap {\n}'];

const READY_MS = 20_000;
const STOP_MS = 5_000;
const KEPT_LINES = 40;

/** Runs FreeRADIUS on free ports of 127.0.0.1 and waits until it answers. Rejects with what it printed when it ends. */
export async function startFreeradius(options: FreeradiusOptions): Promise<RunningFreeradius> {
  const { freeradius, directory } = options;
  const host = '127.0.0.1';
  const [authPort, acctPort] = await Promise.all([freeUdpPort(host), freeUdpPort(host)]);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const text = configuration(options, { host, authPort, acctPort });
  await writeFile(path.join(directory, 'radiusd.conf'), text, { mode: 0o600 });
  const mode = options.threads === 0 ? '-s' : '-f';
  const args = [mode, '-l', 'stdout', '-n', 'radiusd', '-d', directory, '-D', freeradius.dictionaryDir];
  const child = spawn(freeradius.binary, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environmentOf(freeradius.libraryPath),
  });
  const lines: string[] = [];
  const lastLines = (): string => lines.join('\n');
  await ready(child, lines);
  return { host, authPort, acctPort, pid: child.pid ?? 0, lastLines, stop: () => stop(child) };
}

function ready(child: ChildProcess, lines: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new Error(`freeradius ${why}:\n${lines.join('\n')}`));
    };
    const timer = setTimeout(() => fail(`was not ready after ${READY_MS / 1000} s`), READY_MS);
    child.once('error', (error) => fail(`could not be run (${error.message})`));
    child.once('exit', (code) => fail(`ended with status ${code}`));
    const listen = (line: string): void => {
      lines.push(line);
      if (lines.length > KEPT_LINES) lines.shift();
      if (!line.includes('Ready to process requests')) return;
      clearTimeout(timer);
      resolve();
    };
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', listen);
    }
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await gone;
  clearTimeout(timer);
}

/** A UDP port nobody has now; FreeRADIUS cannot be asked to choose one. */
async function freeUdpPort(host: string): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, host);
  await once(socket, 'listening');
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(resolve));
  return port;
}

/** One setting a line, as its parser wants it. */
function section(name: string, settings: Readonly<Record<string, string | number>>, ...inner: string[]): string {
  const lines = Object.entries(settings).map(([key, value]) => `${key} = ${value}`);
  return [`${name} {`, ...lines, ...inner, '}'].join('\n');
}

function configuration(options: FreeradiusOptions, at: { host: string; authPort: number; acctPort: number }): string {
  const { freeradius, directory, threads = 4, modules = [] } = options;
  const top = {
    prefix: '/usr',
    name: 'radiusd',
    confdir: directory,
    modconfdir: path.join(freeradius.raddb, 'mods-config'),
    logdir: directory,
    run_dir: directory,
    libdir: freeradius.libDir,
    max_request_time: 30,
    cleanup_delay: options.cleanupDelaySeconds ?? 5,
    max_requests: 65_536,
    hostname_lookups: 'no',
    proxy_requests: 'no',
  };
  const pool = { start_servers: threads, max_servers: threads, min_spare_servers: threads, max_spare_servers: threads };
  const client = {
    ipaddr: options.clients ?? '127.0.0.0/8',
    secret: `"${options.secret}"`,
    require_message_authenticator: 'no',
  };
  const unlimited = section('limit', { max_connections: 0, lifetime: 0, idle_timeout: 0 });
  const listen = (type: string, port: number): string => section('listen', { type, ipaddr: at.host, port }, unlimited);
  return [
    ...Object.entries(top).map(([key, value]) => `${key} = ${value}`),
    section('log', { destination: 'stdout', stripped_names: 'no', auth: 'no' }),
    section('security', { allow_core_dumps: 'no', max_attributes: 200, reject_delay: 0, status_server: 'yes' }),
    threads === 0 ? '' : section('thread pool', { ...pool, max_requests_per_server: 0, auto_limit_acct: 'no' }),
    section('client everybody', client, unlimited),
    section('modules', {}, 'always ok {\nrcode = ok\n}', ...modules),
    section('instantiate', {}, modules.some((module) => module.startsWith('expr')) ? 'expr' : ''),
    section('policy', {}, `$INCLUDE ${path.join(freeradius.raddb, 'policy.d/accounting')}`),
    section(
      'server default',
      {},
      listen('auth', at.authPort),
      listen('acct', at.acctPort),
      options.site ?? ACCEPT_ALL_SITE,
    ),
    '',
  ].join('\n');
}
