import { openTestDatabase } from '@turnpike/testkit/test-database.js';
import { createStatementNames } from './statement-names.js';

const times = <Value>(count: number, work: (at: number) => Value): Value[] =>
  Array.from({ length: count }, (_, at) => work(at));

test('a statement gets a name of its own when it has been asked often, and keeps it', () => {
  const { nameOf } = createStatementNames();
  expect(new Set(times(19, () => nameOf('SELECT 1')))).toEqual(new Set(['']));
  const name = nameOf('SELECT 1');
  expect(name).toMatch(/^tp\d+$/);
  expect(nameOf('SELECT 1')).toBe(name);
  times(19, () => nameOf('SELECT 2'));
  expect(nameOf('SELECT 2')).toMatch(/^tp\d+$/);
  expect(nameOf('SELECT 2')).not.toBe(name);
});

test('neither many different statements nor very long ones fill the memory of the server', () => {
  const { nameOf } = createStatementNames();
  const given = new Set(times(300, (at) => times(20, () => nameOf(`SELECT ${at}`)).at(-1)));
  expect(given.size).toBe(100 + 1);
  const other = createStatementNames();
  expect(times(50, () => other.nameOf(`SELECT '${'x'.repeat(10_000)}'`)).at(-1)).toBe('');
  times(5_000, (at) => other.nameOf(`SELECT ${at}`));
  expect(times(20, () => other.nameOf('SELECT 1')).at(-1)).toMatch(/^tp\d+$/);
});

test('what Prisma asks often is prepared once a connection, answers the same, and is planned for the values of each time', async () => {
  const opened = await openTestDatabase({ maxConnections: 1 });
  try {
    const { db } = opened.database;
    const id = '00000000-0000-0000-0000-000000000000';
    for (const _ of times(30, () => 0)) expect(await db.customer.findUnique({ where: { id } })).toBeNull();
    const prepared = await db.$queryRaw<{ statement: string; generic_plans: bigint; custom_plans: bigint }[]>`
      SELECT statement, generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE '%customer%'`;
    expect(prepared).toHaveLength(1);
    expect(prepared[0]).toMatchObject({ generic_plans: 0n });
    expect(prepared[0]?.custom_plans).toBeGreaterThanOrEqual(10n);
  } finally {
    await opened.drop();
  }
});
