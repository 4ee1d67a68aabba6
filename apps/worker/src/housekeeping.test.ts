import { createLogger } from '@turnpike/runtime/logger.js';
import { systemClock } from '@turnpike/core/clock.js';
import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { housekeeping, prepareAccountingDays } from './housekeeping.js';

const DAY_MS = 86_400_000;
const logger = createLogger({ level: 'silent', role: 'worker', instance: 'test' });

let store: TestDatabase;

beforeAll(async () => {
  store = await openTestDatabase();
});

afterAll(() => store.drop());

const dayFromNow = (days: number): Date => new Date(Date.now() + days * DAY_MS);
const partitionOf = (day: Date): string => `record_${day.toISOString().slice(0, 10).replaceAll('-', '')}`;

async function partitions(): Promise<string[]> {
  const rows = await store.database.db.$queryRaw<{ name: string }[]>`
    SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'accounting_record'::regclass ORDER BY 1`;
  return rows.map((row) => row.name);
}

async function makeDay(day: Date): Promise<void> {
  await store.database.db.$queryRaw`SELECT ensure_accounting_days(${day}::date, 1)`;
}

async function insert(day: Date, key: string, mergedAt: Date | null): Promise<void> {
  await store.database.db.accountingRecord.create({
    data: { receivedOn: day, receivedAt: day, dedupKey: key, routerId: crypto.randomUUID(), body: [], mergedAt },
  });
}

const run = () =>
  housekeeping({
    db: store.database.db,
    clock: systemClock,
    logger,
    kept: () => ({ accountingPacketsDays: 400, notificationsDays: 400 }),
  })();

describe('housekeeping of accounting', () => {
  test('prepares the partitions of the coming seven days, at the start of the process too', async () => {
    await store.database.db.$executeRawUnsafe(`DROP TABLE accounting.${partitionOf(dayFromNow(3))}`);
    await Promise.all([1, 2, 3].map(() => prepareAccountingDays({ db: store.database.db, logger })));
    const made = await partitions();
    for (let day = 0; day <= 7; day += 1) expect(made).toContain(partitionOf(dayFromNow(day)));
    await run();
    expect(await partitions()).toEqual(made);
  });

  test('drops days older than they are kept, but none with a record that was never merged', async () => {
    const [merged, waiting, young] = [dayFromNow(-402), dayFromNow(-403), dayFromNow(-399)];
    for (const day of [merged, waiting, young]) await makeDay(day);
    await insert(merged, 'merged', merged);
    await insert(waiting, 'waiting', null);
    await insert(young, 'young', young);
    await run();
    const left = await partitions();
    expect(left).not.toContain(partitionOf(merged));
    expect(left).toContain(partitionOf(waiting));
    expect(left).toContain(partitionOf(young));
  });

  test('A8: a record of a day that nobody prepared is kept all the same, and dropped when it is old', async () => {
    await insert(dayFromNow(-900), 'ancient', dayFromNow(-900));
    await insert(dayFromNow(300), 'clock ahead', null);
    await run();
    const kept = await store.database.db.accountingRecord.findMany({
      where: { dedupKey: { in: ['ancient', 'clock ahead'] } },
    });
    expect(kept.map((row) => row.dedupKey)).toEqual(['clock ahead']);
  });

  test('starts without PostgreSQL', async () => {
    const away = await openTestDatabase();
    await away.drop();
    await expect(prepareAccountingDays({ db: away.database.db, logger })).resolves.toBeUndefined();
  });
});

test('S9: messages older than 400 days are removed, and sessions that ended after their customer was erased made anonymous', async () => {
  const { db } = store.database;
  const message = { channel: 'sms', template: 'expiring', language: 'en', recipient: '254722000111', params: {} };
  const made = (dedupKey: string, days: number) =>
    db.notification.create({ data: { ...message, dedupKey, state: 'sent', createdAt: dayFromNow(days) } });
  await made('old', -401);
  await made('young', -399);
  const customerId = crypto.randomUUID();
  await db.customer.create({ data: { id: customerId, username: 'gone', password: '', erasedAt: new Date() } });
  const login = { apiPort: 8728, apiUsername: 'x', apiPassword: 'x', radiusSecret: 'x' };
  const { id: routerId } = await db.router.create({ data: { name: 'NAS', ...login } });
  const times = { startedAt: dayFromNow(-1), lastSeenAt: new Date() };
  const session = { acctSessionId: '1', routerId, customerId, username: '254722000111', ...times };
  await db.session.create({ data: { ...session, key: 'ended', state: 'closed', framedIpAddress: '10.0.0.1' } });
  await db.session.create({ data: { ...session, key: 'running', state: 'closing' } });
  await run();
  expect((await db.notification.findMany()).map(({ dedupKey }) => dedupKey)).toEqual(['young']);
  expect(await db.session.findMany({ orderBy: { key: 'asc' } })).toMatchObject([
    { key: 'ended', username: `erased-${customerId}`, framedIpAddress: null },
    { key: 'running', username: '254722000111' },
  ]);
});
