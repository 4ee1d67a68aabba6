import path from 'node:path';
import { AppError } from '@turnpike/core/app-error.js';
import { deployMigrations } from '@turnpike/db/migrate/migrate-deploy.js';
import { writeMigration } from '@turnpike/db/migrate/migration-files.js';
import type { CliContext } from './cli-context.js';
import { readInstance } from './instance-file.js';
import { withTemporaryStores } from './temporary-stores.js';

function prismaFiles({ config }: CliContext) {
  const dir = path.join(config.root, 'prisma');
  return { schemaFile: path.join(dir, 'schema.prisma'), migrationsDir: path.join(dir, 'migrations') };
}

async function missingSql(context: CliContext): Promise<string | undefined> {
  // The engine is a tool for developers: a production installation does not have it, and no other command loads it.
  const { pendingChanges } = await import('@turnpike/db/migrate/schema-engine.js');
  return withTemporaryStores(context, { redis: false }, ({ postgresUrl }) => {
    return pendingChanges({ url: postgresUrl, ...prismaFiles(context) });
  });
}

/** Applies the migrations to DATABASE_URL, or to the running embedded server. */
export async function dbDeploy(context: CliContext): Promise<void> {
  const { config, layout, write } = context;
  const url = config.databaseUrl ?? (await readInstance(layout.instance))?.postgresUrl;
  if (url === undefined)
    throw new AppError('unavailable', 'set DATABASE_URL, or run `npm start`, which migrates as well');
  const { applied, total } = await deployMigrations({
    url,
    dir: prismaFiles(context).migrationsDir,
    log: (line) => write(`${line}\n`),
  });
  write(`${applied.length} applied now, ${total} in all\n`);
}

/** Writes a migration with what schema.prisma has and the migrations do not. */
export async function dbNew(context: CliContext, name: string): Promise<void> {
  const sql = await missingSql(context);
  if (sql === undefined) {
    context.write('the migrations say what schema.prisma says: nothing to write\n');
    return;
  }
  const directory = await writeMigration(prismaFiles(context).migrationsDir, name, sql, new Date());
  context.write(`prisma/migrations/${directory}/migration.sql\n`);
}

/** Whether the migrations lead to schema.prisma; prints the SQL that is missing. */
export async function dbCheck(context: CliContext): Promise<boolean> {
  const sql = await missingSql(context);
  if (sql === undefined) context.write('the migrations say what schema.prisma says\n');
  else context.write(`schema.prisma is ahead of the migrations; \`npm run db:new -- name\` would write:\n\n${sql}\n`);
  return sql === undefined;
}
