import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { anyFreePort } from '@turnpike/stores/ports.js';
import { type RunningPostgres, startPostgres, stopPostgres } from '@turnpike/stores/postgres.js';
import pg from 'pg';
import { deployMigrations } from './migrate-deploy.js';
import { writeMigration } from './migration-files.js';
import { pendingChanges } from './schema-engine.js';

const SCHEMA = `generator client {
  provider = "prisma-client"
  output   = "../generated"
}
datasource db {
  provider = "postgresql"
}
model Site {
  id   String @id @db.Uuid
  name String @unique
}
`;
const NOW = new Date('2026-01-02T03:04:05.678Z');

describe('migrations', () => {
  let base: string;
  let dir: string;
  let server: RunningPostgres;
  let databases = 0;

  beforeAll(async () => {
    base = await mkdtemp(path.join(tmpdir(), 'turnpike-migrate-'));
    await chmod(base, 0o755);
    server = await startPostgres({
      dir: path.join(base, 'pg'),
      port: await anyFreePort(),
      password: 'pw',
      ephemeral: true,
    });
  });
  afterAll(async () => {
    await stopPostgres({ dir: path.join(base, 'pg'), remove: true });
    await rm(base, { recursive: true, force: true });
  });
  beforeEach(async () => {
    dir = await mkdtemp(path.join(base, 'migrations-'));
  });

  async function add(name: string, sql: string): Promise<void> {
    await mkdir(path.join(dir, name), { recursive: true });
    await writeFile(path.join(dir, name, 'migration.sql'), sql);
  }

  async function ask(url: string, sql: string): Promise<unknown[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      const result = await client.query({ text: sql, rowMode: 'array' });
      return result.rows.flat() as unknown[];
    } finally {
      await client.end();
    }
  }

  async function emptyDatabase(): Promise<string> {
    databases += 1;
    await ask(server.url, `CREATE DATABASE test_${databases}`);
    return server.url.replace(/\/turnpike$/, `/test_${databases}`);
  }

  const FUNCTION_WITH_SEMICOLONS = `CREATE FUNCTION two() RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; RETURN 2; END $$;`;

  test('applies each migration once, in the order of their names', async () => {
    const url = await emptyDatabase();
    await add('20260102000000_second', 'ALTER TABLE site ADD COLUMN name text;');
    await add('20260101000000_first', `CREATE TABLE site (id int); ${FUNCTION_WITH_SEMICOLONS}`);
    const first = await deployMigrations({ url, dir });
    expect(first).toEqual({ applied: ['20260101000000_first', '20260102000000_second'], total: 2 });
    expect(await deployMigrations({ url, dir })).toEqual({ applied: [], total: 2 });
    expect(await ask(url, 'SELECT two()')).toEqual([2]);
  });

  test('three deployments at once apply every migration exactly once', async () => {
    const url = await emptyDatabase();
    await add('20260101000000_first', 'CREATE TABLE site (id int); SELECT pg_sleep(0.1);');
    await add('20260102000000_second', 'INSERT INTO site VALUES (1);');
    const results = await Promise.all([1, 2, 3].map(() => deployMigrations({ url, dir })));
    expect(results.map(({ applied }) => applied.length).sort()).toEqual([0, 0, 2]);
    expect(await ask(url, 'SELECT count(*)::int FROM site')).toEqual([1]);
    expect(await ask(url, 'SELECT count(*)::int FROM _prisma_migrations')).toEqual([2]);
  });

  test('D16: a failing migration leaves nothing of itself, is recorded with its reason, and runs once it is mended', async () => {
    const url = await emptyDatabase();
    await add('20260101000000_first', 'CREATE TABLE site (id int);');
    await add('20260102000000_broken', 'CREATE TABLE half (id int); INSERT INTO nowhere VALUES (1);');
    await expect(deployMigrations({ url, dir })).rejects.toThrow(
      /20260102000000_broken failed.*"nowhere" does not exist/s,
    );
    expect(await ask(url, `SELECT to_regclass('half'), to_regclass('site')::text`)).toEqual([null, 'site']);
    const logs = await ask(url, 'SELECT logs FROM _prisma_migrations WHERE finished_at IS NULL');
    expect(logs).toEqual([expect.stringContaining('nowhere')]);
    await expect(deployMigrations({ url, dir })).rejects.toThrow(/20260102000000_broken/);
    await add('20260102000000_broken', 'CREATE TABLE half (id int);');
    expect((await deployMigrations({ url, dir })).applied).toEqual(['20260102000000_broken']);
  });

  test('refuses a migration that was edited after it was applied, and one that ends the transaction itself', async () => {
    const url = await emptyDatabase();
    await add('20260101000000_first', 'CREATE TABLE site (id int);');
    await deployMigrations({ url, dir });
    await add('20260101000000_first', 'CREATE TABLE site (id bigint);');
    await expect(deployMigrations({ url, dir })).rejects.toMatchObject({ code: 'conflict', message: /edited/ });
    await add('20260101000000_first', 'CREATE TABLE site (id int);');
    await add('20260102000000_own', 'CREATE TABLE a (id int);\nCOMMIT;\n');
    await expect(deployMigrations({ url, dir })).rejects.toThrow(/leave that to the runner/);
    expect(await ask(url, `SELECT to_regclass('a')`)).toEqual([null]);
  });

  test('writes the SQL that is missing between the migrations and the schema, after which nothing is', async () => {
    const schemaFile = path.join(dir, 'schema.prisma');
    const migrationsDir = path.join(dir, 'migrations');
    await mkdir(migrationsDir);
    await writeFile(schemaFile, SCHEMA);
    const options = { url: server.url, schemaFile, migrationsDir };
    const sql = await pendingChanges(options);
    expect(sql).toMatch(/CREATE TABLE "Site"/);
    const extra = `${FUNCTION_WITH_SEMICOLONS}\nCREATE UNIQUE INDEX one ON "Site" (name) WHERE name <> 'a;b';`;
    expect(await writeMigration(migrationsDir, 'init', `${sql ?? ''}\n${extra}\n`, NOW)).toBe('20260102030405_init');
    expect(await pendingChanges(options)).toBeUndefined();
    await writeFile(schemaFile, SCHEMA.replace('name String', 'city String?\n  name String'));
    expect(await pendingChanges(options)).toMatch(/ALTER TABLE "Site" ADD COLUMN\s+"city" TEXT/);
    expect(await ask(server.url, `SELECT count(*)::int FROM pg_database WHERE datname LIKE '%shadow%'`)).toEqual([0]);
  });

  test('names the migration script that does not run when it compares with the schema', async () => {
    const schemaFile = path.join(dir, 'schema.prisma');
    await writeFile(schemaFile, SCHEMA);
    const migrationsDir = path.join(dir, 'migrations');
    await mkdir(path.join(migrationsDir, '20260101000000_bad'), { recursive: true });
    await writeFile(path.join(migrationsDir, '20260101000000_bad', 'migration.sql'), 'CREATE TABEL x ();');
    await expect(pendingChanges({ url: server.url, schemaFile, migrationsDir })).rejects.toThrow(/syntax error.*TABEL/);
  });

  test('refuses a migration name that is not one', async () => {
    await expect(writeMigration(dir, '../x', '', NOW)).rejects.toMatchObject({ code: 'validation_failed' });
    expect(await readdir(dir)).toEqual([]);
  });
});
