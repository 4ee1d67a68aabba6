import { createMetrics } from '@turnpike/runtime/metrics.js';
import { createSteerableClock } from '@turnpike/testkit/steerable-clock.js';
import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { enterMove } from './ledger.js';
import { createLedgerCheck } from './ledger-check.js';

let postgres: TestDatabase;

beforeAll(async () => {
  postgres = await openTestDatabase();
});

afterAll(() => postgres.drop());

test('M10: counts accounts that do not add up and currencies out of balance, says which, and forgets an old number', async () => {
  const { db, transact } = postgres.database;
  const clock = createSteerableClock();
  const metrics = createMetrics({ role: 'test', instance: '0', processMetrics: false });
  const complaints: unknown[] = [];
  const logger = { error: (fields: unknown) => void complaints.push(fields) };
  const check = createLedgerCheck({ db, clock, logger, metrics });
  const shown = async () => {
    const metric = await metrics.registry.getSingleMetric('turnpike_worker_ledger_unbalanced')?.get();
    return metric?.values[0]?.value;
  };
  await transact((tx) =>
    enterMove(tx, {
      key: 'sale',
      kind: 'sale',
      description: 'for a test',
      currency: 'KES',
      createdBy: 'system',
      postings: [
        { account: { kind: 'provider', owner: 'cash' }, amountMinor: -500n },
        { account: { kind: 'sales' }, amountMinor: 500n },
      ],
    }),
  );
  expect(await shown()).toBeUndefined();
  await check();
  expect([await shown(), complaints]).toEqual([0, []]);
  const sales = await db.ledgerAccount.findFirstOrThrow({ where: { kind: 'sales' } });
  await db.ledgerAccount.update({ where: { id: sales.id }, data: { balanceMinor: 700n } });
  await check();
  expect([await shown(), complaints]).toEqual([2, [{ accounts: [sales.id], currencies: ['KES'] }]]);
  await db.ledgerAccount.update({ where: { id: sales.id }, data: { balanceMinor: 500n } });
  await check();
  expect(await shown()).toBe(0);
  clock.advance(7_200_001);
  expect(await shown()).toBeUndefined();
});
