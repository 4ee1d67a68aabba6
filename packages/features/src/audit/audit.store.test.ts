import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { listAuditEntries } from './audit-list.store.js';
import { appendAudit, verifyAuditChain, type AuditEntryInput } from './audit.store.js';
import { GENESIS } from './audit-hash.js';

let store: TestDatabase;

beforeEach(async () => {
  store = await openTestDatabase();
});

afterEach(async () => {
  await store.drop();
});

function entry(n: number, details?: Record<string, unknown>): AuditEntryInput {
  return { actor: 'system', action: 'thing.changed', subjectType: 'thing', subjectId: String(n), details };
}

async function append(...entries: AuditEntryInput[]): Promise<void> {
  for (const each of entries) await store.database.transact((tx) => appendAudit(tx, each));
}

/** What an intruder with the rights of the database owner can do. */
async function tamper(sql: string): Promise<void> {
  await store.database.transact(async (tx) => {
    await tx.$executeRawUnsafe('ALTER TABLE audit_entry DISABLE TRIGGER USER');
    await tx.$executeRawUnsafe(sql);
    await tx.$executeRawUnsafe('ALTER TABLE audit_entry ENABLE TRIGGER USER');
  });
}

describe('audit chain', () => {
  test('an empty chain is whole', async () => {
    expect(await verifyAuditChain(store.database.db)).toEqual({ ok: true, entries: 0, head: GENESIS });
  });

  test('survives jsonb: nested details, odd numbers, unordered keys and hostile text verify', async () => {
    await append(
      entry(1, { z: 1, a: { y: [1.5, -0, 1e21, null, true], b: 'text' } }),
      entry(2, { text: 'nul \0, half a pair \ud800, "quotes", \u2028' }),
      entry(3),
    );
    expect(await verifyAuditChain(store.database.db)).toMatchObject({ ok: true, entries: 3 });
  });

  test('several entries of one transaction follow one another', async () => {
    await store.database.transact(async (tx) => {
      await appendAudit(tx, entry(1));
      await appendAudit(tx, entry(2));
    });
    expect(await verifyAuditChain(store.database.db)).toMatchObject({ ok: true, entries: 2 });
  });

  test('40 transactions at once make one unbroken chain', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, n) => store.database.transact((tx) => appendAudit(tx, entry(n)))));
    expect(await verifyAuditChain(store.database.db)).toMatchObject({ ok: true, entries: 40 });
  });

  test('a transaction that has told its entry and goes on holds up nobody; entries follow one another as they are committed', async () => {
    await store.database.transact(async (tx) => {
      await appendAudit(tx, entry(1));
      await append(entry(2));
    });
    const rows = await listAuditEntries(store.database.db, 2, undefined);
    expect(rows.map((row) => row.subjectId)).toEqual(['1', '2']);
    expect(await verifyAuditChain(store.database.db)).toMatchObject({ ok: true, entries: 2 });
    expect(await store.database.db.auditDraft.count()).toBe(0);
  });

  test('an entry whose transaction fails leaves no trace', async () => {
    await append(entry(1));
    const failed = store.database.transact(async (tx) => {
      await appendAudit(tx, entry(2));
      throw new Error('changed my mind');
    });
    await expect(failed).rejects.toThrow('changed my mind');
    await append(entry(3));
    expect(await verifyAuditChain(store.database.db)).toMatchObject({ ok: true, entries: 2 });
  });

  test('S10: rows can neither be updated nor deleted', async () => {
    await append(entry(1));
    await expect(store.database.db.$executeRawUnsafe(`UPDATE audit_entry SET actor = 'x'`)).rejects.toThrow(
      'append-only',
    );
    await expect(store.database.db.$executeRawUnsafe('DELETE FROM audit_entry')).rejects.toThrow('append-only');
    await expect(store.database.db.$executeRawUnsafe('TRUNCATE audit_entry')).rejects.toThrow('append-only');
  });

  test.each([
    ['actor', `actor = 'somebody else'`],
    ['time', `at = at + interval '1 millisecond'`],
    ['details', `details = '{"n": 2}'`],
    ['request id', `request_id = 'r'`],
  ])('S10: an edited row is named by the verifier (%s)', async (_what, assignment) => {
    await append(entry(1, { n: 1 }), entry(2, { n: 1 }), entry(3, { n: 1 }));
    const [, middle] = await listAuditEntries(store.database.db, 3, undefined);
    await tamper(`UPDATE audit_entry SET ${assignment} WHERE subject_id = '2'`);
    expect(await verifyAuditChain(store.database.db)).toEqual({
      ok: false,
      entries: 1,
      entryId: middle?.id.toString(),
      reason: 'its content was changed after it was written',
    });
  });

  test('S10: a removed row is noticed at the row that followed it', async () => {
    await append(entry(1), entry(2), entry(3));
    const [last] = await listAuditEntries(store.database.db, 1, undefined);
    await tamper(`DELETE FROM audit_entry WHERE subject_id = '2'`);
    expect(await verifyAuditChain(store.database.db)).toMatchObject({ ok: false, entryId: last?.id.toString() });
  });

  test('lists what happened to a subject by the beginning of the action, by pages, whatever else there is', async () => {
    const of = (action: string, subjectId: string) => ({ ...entry(1), action, subjectId });
    await append(of('router.create', '1'), of('routers.poll', '2'), of('router.delete', '3'), of('run.start', '4'));
    await append(of('router.update', '5'), of('router_x', '6'));
    const { db } = store.database;
    const all = await listAuditEntries(db, 10, undefined, { action: 'router.' });
    expect(all.map((row) => row.subjectId)).toEqual(['5', '3', '1']);
    const [, second] = await listAuditEntries(db, 2, undefined, { action: 'router.' });
    const rest = await listAuditEntries(db, 2, second?.id, { action: 'router.' });
    expect(rest.map((row) => row.subjectId)).toEqual(['1']);
    expect(await listAuditEntries(db, 10, undefined, { action: 'router.', subjectId: '3' })).toHaveLength(1);
    expect(await listAuditEntries(db, 10, undefined, { action: 'payment.' })).toEqual([]);
    expect(await listAuditEntries(db, 10, undefined, { action: 'router.', actor: 'nobody' })).toEqual([]);
  });

  test('a range of times finds the same whether entries of other times are around it or not', async () => {
    await append(entry(1), entry(2), entry(3), entry(4));
    // Two days apart each; the second pair is written the other way round, as transactions that took different times are.
    const times = ['2026-03-01T10:00:00Z', '2026-03-03T10:00:01Z', '2026-03-03T10:00:00Z', '2026-03-05T10:00:00Z'];
    for (const [index, time] of times.entries()) {
      await tamper(`UPDATE audit_entry SET at = '${time}' WHERE subject_id = '${index + 1}'`);
    }
    const found = async (from: string | undefined, to: string | undefined, action?: string) => {
      const range = {
        from: from === undefined ? undefined : new Date(from),
        to: to === undefined ? undefined : new Date(to),
      };
      return (await listAuditEntries(store.database.db, 10, undefined, { ...range, action })).map(
        (row) => row.subjectId,
      );
    };
    expect(await found('2026-03-02T00:00:00Z', '2026-03-04T00:00:00Z')).toEqual(['3', '2']);
    expect(await found('2026-03-03T10:00:01Z', undefined)).toEqual(['4', '2']);
    expect(await found(undefined, '2026-03-03T10:00:01Z')).toEqual(['3', '1']);
    const prefix = `${entry(1).action.split('.')[0]}.`;
    expect(await found('2026-03-02T00:00:00Z', '2026-03-04T00:00:00Z', prefix)).toEqual(['3', '2']);
  });

  test('S8: values under the names of secrets are not stored', async () => {
    await append(entry(1, { apiPassword: 'hunter2', nested: [{ radiusSecret: 'hunter3' }], passwordChanged: true }));
    const [row] = await listAuditEntries(store.database.db, 1, undefined);
    expect(row?.details).toEqual({
      apiPassword: '[redacted]',
      nested: [{ radiusSecret: '[redacted]' }],
      passwordChanged: true,
    });
  });
});
