import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import { AppError, messageOf } from '@turnpike/core/app-error.js';
import { readMigrations } from './migration-files.js';
import { migrationAdapterFactory } from './schema-engine-adapter.js';

/** What the engine needs to know which database the migrations are for, when there is none yet. */
const LOCKFILE = 'provider = "postgresql"\n';

/** Where the engine calls when it panics; the name is the engine's. */
const PANIC_REGISTRY = 'PRISMA_WASM_PANIC_REGISTRY';

/** The engine's glue code is one per process and cannot be given a second WebAssembly instance. */
let loading: Promise<void> | undefined;

/** The engine's package expects a bundler to load the WebAssembly; Node 20 does it by hand. */
async function instantiateEngine(): Promise<void> {
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const bytes = await readFile(path.join(path.dirname(entry), 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': bindings });
  const setWasm: unknown = Reflect.get(bindings, '__wbg_set_wasm');
  if (typeof setWasm !== 'function') throw new AppError('internal', 'this build of the schema engine is not known');
  Reflect.apply(setWasm, undefined, [instance.exports]);
  const start = instance.exports['__wbindgen_start'];
  if (typeof start === 'function') Reflect.apply(start, undefined, []);
}

async function migrationList(dir: string) {
  const files = await readMigrations(dir);
  const lockfile = await readFile(path.join(dir, 'migration_lock.toml'), 'utf8').catch(() => LOCKFILE);
  return {
    baseDir: dir,
    lockfile: { path: 'migration_lock.toml', content: lockfile },
    shadowDbInitScript: '',
    migrationDirectories: files.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: sql } },
    })),
  };
}

export interface PendingChangesOptions {
  /** A server where a shadow database may be made; its own databases are not touched. */
  readonly url: string;
  readonly schemaFile: string;
  readonly migrationsDir: string;
}

/**
 * The SQL that leads from the migrations to schema.prisma, or nothing when they say the same. Functions, triggers and
 * partial indexes are not in schema.prisma and do not count. Development only: the engine is a devDependency.
 */
export async function pendingChanges(options: PendingChangesOptions): Promise<string | undefined> {
  const failures: unknown[] = [];
  const report = (failure: unknown) => failures.push(failure);
  Reflect.set(globalThis, PANIC_REGISTRY, { set_message: report });
  loading ??= instantiateEngine();
  await loading;
  const factory = bindMigrationAwareSqlAdapterFactory(migrationAdapterFactory(options.url, report));
  const schema = { path: path.resolve(options.schemaFile), content: await readFile(options.schemaFile, 'utf8') };
  const engine = await bindings.SchemaEngine.new(
    { datamodels: [[schema.path, schema.content]] },
    () => undefined,
    factory,
  );
  try {
    const result = await engine.diff({
      from: { tag: 'migrations', ...(await migrationList(path.resolve(options.migrationsDir))) },
      to: { tag: 'schemaDatamodel', files: [schema] },
      script: true,
      exitCode: true,
      filters: { externalTables: [], externalEnums: [] },
    });
    return result.exitCode === 0 ? undefined : (result.stdout ?? '');
  } catch (cause) {
    const reason = failures[0] ?? cause;
    throw new AppError('conflict', `migrations and schema.prisma could not be compared: ${messageOf(reason)}`, {
      cause,
    });
  }
}
