import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { passwordOf, usernameOf, type Customers } from '../radius/customers.js';

const DATABASE = 'loadtest_freeradius';
const BATCH = 5_000;

/** A database of its own on the service's PostgreSQL, with the stock schema and its indexes, and every customer in `radcheck`. */
export async function withFreeradiusDatabase<Result>(
  options: { readonly postgresUrl: string; readonly schemaFile: string; readonly customers: Customers },
  work: (database: string) => Promise<Result>,
): Promise<Result> {
  await withClient(options.postgresUrl, async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${DATABASE}`);
  });
  try {
    await withClient(urlOf(options.postgresUrl), (client) => fill(client, options));
    return await work(DATABASE);
  } finally {
    await withClient(options.postgresUrl, async (client) => {
      await client.query(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`);
    });
  }
}

async function fill(
  client: pg.Client,
  { schemaFile, customers }: { readonly schemaFile: string; readonly customers: Customers },
): Promise<void> {
  await client.query(await readFile(schemaFile, 'utf8'));
  for (let from = 0; from < customers.count; from += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, customers.count - from) }, (_, index) => from + index);
    await client.query(
      `INSERT INTO radcheck (username, attribute, op, value)
       SELECT name, 'Cleartext-Password', ':=', password FROM unnest($1::text[], $2::text[]) AS one (name, password)`,
      [numbers.map((number) => usernameOf(customers, number)), numbers.map((number) => passwordOf(customers, number))],
    );
  }
  await client.query('VACUUM ANALYZE');
}

function urlOf(postgresUrl: string): string {
  const url = new URL(postgresUrl);
  url.pathname = `/${DATABASE}`;
  return url.toString();
}

async function withClient<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
