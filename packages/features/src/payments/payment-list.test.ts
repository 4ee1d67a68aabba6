import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { listPaymentRows } from './payment.store.js';

let opened: TestDatabase;
const DAY_MS = 86_400_000;
const at = (day: number): Date => new Date(Date.UTC(2026, 0, 1) + day * DAY_MS);

beforeAll(async () => {
  opened = await openTestDatabase();
  // Two at each moment, entered in another order than that of their times.
  const days = [5, 1, 9, 3, 7, 2, 8, 4, 6, 0];
  await opened.database.db.payment.createMany({
    data: days.flatMap((day) =>
      ['a', 'b'].map((name) => ({
        reference: `${day}${name}`,
        provider: 'cash',
        state: day % 3 === 0 ? ('failed' as const) : ('succeeded' as const),
        purpose: 'package',
        amountMinor: 1n,
        currency: 'KES',
        createdBy: 'x',
        createdAt: at(day),
      })),
    ),
  });
});

afterAll(() => opened.drop());

/** All pages of three. */
async function pagesOf(filter: Omit<Parameters<typeof listPaymentRows>[1], 'limit'>): Promise<string[]> {
  const found: string[] = [];
  let after: string | undefined;
  for (;;) {
    const rows = await listPaymentRows(opened.database.db, { ...filter, after, limit: 3 });
    const page = rows.slice(0, 3);
    found.push(...page.map(({ reference }) => reference));
    if (rows.length <= 3) return found;
    after = page.at(-1)?.id;
  }
}

test('payments of some days come newest first, each once, however many are of the same moment', async () => {
  const found = await pagesOf({ from: at(2), to: at(7) });
  expect(found.map((reference) => reference.slice(0, 1)).join('')).toBe('6655443322');
  expect(new Set(found).size).toBe(10);
});

test('the other filters hold within the days, and one end of them may be open', async () => {
  expect((await pagesOf({ from: at(2), to: at(7), state: 'failed' })).sort()).toEqual(['3a', '3b', '6a', '6b']);
  expect((await pagesOf({ to: at(2) })).sort()).toEqual(['0a', '0b', '1a', '1b']);
  expect((await pagesOf({ from: at(8) })).sort()).toEqual(['8a', '8b', '9a', '9b']);
});

test('a page after a payment that is not there is empty', async () => {
  const after = '01980000-0000-7000-8000-000000000000';
  expect(await listPaymentRows(opened.database.db, { from: at(0), after, limit: 3 })).toEqual([]);
});
