import { z } from 'zod';
import { openApiRig, type ApiRig } from './api-rig.js';

let rig: ApiRig;
/** Tokens by role. */
const tokens = new Map<string, string>();

const PASSWORD = 'a long enough password';

beforeAll(async () => {
  rig = await openApiRig();
  for (const role of ['admin', 'support', 'viewer']) {
    const email = `${role}@example.net`;
    const made = await rig.json('POST', '/operators', { email, name: role, role, password: PASSWORD });
    expect(made.status).toBe(201);
    const login = await as(undefined, 'POST', '/auth/login', { email, password: PASSWORD });
    tokens.set(role, z.object({ token: z.string() }).parse(login.body).token);
    expect((await as(role, 'POST', '/auth/step-up', { password: PASSWORD })).status).toBe(200);
  }
}, 60_000);

afterAll(() => rig.close());

async function as(role: string | undefined, method: string, path: string, body?: unknown) {
  const token = role === undefined ? undefined : tokens.get(role);
  const response = await fetch(rig.base + path, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: z.record(z.string(), z.unknown()).parse(await response.json()) };
}

async function newCustomer(msisdn: string): Promise<string> {
  const { status, body } = await rig.json('POST', '/customers', { msisdn });
  expect(status).toBe(201);
  return String(body['id']);
}

test('S9: a number is whole for owner and admin and masked for everybody else; support may reveal one', async () => {
  const id = await newCustomer('0722000111');
  for (const [role, shown] of [
    ['admin', '254722000111'],
    ['support', '2547••••0111'],
    ['viewer', '2547••••0111'],
  ] as const) {
    const [one, list] = [await as(role, 'GET', `/customers/${id}`), await as(role, 'GET', '/customers?q=0722000111')];
    expect(one.body).toMatchObject({ username: shown, msisdn: shown });
    expect(list.body).toMatchObject({ items: [{ id, msisdn: shown, matched: ['username', 'msisdn'] }] });
  }
  const reveal = (role: string) => as(role, 'POST', `/customers/${id}/reveal-phone`);
  expect(await reveal('support')).toMatchObject({ status: 200, body: { msisdn: '254722000111' } });
  expect(await reveal('viewer')).toMatchObject({ status: 403 });
});

test('S9: a session of a phone number shows it masked too', async () => {
  const customerId = await newCustomer('0722000222');
  const { db } = rig.postgres.database;
  const login = { apiPort: 8728, apiUsername: 'x', apiPassword: 'x', radiusSecret: 'x' };
  const { id: routerId } = await db.router.create({ data: { name: 'NAS', ...login } });
  const times = { startedAt: new Date(), lastSeenAt: new Date() };
  const who = { customerId, username: '254722000222', callingStationId: 'AA:BB:CC:DD:EE:01' };
  await db.session.create({ data: { key: 'k', acctSessionId: '1', routerId, ...times, ...who } });
  for (const path of ['/sessions?state=open', '/sessions/history', `/customers/${customerId}/sessions`]) {
    expect((await as('viewer', 'GET', path)).body).toMatchObject({ items: [{ username: '2547••••0222' }] });
    expect((await as('admin', 'GET', path)).body).toMatchObject({ items: [{ username: '254722000222' }] });
  }
  const found = await as('viewer', 'GET', '/customers?q=aabbccddee01');
  expect(found.body).toMatchObject({ items: [{ id: customerId, matched: ['online_device'] }] });
});

test('S9: data is exported and erased by admins only', async () => {
  const id = await newCustomer('0722000333');
  expect(await as('support', 'GET', `/customers/${id}/export`)).toMatchObject({ status: 403 });
  expect(await as('admin', 'GET', `/customers/${id}/export`)).toMatchObject({
    status: 200,
    body: { customer: { msisdn: '254722000333' }, sessions: { complete: true } },
  });
  const erase = (role: string, confirm: string) => as(role, 'POST', `/customers/${id}/erase`, { confirm });
  expect(await erase('support', '254722000333')).toMatchObject({ status: 403 });
  expect(await erase('admin', 'somebody')).toMatchObject({ status: 400 });
  expect(await erase('admin', '254722000333')).toMatchObject({
    status: 200,
    body: { customer: { username: `erased-${id}`, msisdn: null } },
  });
  expect((await as('admin', 'GET', '/customers?q=0722000333')).body).toMatchObject({ items: [] });
});

test('credentials are sent on request, listed with a masked number, and an opt-out stops notices', async () => {
  const id = await newCustomer('0722000444');
  expect(await as('viewer', 'POST', `/customers/${id}/send-credentials`)).toMatchObject({ status: 403 });
  expect(await as('support', 'POST', `/customers/${id}/send-credentials`)).toMatchObject({
    status: 202,
    body: { template: 'credentials', state: 'queued', recipient: '2547••••0444' },
  });
  expect((await as('support', 'GET', `/notifications?customerId=${id}`)).body).toMatchObject({
    items: [{ template: 'credentials', customerId: id }],
  });
  const optOut = (token: string) =>
    fetch(`${rig.base}/notifications/sms-opt-out/${token}`, {
      method: 'POST',
      body: new URLSearchParams({ phoneNumber: '+254722000444', senderId: 'TURNPIKE' }),
    });
  expect((await optOut('a-guess')).status).toBe(404);
  expect((await as('admin', 'GET', `/customers/${id}`)).body).toMatchObject({ notices: true });
  expect((await optOut('token-of-sms-callbacks')).status).toBe(200);
  expect((await as('admin', 'GET', `/customers/${id}`)).body).toMatchObject({ notices: false });
});

test('S9: support sees payments with the number masked, also in what the provider said', async () => {
  const { db } = rig.postgres.database;
  const phone = '254722000555';
  const { id } = await db.payment.create({
    data: {
      reference: 'a-reference-of-22-signs',
      provider: 'mpesa',
      state: 'review',
      purpose: 'package',
      amountMinor: 5_000n,
      currency: 'KES',
      msisdn: phone,
      paidMsisdn: phone,
      detail: `paid by ${phone}`,
      createdBy: 'portal',
      messages: { create: { kind: 'callback', body: `{"PhoneNumber":${phone}}`, state: 'handled' } },
    },
  });
  for (const path of [`/payments/${id}`, '/payments', '/payments/review']) {
    const [support, admin] = [await as('support', 'GET', path), await as('admin', 'GET', path)];
    expect([support.status, admin.status]).toEqual([200, 200]);
    expect(JSON.stringify(support.body)).not.toContain(phone);
    expect(JSON.stringify(support.body)).toContain('2547••••0555');
    expect(JSON.stringify(admin.body)).toContain(phone);
  }
});
