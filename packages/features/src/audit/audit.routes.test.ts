import { openOperatorsRig, OWNER, type OperatorsRig } from '../operators/operators-rig.js';
import { appendAudit } from './audit.store.js';

let rig: OperatorsRig;
let token: string;

beforeAll(async () => {
  rig = await openOperatorsRig();
  await rig.renew();
  token = await rig.signIn();
});

afterAll(() => rig.close());

async function append(count: number, entry: { action: string; subjectId?: string; actor?: string }): Promise<void> {
  await rig.postgres.database.transact(async (tx) => {
    for (let n = 0; n < count; n += 1) {
      await appendAudit(tx, { actor: 'system', subjectType: 'thing', subjectId: String(n), ...entry });
    }
  });
}

async function actions(query: string): Promise<string[]> {
  const { status, body } = await rig.call('GET', `/audit?${query}`, { token });
  expect({ status, body }).toMatchObject({ status: 200 });
  const items: unknown = body['items'];
  return Array.isArray(items) ? items.map((item: { action: string }) => item.action) : [];
}

describe('the audit trail', () => {
  test('is found by who, what, about what and when', async () => {
    const me = await rig.call('GET', '/me', { token });
    const before = new Date().toISOString();
    await append(1, { action: 'kettle.boiled', subjectId: 'k1' });
    await append(1, { action: 'kettle.emptied', subjectId: 'k2', actor: String(me.body['id']) });
    expect(await actions('action=kettle.boiled')).toEqual(['kettle.boiled']);
    expect(await actions('action=kettle.')).toEqual(['kettle.emptied', 'kettle.boiled']);
    expect(await actions('action=kettle')).toEqual([]);
    expect(await actions('subjectType=thing&subjectId=k2')).toEqual(['kettle.emptied']);
    expect(await actions(`actor=${String(me.body['id'])}&action=kettle.`)).toEqual(['kettle.emptied']);
    expect(await actions('actor=system&action=kettle.')).toEqual(['kettle.boiled']);
    expect(await actions(`from=${before}&action=kettle.`)).toHaveLength(2);
    expect(await actions(`to=${before}&action=kettle.`)).toEqual([]);
    expect((await rig.call('GET', '/audit?actor=somebody', { token })).status).toBe(400);
  });

  test('says the name of who did it', async () => {
    const { body } = await rig.call('GET', '/audit?action=operator.signed_in&limit=1', { token });
    expect(body['items']).toMatchObject([{ actorName: OWNER.name }]);
    const system = await rig.call('GET', '/audit?actor=system&limit=1', { token });
    expect(system.body['items']).toMatchObject([{ actor: 'system', actorName: null }]);
  });

  test('S10: says of each change of an operator how it was and how it is', async () => {
    const { id } = await rig.addOperator(token, 'viewer');
    const change = { role: 'support', name: 'viewer', sites: ['North'], disabled: true };
    expect((await rig.call('PATCH', `/operators/${id}`, { token, body: change })).status).toBe(200);
    const { body } = await rig.call('GET', `/audit?subjectId=${id}&limit=1`, { token });
    expect(body['items']).toMatchObject([
      {
        action: 'operator.updated',
        details: {
          before: { role: 'viewer', sites: null, disabled: false },
          after: { role: 'support', sites: ['North'], disabled: true },
        },
      },
    ]);
    expect(JSON.stringify(body)).not.toContain('"name"');
  });

  test('S10: is verified to its end, on from a cursor, and an edited entry is named', async () => {
    await append(1_100, { action: 'thing.counted' });
    const verify = (query = '') => rig.call('GET', `/audit/verify${query}`, { token });
    const whole = await verify();
    expect(whole.body).toMatchObject({ intact: true, firstBroken: null, nextCursor: null });
    const checked = Number(whole.body['checked']);
    expect(checked).toBeGreaterThan(1_100);
    const { db } = rig.postgres.database;
    const rows = await db.auditEntry.findMany({ orderBy: { id: 'asc' }, select: { id: true } });
    const later = await verify(`?cursor=${String(rows[999]?.id)}`);
    expect(later.body).toEqual({ ...whole.body, checked: rows.length - 1_000 });
    expect((await verify('?cursor=999999999')).status).toBe(400);
    const broken = rows[1_050]?.id ?? 0n;
    await db.$transaction([
      db.$executeRawUnsafe('ALTER TABLE audit_entry DISABLE TRIGGER USER'),
      db.$executeRawUnsafe(`UPDATE audit_entry SET action = 'thing.forged' WHERE id = ${broken}`),
      db.$executeRawUnsafe('ALTER TABLE audit_entry ENABLE TRIGGER USER'),
    ]);
    const { body } = await verify();
    expect(body).toMatchObject({
      checked: 1_050,
      intact: false,
      nextCursor: null,
      firstBroken: { id: String(broken) },
    });
  });
});
