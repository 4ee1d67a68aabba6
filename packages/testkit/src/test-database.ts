import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { openDatabase, type Database } from '@turnpike/db/database.js';
import { testSetting } from './test-environment.js';

export interface TestDatabase {
  readonly database: Database;
  readonly url: string;
  /** Closes the pool and removes the database. */
  drop(): Promise<void>;
}

const TEMPLATE_IN_USE = '55006';

/** A migrated, empty database of its own for one test file. */
export async function openTestDatabase(options: { maxConnections?: number } = {}): Promise<TestDatabase> {
  const adminUrl = testSetting('TEST_DATABASE_URL');
  const template = testSetting('TEST_TEMPLATE_DATABASE');
  const name = `turnpike_test_${randomBytes(6).toString('hex')}`;
  await createFrom(adminUrl, template, name);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const database = openDatabase({
    url: url.href,
    applicationName: 'turnpike-test',
    maxConnections: options.maxConnections ?? 5,
    // Tests ask for much at once on machines that do other things too.
    acquireTimeoutMs: 25_000,
    statementTimeoutMs: 25_000,
  });
  return {
    database,
    url: url.href,
    drop: async () => {
      await database.close();
      await asAdmin(adminUrl, `DROP DATABASE IF EXISTS ${quoted(name)} WITH (FORCE)`);
    },
  };
}

/** Copying waits for nobody: while another session looks at the template the server refuses, so it is asked again. */
async function createFrom(adminUrl: string, template: string, name: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await asAdmin(adminUrl, `CREATE DATABASE ${quoted(name)} TEMPLATE ${quoted(template)}`);
      return;
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || error.code !== TEMPLATE_IN_USE || attempt >= 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function asAdmin(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 20_000 });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
