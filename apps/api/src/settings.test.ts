import { openApiRig, type ApiRig } from './api-rig.js';

let rig: ApiRig;
let root: string;

beforeAll(async () => {
  rig = await openApiRig();
  root = rig.base.slice(0, -'/api/v1'.length);
});

afterAll(() => rig.close());

const portal = async (base = root) => (await fetch(`${base}/portal/`)).text();
const SECRETS = { consumerKey: 'canary-key', consumerSecret: 'canary-secret', passkey: 'canary-passkey' };
const MPESA = { url: 'https://daraja.example.net', shortcode: '600000', ...SECRETS };

describe('settings over HTTP', () => {
  test('the portal shows a new name and colour at once, in every process within seconds, and the old ones when it is forgotten', async () => {
    const another = await rig.startAnother();
    try {
      expect(await portal()).toContain('Turnpike WiFi');
      const saved = await rig.json('PATCH', '/settings/branding', { name: 'Kitengela <WiFi>', color: '#7a1fa2' });
      expect(saved).toMatchObject({ status: 200, body: { source: 'console', updatedBy: { name: 'Owner' } } });
      const page = await portal();
      expect(page).toContain('Kitengela &lt;WiFi&gt;');
      expect(page).not.toContain('Turnpike WiFi');
      const elsewhere = another.base.slice(0, -'/api/v1'.length);
      const end = Date.now() + 5_000;
      while (!(await portal(elsewhere)).includes('Kitengela')) expect(Date.now()).toBeLessThan(end);
      expect((await rig.json('DELETE', '/settings/branding')).status).toBe(204);
      expect(await portal()).toContain('Turnpike WiFi');
    } finally {
      await another.stop();
    }
  });

  test('S8: M-Pesa can be set up without a restart, and no answer or event shows a secret', async () => {
    const terms = { priceMinor: 5_000, currency: 'KES', validForSeconds: 3_600, downKbps: 5_000, upKbps: 1_000 };
    const { body } = await rig.json('POST', '/packages', { name: 'Hour', type: 'hotspot', ...terms });
    const buy = () => rig.json('POST', '/portal/purchases', { packageId: body['id'], msisdn: '0712345678' });
    expect((await buy()).status).toBe(409);
    const saved = await rig.json('PATCH', '/settings/mpesa', MPESA);
    expect(saved).toMatchObject({ status: 200, body: { consumerKey: { isSet: true }, shortcode: '600000' } });
    expect((await buy()).status).toBe(201);
    const shown = await rig.json('GET', '/settings');
    expect(shown.body).toMatchObject({ mpesa: { source: 'console' }, sms: { source: 'environment' } });
    expect(JSON.stringify([saved, shown])).not.toContain('canary');
    const stream = await rig.durable.redis.xrange(`${rig.durable.prefix}live`, '-', '+');
    expect(JSON.stringify(stream)).toContain('settings');
    expect(JSON.stringify(stream)).not.toContain('canary');
  });

  test('M1: results are taken only from the addresses on the list, from the moment it is saved', async () => {
    const send = async () =>
      (await fetch(`${rig.base}/payments/mpesa/callback/none`, { method: 'POST', body: '{}' })).status;
    expect(await send()).toBe(404);
    await rig.json('PATCH', '/settings/mpesa', { ...MPESA, callbackAllow: ['196.201.214.0/24'] });
    expect(await send()).toBe(403);
    await rig.json('PATCH', '/settings/mpesa', { callbackAllow: [] });
    expect(await send()).toBe(404);
  });

  test('refuses what makes no sense, field by field', async () => {
    const refused = await rig.json('PATCH', '/settings/mpesa', { shortcode: 'my paybill', url: 'ftp://x' });
    expect(refused.status).toBe(400);
    expect(JSON.stringify(refused.body['issues'])).toMatch(/shortcode[^]*url|url[^]*shortcode/);
    expect((await rig.json('PATCH', '/settings/mpesa', { url: 'http://daraja.example.net' })).status).toBe(400);
    expect((await rig.json('PATCH', '/settings/tax', { rateBasisPoints: 16.5 })).status).toBe(400);
    expect((await rig.json('PATCH', '/settings/branding', { timeZone: 'Africa/Kitengela' })).status).toBe(400);
    expect((await rig.json('PATCH', '/settings/other', { name: 'x' })).status).toBe(404);
  });
});
