// Runs before the processes, at every start: applies the migrations, and makes the first operator of an empty database.
// Two at once wait for each other (advisory lock); a second run changes nothing.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '@turnpike/db/database.js';
import { deployMigrations } from '@turnpike/db/migrate/migrate-deploy.js';
import { ensureFirstOperator } from '@turnpike/features/operators/first-operator.js';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

function required(name) {
  const value = process.env[name];
  if (value !== undefined && value !== '') return value;
  throw new Error(`${name} is not set: it is in the file that deploy/make-secrets.sh writes`);
}

async function migrate(url) {
  const dir = path.join(root, 'prisma', 'migrations');
  const { applied, total } = await deployMigrations({ url, dir, log: (line) => process.stdout.write(`${line}\n`) });
  process.stdout.write(`migrations: ${applied.length} applied now, ${total} in all\n`);
}

async function firstOperator(url) {
  const email = process.env.FIRST_OPERATOR_EMAIL;
  const password = process.env.FIRST_OPERATOR_PASSWORD;
  if (!email || !password) {
    process.stdout.write('operators: FIRST_OPERATOR_EMAIL and FIRST_OPERATOR_PASSWORD are not set, nobody was added\n');
    return;
  }
  const database = openDatabase({ url, applicationName: 'turnpike-first-start', maxConnections: 1 });
  try {
    const { created } = await database.transact((tx) =>
      ensureFirstOperator(tx, { email, password, name: 'First operator' }),
    );
    process.stdout.write(
      created ? `operators: ${email} may sign in as owner\n` : 'operators: there are some already\n',
    );
  } finally {
    await database.close();
  }
}

try {
  const url = required('DATABASE_URL');
  await migrate(url);
  await firstOperator(url);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
