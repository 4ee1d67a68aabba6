import pg from 'pg';

/** Runs `work` with a connection of its own to the service's database; only to read what it keeps. */
export async function withLedger<Result>(url: string, work: (ledger: pg.Client) => Promise<Result>): Promise<Result> {
  const ledger = new pg.Client({ connectionString: url, application_name: 'turnpike-loadtest' });
  // A server that is killed on purpose must not take us along: the query under way rejects all the same.
  ledger.on('error', () => undefined);
  await ledger.connect();
  try {
    return await work(ledger);
  } finally {
    await ledger.end().catch(() => undefined);
  }
}
