import pg from 'pg';

/** A connection to the service's database; only to read what it keeps. */
export interface Ledger {
  query(sql: string, values: readonly unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}

/** Runs `work` with a connection of its own. */
export async function withLedger<Result>(url: string, work: (ledger: Ledger) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url, application_name: 'turnpike-loadtest' });
  // A server that is killed on purpose must not take us along: the query under way rejects all the same.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work({
      query: async (sql, values) => {
        const { rows }: { rows: unknown[] } = await client.query(sql, [...values]);
        return { rows };
      },
    });
  } finally {
    await client.end().catch(() => undefined);
  }
}
