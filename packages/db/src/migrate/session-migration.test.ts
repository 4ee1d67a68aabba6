import path from 'node:path';
import pg from 'pg';
import { accessRows } from '@turnpike/testkit/access-rows.js';
import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { readMigrations } from './migration-files.js';

const MIGRATIONS = path.resolve(import.meta.dirname, '../../../../prisma/migrations');

let store: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  store = await openTestDatabase();
  client = new pg.Client({ connectionString: store.url });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await store.drop();
});

async function migrate(name: string): Promise<void> {
  const found = (await readMigrations(MIGRATIONS)).find((migration) => migration.name.endsWith(name));
  if (found === undefined) throw new Error(`there is no migration ${name}`);
  await client.query('BEGIN');
  await client.query(found.sql);
  await client.query('COMMIT');
}

test('an upgrade writes its service into every session that runs, and leaves those that are over as they are', async () => {
  const { db } = store.database;
  const rows = accessRows(db);
  const routerId = await rows.router('127.0.88.9', 'secret');
  const customerId = await rows.customer('upgraded', 'password');
  const entitlementId = await rows.entitlement(customerId, { type: 'pppoe' });
  await client.query('ALTER TABLE session DROP COLUMN service');
  for (const [key, state, of] of [
    ['a', 'open', entitlementId],
    ['b', 'closing', entitlementId],
    ['c', 'stale', entitlementId],
    ['d', 'closed', entitlementId],
    ['e', 'open', null],
  ]) {
    await client.query(
      `INSERT INTO session (id, key, acct_session_id, router_id, entitlement_id, username, state, started_at, last_seen_at)
       VALUES (gen_random_uuid(), $1, $1, $2, $3, 'upgraded', $4::"SessionState", now(), now())`,
      [key, routerId, of, state],
    );
  }
  await migrate('_session_service');
  await migrate('_running_services');
  const sessions = await db.session.findMany({ orderBy: { key: 'asc' }, select: { service: true } });
  expect(sessions.map(({ service }) => service)).toEqual(['pppoe', 'pppoe', 'pppoe', null, null]);
});
