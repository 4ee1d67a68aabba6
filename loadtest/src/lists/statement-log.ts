import { open } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';

/** What PostgreSQL did for something, in its own words: free of what else the machine does, but for the milliseconds. */
export interface ServerWork {
  readonly statements: number;
  readonly ms: number;
  /** Pages of 8 KiB that were looked at, in memory or not. */
  readonly pages: number;
  /** Statement and plan of the one that took longest. */
  readonly slowest: string;
  /** Each statement with its plan. */
  readonly texts: readonly string[];
}

export interface StatementLog {
  /** What was logged while `work` ran; nothing else may be asked meanwhile. */
  during(work: () => Promise<unknown>): Promise<ServerWork>;
  close(): Promise<void>;
}

/** Every statement with its plan (auto_explain), for sessions that begin from now on: those there are end. */
const ON = [
  "LOAD 'auto_explain'",
  "ALTER SYSTEM SET session_preload_libraries = 'auto_explain'",
  'ALTER SYSTEM SET auto_explain.log_min_duration = 0',
  'ALTER SYSTEM SET auto_explain.log_analyze = on',
  'ALTER SYSTEM SET auto_explain.log_buffers = on',
  'ALTER SYSTEM SET auto_explain.log_timing = off',
  // Who asked: the worker and its sweeps go on meanwhile.
  `ALTER SYSTEM SET log_line_prefix = '%m [%p] %a '`,
];
const OFF = [
  'session_preload_libraries',
  'auto_explain.log_min_duration',
  'auto_explain.log_analyze',
  'auto_explain.log_buffers',
  'auto_explain.log_timing',
  'log_line_prefix',
].map((name) => `ALTER SYSTEM RESET ${name}`);
const NEW_SESSIONS = [
  'SELECT pg_reload_conf()',
  `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
   WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'`,
];

/** Only for an instance of our own: it changes settings of the server and reads its log. */
export async function openStatementLog(url: string): Promise<StatementLog> {
  const client = new pg.Client({ connectionString: url, application_name: 'turnpike-loadtest' });
  client.on('error', () => undefined);
  await client.connect();
  const { rows }: { rows: { dir: string }[] } = await client.query(`SELECT current_setting('data_directory') AS dir`);
  const log = path.join(rows[0]?.dir ?? '', 'server.log');
  for (const statement of [...ON, ...NEW_SESSIONS]) await client.query(statement);
  return {
    during: async (work) => {
      const from = await sizeOf(log);
      await work();
      return workIn(await readFrom(log, from));
    },
    close: async () => {
      for (const statement of [...OFF, ...NEW_SESSIONS]) await client.query(statement);
      await client.end();
    },
  };
}

async function sizeOf(file: string): Promise<number> {
  const handle = await open(file);
  try {
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}

async function readFrom(file: string, position: number): Promise<string> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const buffer = Buffer.alloc(size - position);
    await handle.read(buffer, 0, buffer.length, position);
    return buffer.toString('utf8');
  } finally {
    await handle.close();
  }
}

/** What the API asked. Entries begin with a time; the lines of a plan are indented. */
export function workIn(text: string): ServerWork {
  const found = text.split(/\n(?=\d{4}-\d\d-\d\d )/).flatMap((entry) => {
    const ms = /\] turnpike-api\S* LOG: {2}duration: ([\d.]+) ms {2}plan:/.exec(entry)?.[1];
    return ms === undefined ? [] : [{ ms: Number(ms), pages: pagesOf(entry), entry }];
  });
  const slowest = found.toSorted((one, two) => two.ms - one.ms)[0];
  return {
    texts: found.map(({ entry }) => entry),
    statements: found.length,
    ms: found.reduce((sum, { ms }) => sum + ms, 0),
    pages: found.reduce((sum, { pages }) => sum + pages, 0),
    slowest: slowest?.entry.replace(/^.*?duration: /s, 'duration: ') ?? '',
  };
}

/** The first line about buffers is of the whole plan; what planning looked at comes last and is not counted. */
function pagesOf(entry: string): number {
  const line = /Buffers: shared([^\n]*)/.exec(entry)?.[1] ?? '';
  const of = (what: string): number => Number(new RegExp(`${what}=(\\d+)`).exec(line)?.[1] ?? 0);
  return of('hit') + of('read');
}
