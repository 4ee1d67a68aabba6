import { noPhoneNumber, tooManyPurchases } from '../payments/purchase-refusal.js';
import { openPortalRig, type PortalRig } from './portal-rig.js';

let rig: PortalRig;
let packageId: string;

beforeAll(async () => {
  rig = await openPortalRig();
  packageId = await rig.hotspotPackage('Day', { quotaOctets: 5_000_000_000n });
});

afterAll(() => rig.close());

async function ask(method: string, path: string, body?: unknown, language = 'en') {
  const response = await fetch(`${rig.url}${path}`, {
    method,
    headers: { 'accept-language': language, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  return { status: response.status, type: response.headers.get('content-type'), body: answer };
}

const api = (method: string, path: string, body?: unknown, language?: string) =>
  ask(method, `/api/v1/portal${path}`, body, language);

describe('the portal for programs', () => {
  test('lists packages with what they give and nothing else', async () => {
    const { status, body } = await api('GET', '/packages');
    expect(status).toBe(200);
    expect(body).toEqual({
      items: [
        {
          ...{ id: packageId, name: 'Day', description: '', priceMinor: 5_000, currency: 'KES', devices: 1 },
          ...{
            validForSeconds: 86_400,
            downKbps: 5_000,
            upKbps: 1_000,
            quotaOctets: '5000000000',
            onlineSeconds: null,
          },
        },
      ],
    });
    expect((await api('GET', '/packages?nas=nonsense')).status).toBe(400);
  });

  test('begins a purchase and tells what becomes of it', async () => {
    const started = await api('POST', '/purchases', { packageId, msisdn: '0712 345 678', mac: '020000000001' });
    expect(started).toMatchObject({ status: 201, body: { status: 'waiting', reference: expect.any(String) } });
    expect(rig.purchases.started.at(-1)).toMatchObject({ msisdn: '0712 345 678', mac: '02:00:00:00:00:01' });
    const { reference = '' } = rig.purchases.started.length === 1 ? { reference: 'reference-000000000001' } : {};
    rig.purchases.settle(reference, { status: 'paid', credentials: { username: 'u', password: 'p' } });
    expect(await api('GET', `/purchases/${reference}`)).toMatchObject({ status: 200, body: { status: 'paid' } });
    expect((await api('GET', '/purchases/reference-of-nothing')).status).toBe(404);
    rig.purchases.refuseWith(noPhoneNumber());
    expect(await api('POST', '/purchases', { packageId, msisdn: '12' })).toMatchObject({
      status: 400,
      body: { issues: [{ path: 'msisdn' }] },
    });
  });

  test.each([
    ['en-GB', 'This phone has been asked to pay several times already. Wait 7 minutes'],
    ['sw-KE,sw;q=0.9', 'Simu hii imeshaulizwa malipo mara kadhaa. Subiri dakika 7'],
  ])('says to who reads %s why a purchase was not begun, and when to try again', async (language, words) => {
    rig.purchases.refuseWith(tooManyPurchases('phone', 400));
    const response = await fetch(`${rig.url}/api/v1/portal/purchases`, {
      method: 'POST',
      body: JSON.stringify({ packageId, msisdn: '0712345678' }),
      headers: { 'content-type': 'application/json', 'accept-language': language },
    });
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '400']);
    expect(await response.json()).toMatchObject({
      code: 'rate_limited',
      detail: expect.stringContaining(words),
      retryAfterSeconds: 400,
    });
    expect(await api('POST', '/purchases', { packageId, msisdn: '0712345678' }, language)).toMatchObject({
      status: 201,
    });
    expect(rig.purchases.started.at(-1)).toMatchObject({ language: language.slice(0, 2) });
  });

  test('answers a code that is none with 404, and one that was cancelled with 409', async () => {
    rig.codes.set('GONE', { kind: 'revoked' });
    expect((await api('POST', '/vouchers/redeem', { code: 'NONE' })).status).toBe(404);
    expect((await api('POST', '/vouchers/redeem', { code: 'GONE' })).status).toBe(409);
    rig.codes.set('GOOD', { kind: 'redeemed', customerId: 'c', username: 'v.x', code: 'GOOD' });
    expect(await api('POST', '/vouchers/redeem', { code: 'GOOD' })).toMatchObject({
      body: { username: 'v.x', code: 'GOOD' },
    });
  });

  test('shows what is left to the holder of a pass, and to nobody who only says so', async () => {
    const customerId = await rig.rows.customer('asha', 'open sesame');
    await rig.rows.entitlement(customerId, { quotaOctets: 1_000n, usedOctets: 400n });
    const login = await api('POST', '/login', { username: 'asha', password: 'open sesame' });
    expect(login).toMatchObject({ status: 200, body: { session: { bytesRemaining: '600', devicesAllowed: 2 } } });
    const pass = new Map(Object.entries(Object(login.body))).get('pass');
    expect((await api('GET', `/session?pass=${String(pass)}`)).body).toMatchObject({
      online: false,
      bytesRemaining: '600',
    });
    expect((await api('GET', `/session?pass=x${String(pass)}`)).status).toBe(401);
    expect((await api('GET', '/session')).body).toEqual({ online: false });
    expect((await api('POST', '/login', { username: 'asha', password: 'wrong' })).status).toBe(401);
    expect((await api('POST', '/login', { username: 'nobody', password: 'wrong' })).status).toBe(401);
  });

  test('a purchase that was never paid for shows nothing of the phone’s owner', async () => {
    const { db } = rig.postgres.database;
    const customerId = await rig.rows.customer('victim', 'open sesame', { msisdn: '254700000009' });
    await rig.rows.entitlement(customerId);
    const row = {
      provider: 'mpesa',
      purpose: 'package',
      customerId,
      amountMinor: 5_000n,
      currency: 'KES',
      createdBy: 'portal',
    };
    await db.payment.create({ data: { ...row, reference: 'reference-open-000', state: 'requested' } });
    await db.payment.create({ data: { ...row, reference: 'reference-paid-000', state: 'succeeded' } });
    expect((await api('GET', '/session?reference=reference-open-000')).body).toEqual({ online: false });
    expect((await api('GET', '/session?reference=reference-paid-000')).body).toMatchObject({ packageName: 'Day' });
  });
});

describe('RFC 8908', () => {
  test('a device that is not known is captive; one that accounting knows by its address is not', async () => {
    const unknown = await ask('GET', '/captive-portal/api');
    expect(unknown).toMatchObject({ status: 200, body: { captive: true, 'user-portal-url': `${rig.url}/portal/` } });
    expect(unknown.type).toContain('application/captive+json');
    const routerId = await rig.rows.router('10.0.0.9', 'secret of a router');
    const customerId = await rig.rows.customer('online', 'open sesame');
    const entitlementId = await rig.rows.entitlement(customerId, { quotaOctets: 900n });
    const times = { startedAt: new Date(), lastSeenAt: new Date() };
    await rig.postgres.database.db.session.create({
      data: {
        ...{ key: 'k', acctSessionId: '1', routerId, username: 'online', customerId, entitlementId, ...times },
        framedIpAddress: '127.0.0.1',
      },
    });
    const { body } = await ask('GET', '/captive-portal/api');
    expect(body).toMatchObject({ captive: false, 'bytes-remaining': 900, 'can-extend-session': true });
    expect(body).toMatchObject({ 'seconds-remaining': expect.any(Number) });
  });
});
