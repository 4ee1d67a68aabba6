import { listSessions } from '@turnpike/contracts/sessions.js';
import { accessRows } from '@turnpike/testkit/access-rows.js';
import { v7 as uuidv7 } from 'uuid';
import { openApiRig, OWNER, type ApiRig } from './api-rig.js';

let rig: ApiRig;
let rows: ReturnType<typeof accessRows>;

const PASSWORD = 'a password long enough';
const NOBODY = '00000000-0000-7000-8000-000000000000';

beforeAll(async () => {
  rig = await openApiRig();
  rows = accessRows(rig.postgres.database.db);
  expect((await rig.json('POST', '/auth/step-up', { password: OWNER.password })).status).toBe(200);
});
afterAll(() => rig.close());

async function operator(more: { role: string; sites: string[] | null }) {
  const login = { email: `${more.role}-${uuidv7().slice(-6)}@example.net`, password: PASSWORD };
  const made = await rig.json('POST', '/operators', { ...login, name: more.role, ...more });
  expect(made.status).toBe(201);
  const { body } = await rig.json('POST', '/auth/login', login);
  return { id: String(made.body['id']), token: String(body['token']) };
}

async function readAs(token: string, path: string): Promise<unknown> {
  const response = await fetch(rig.base + path, { headers: { authorization: `Bearer ${token}` } });
  return response.json();
}

describe('what pages of the console read', () => {
  test('one operator, without what signs in', async () => {
    const { id } = await operator({ role: 'support', sites: ['Town'] });
    const { status, body } = await rig.json('GET', `/operators/${id}`);
    expect([status, body]).toEqual([200, expect.objectContaining({ id, role: 'support', sites: ['Town'] })]);
    expect(Object.keys(body)).not.toEqual(expect.arrayContaining([expect.stringMatching(/password|secret/i)]));
    expect((await rig.json('GET', `/operators/${NOBODY}`)).status).toBe(404);
  });

  test('the entries of one payment, and of no other', async () => {
    const { body: customer } = await rig.json('POST', '/customers', { username: 'books', password: 'secret-1' });
    const { db } = rig.postgres.database;
    const paymentId = uuidv7();
    const account = await db.ledgerAccount.create({ data: { kind: 'sales', currency: 'KES' } });
    await rig.json('POST', `/customers/${String(customer['id'])}/wallet-adjustments`, {
      amountMinor: 500,
      currency: 'KES',
      reason: 'not of the payment',
    });
    const entry = await db.ledgerEntry.create({
      data: { key: `sale ${paymentId}`, kind: 'sale', description: 'a sale', paymentId, createdBy: 'system' },
    });
    const found = await rig.json('GET', `/ledger/entries?paymentId=${paymentId}`);
    expect(found).toMatchObject({ status: 200, body: { items: [{ id: entry.id, paymentId }], nextCursor: null } });
    expect((await rig.json('GET', `/ledger/entries?paymentId=${account.id}`)).body['items']).toEqual([]);
  });

  test('how packages sell, for who sees the whole network and its payments, and for nobody else', async () => {
    const terms = { type: 'hotspot', priceMinor: 1_000, currency: 'KES', validForSeconds: 3_600 };
    const made = await rig.json('POST', '/packages', { name: 'Hour', ...terms, downKbps: 1_000, upKbps: 1_000 });
    const id = String(made.body['id']);
    const sold = { last30Days: 0, activeNow: 0 };
    expect((await rig.json('GET', `/packages/${id}`)).body).toMatchObject({ id, sold });
    expect((await rig.json('GET', '/packages')).body['items']).toEqual([expect.objectContaining({ id, sold })]);
    const here = await operator({ role: 'support', sites: ['Town'] });
    expect(await readAs(here.token, `/packages/${id}`)).toMatchObject({ id, sold: null });
    const narrow = await rig.json('POST', '/api-tokens', { name: 'price list', scopes: ['packages:read'] });
    expect(await readAs(String(narrow.body['token']), '/packages')).toMatchObject({ items: [{ id, sold: null }] });
  });

  test('users and load of routers, use of a customer by day, and where a batch was redeemed', async () => {
    const { db } = rig.postgres.database;
    const router = await rows.router('127.0.3.1', 'secret', {
      site: 'Town',
      cpuLoad: 12,
      memoryTotal: 2n ** 40n,
      memoryFree: 1n,
    });
    const { body: routers } = await rig.json('GET', '/routers');
    expect(routers['items']).toEqual([
      expect.objectContaining({
        id: router,
        usersOnline: 0,
        cpuLoad: 12,
        memoryFree: '1',
        memoryTotal: '1099511627776',
        diskTotal: null,
      }),
    ]);
    const customer = await rows.customer('uses', 'secret');
    const startedAt = new Date('2026-03-02T10:00:00Z');
    const stoppedAt = new Date('2026-03-02T11:00:00Z');
    await db.session.create({
      data: {
        key: 'usage',
        acctSessionId: 'usage',
        routerId: router,
        customerId: customer,
        username: 'uses',
        state: 'closed',
        startedAt,
        stoppedAt,
        lastSeenAt: stoppedAt,
        outputOctets: 10n ** 18n,
        sessionSeconds: 3_600,
      },
    });
    const usage = await rig.json('GET', `/customers/${customer}/usage?from=2026-03-02&to=2026-03-02&step=day`);
    expect(usage).toMatchObject({
      status: 200,
      body: {
        timeZone: 'Africa/Nairobi',
        days: [{ day: '2026-03-02', outputOctets: `${10n ** 18n}`, sessions: 1, seconds: 3_600 }],
      },
    });
    expect((await rig.json('GET', `/customers/${customer}/usage?from=yesterday`)).status).toBe(400);
    expect((await rig.json('GET', `/customers/${NOBODY}/usage`)).status).toBe(404);
    expect((await rig.json('GET', `/voucher-batches/${NOBODY}/redemptions`)).status).toBe(404);
    const [listed] = listSessions.response.parse((await rig.json('GET', '/sessions')).body).items;
    expect((await rig.json('GET', `/sessions/${String(listed?.id)}`)).body).toEqual(listed);
    expect((await rig.json('GET', `/sessions/${NOBODY}`)).status).toBe(404);
    expect((await rig.json('GET', '/sessions?state=open&service=pppoe')).body['items']).toEqual([]);
    expect((await rig.json('GET', '/sessions?service=dial-up')).body['issues']).toEqual([
      expect.objectContaining({ path: 'query.service', code: 'not_a_choice' }),
    ]);
  });
});
