import path from 'node:path';
import pg from 'pg';
import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { readMigrations } from './migration-files.js';

const MIGRATIONS = path.resolve(import.meta.dirname, '../../../../prisma/migrations');
const ROLE = 'turnpike_test_plain_role';

let store: TestDatabase;
let client: pg.Client;
let sql: string;

beforeAll(async () => {
  store = await openTestDatabase();
  client = new pg.Client({ connectionString: store.url });
  await client.connect();
  sql = (await readMigrations(MIGRATIONS)).find(({ name }) => name.endsWith('_customer_search'))?.sql ?? '';
});

afterAll(async () => {
  await client.end();
  await store.drop();
});

// The role is of the whole server, and goes with the transaction that made it.
beforeEach(async () => {
  await client.query('BEGIN');
  await client.query(`DROP INDEX customer_email; DROP EXTENSION pg_trgm CASCADE; CREATE ROLE ${ROLE};
    ALTER TABLE customer OWNER TO ${ROLE}; GRANT USAGE, CREATE ON SCHEMA public TO ${ROLE}`);
});

afterEach(async () => {
  await client.query('ROLLBACK');
});

async function indexes(): Promise<unknown[]> {
  const found = await client.query<{ indexname: string }>(
    `SELECT indexname FROM pg_indexes WHERE tablename = 'customer' AND indexname ~ 'part|email' ORDER BY 1`,
  );
  return found.rows.map(({ indexname }) => indexname);
}

const ALL = ['customer_email', 'customer_msisdn_part', 'customer_username_part'];

describe('the indexes that customers are searched by', () => {
  test('are made by whoever may make something in the database, without a superuser', async () => {
    const [database] = (await client.query<{ name: string }>('SELECT current_database() AS name')).rows;
    await client.query(`GRANT CREATE ON DATABASE ${database?.name ?? ''} TO ${ROLE}; SET LOCAL ROLE ${ROLE}`);
    await client.query(sql);
    expect(await indexes()).toEqual(ALL);
  });

  test('on a server that refuses the extension are left out, and the migration goes through and says so', async () => {
    const notices: string[] = [];
    client.once('notice', ({ message }) => notices.push(message ?? ''));
    await client.query(`SET LOCAL ROLE ${ROLE}`);
    await client.query(sql);
    expect(await indexes()).toEqual(['customer_email']);
    expect(notices).toEqual([expect.stringContaining('pg_trgm is not to be had here (permission denied')]);
  });

  test('find the extension wherever a hoster has put it', async () => {
    await client.query('CREATE SCHEMA elsewhere; CREATE EXTENSION pg_trgm SCHEMA elsewhere');
    await client.query(`GRANT USAGE ON SCHEMA elsewhere TO ${ROLE}; SET LOCAL ROLE ${ROLE}`);
    await client.query(sql);
    expect(await indexes()).toEqual(ALL);
  });
});
