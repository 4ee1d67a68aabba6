import { openApiRig, type ApiRig } from './api-rig.js';

const MAC = '02:00:00:00:00:01';

let rig: ApiRig;
let root: string;
let packageId: string;

beforeAll(async () => {
  rig = await openApiRig();
  root = rig.base.slice(0, -'/api/v1'.length);
  const terms = { priceMinor: 5_000, currency: 'KES', validForSeconds: 3_600, downKbps: 5_000, upKbps: 1_000 };
  const made = await rig.json('POST', '/packages', { name: 'Hour <b>', type: 'hotspot', ...terms });
  packageId = String(made.body['id']);
});

afterAll(() => rig.close());

async function page(path: string, form?: Record<string, string>, cookie = '') {
  const response = await fetch(`${root}/portal/${path}`, {
    redirect: 'manual',
    headers: { cookie, ...(form === undefined ? {} : { origin: root }) },
    ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
  });
  const text = await response.text();
  const hidden = (name: string) => new RegExp(`name="${name}"\\s+value="([^"]*)"`).exec(text)?.[1] ?? '';
  const kept = response.headers.getSetCookie().map((one) => one.split(';')[0]);
  return { status: response.status, headers: response.headers, text, hidden, cookie: kept.join('; ') };
}

describe('the captive portal as the API serves it', () => {
  test('sells what operators put on sale, under its own strict policy', async () => {
    const start = await page('');
    expect(start.status).toBe(200);
    expect(start.text).toContain('Hour &lt;b&gt;');
    expect(start.text).toContain('KSh 50');
    expect(start.headers.get('content-security-policy')).toContain("script-src 'nonce-");
    expect(start.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('says so where M-Pesa is not set up, and asks nobody to pay', async () => {
    const form = await page(`buy?package=${packageId}`);
    const fields = { package: packageId, phone: '0712 345 678', s: form.hidden('s'), token: form.hidden('token') };
    const answer = await page('buy', fields, form.cookie);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.text).toContain('role="alert"');
    expect(await rig.postgres.database.db.payment.count()).toBe(0);
  });

  test('a voucher leads on to the router, and its holder sees what is left', async () => {
    const batch = await rig.json('POST', '/voucher-batches', { packageId, count: 1 });
    const [code] = Array.isArray(batch.body['codes']) ? batch.body['codes'].map(String) : [];
    const from = new URLSearchParams({ mac: MAC, 'link-login-only': 'http://10.5.50.1/login' });
    const start = await page(`?${from.toString()}`);
    const state = /[?&;]s=([\w.-]+)/.exec(start.text)?.[1] ?? '';
    const form = await page(`voucher?s=${state}`, undefined, start.cookie);
    const fields = { code: code?.toLowerCase() ?? '', s: form.hidden('s'), token: form.hidden('token') };
    const answer = await page('voucher', fields, start.cookie);
    expect([answer.status, answer.hidden('username')]).toEqual([200, code]);
    expect(answer.text).toContain('action="http://10.5.50.1/login"');
    const status = await page('status', undefined, answer.cookie);
    expect(status.text).toMatch(/59 minutes|1 hour/);
  });

  test('tells devices that they are captive (RFC 8908), and routers their pages', async () => {
    const captive = await fetch(`${root}/captive-portal/api`);
    expect(captive.headers.get('content-type')).toContain('application/captive+json');
    expect(await captive.json()).toMatchObject({ captive: true });
    const file = await page('router-files/0190c6d5-7a1e-7000-8000-0000000000aa/login.html');
    expect(file.text).toContain('$(link-login-only)');
    expect((await page('router-files/x/constructor')).status).toBe(404);
  });
});
