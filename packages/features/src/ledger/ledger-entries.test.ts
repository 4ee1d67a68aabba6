import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { enterMove } from './ledger.js';
import { listEntryRows, type EntryFilter } from './ledger-reads.store.js';

let postgres: TestDatabase;
const accountIds = new Map<string, string>();

beforeAll(async () => {
  postgres = await openTestDatabase();
  const { db, transact } = postgres.database;
  for (let number = 0; number < 12; number += 1) {
    const owner = number % 3 === 0 ? 'amina' : 'brian';
    await transact((tx) =>
      enterMove(tx, {
        key: `move-${number}`,
        kind: number % 2 === 0 ? 'top_up' : 'sale',
        description: String(number),
        currency: 'KES',
        createdBy: 'operator-1',
        postings: [
          { account: { kind: 'provider', owner: 'cash' }, amountMinor: -1n },
          { account: { kind: 'customer_wallet', owner }, amountMinor: 1n },
        ],
      }),
    );
  }
  for (const { id, owner } of await db.ledgerAccount.findMany()) accountIds.set(owner, id);
});

afterAll(() => postgres.drop());

/** All pages of two, by what the entries say. */
async function pagesOf(filter: Omit<EntryFilter, 'limit'>): Promise<string[]> {
  const found: string[] = [];
  let after: string | undefined;
  for (;;) {
    const rows = await listEntryRows(postgres.database.db, { ...filter, after, limit: 2 });
    const page = rows.slice(0, 2);
    found.push(...page.map(({ description }) => description));
    if (rows.length <= 2) return found;
    after = page.at(-1)?.id;
  }
}

test('the entries of an account come newest first, each once, on whatever page', async () => {
  expect(await pagesOf({ accountId: accountIds.get('amina') })).toEqual(['9', '6', '3', '0']);
  expect(await pagesOf({ accountId: accountIds.get('cash'), kind: 'sale' })).toEqual(['11', '9', '7', '5', '3', '1']);
});

test('so do those of some time, with the other filters', async () => {
  const from = new Date(Date.now() - 60_000);
  const to = new Date(Date.now() + 60_000);
  expect(await pagesOf({ from, to })).toEqual(['11', '10', '9', '8', '7', '6', '5', '4', '3', '2', '1', '0']);
  expect(await pagesOf({ from, accountId: accountIds.get('amina') })).toEqual(['9', '6', '3', '0']);
  expect(await pagesOf({ to, kind: 'top_up', accountId: accountIds.get('amina') })).toEqual(['6', '0']);
  expect(await pagesOf({ to: from })).toEqual([]);
});
