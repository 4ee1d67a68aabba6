import { AppError } from '@turnpike/core/app-error.js';
import { customerSentence, knownResultCodes } from '../payments/mpesa/result-codes.js';
import { paymentOutstanding, tooManyPurchases } from '../payments/purchase-refusal.js';
import { purchaseMessage } from '../payments/purchase-words.js';
import { escapeHtml } from './html.js';
import { openPortalRig, type PortalRig } from './portal-rig.js';

let rig: PortalRig;
let nas: string;
let dayId: string;

const HOSTILE = `"><script>alert('x')</script>`;

beforeAll(async () => {
  rig = await openPortalRig();
  nas = await rig.rows.router('10.0.0.1', 'secret of a router', { name: `Shop ${HOSTILE}`, site: 'Market' });
  dayId = await rig.hotspotPackage('Day', { description: HOSTILE });
  await rig.hotspotPackage('At the market', { priceMinor: 100, sites: ['Market'] });
  await rig.hotspotPackage('Elsewhere', { sites: ['Harbour'] });
  await rig.hotspotPackage('For agents', { visibility: 'agents' });
  await rig.hotspotPackage('Off', { active: false });
  await rig.hotspotPackage('Line', { type: 'pppoe' });
});

afterAll(() => rig.close());

/** A browser that keeps cookies and follows nothing by itself. */
class Visitor {
  readonly cookies = new Map<string, string>();
  readonly headers: Record<string, string>;

  constructor(headers: Record<string, string> = {}) {
    this.headers = headers;
  }

  async get(path: string) {
    return this.#ask(path, { method: 'GET' });
  }

  /** With what the form of the page had. */
  async post(path: string, page: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
    const body = new URLSearchParams({ s: hidden(page, 's'), token: hidden(page, 'token'), ...fields });
    return this.#ask(path, { method: 'POST', body, headers: { origin: rig.url, ...headers } });
  }

  async #ask(path: string, init: RequestInit) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(`${rig.url}${path}`, {
      ...init,
      redirect: 'manual',
      headers: {
        ...this.headers,
        ...(cookie === '' ? {} : { cookie }),
        ...Object.fromEntries(new Headers(init.headers)),
      },
    });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return { status: response.status, headers: response.headers, text: await response.text() };
  }
}

function hidden(page: string, name: string): string {
  return new RegExp(`name="${name}"\\s+value="([^"]*)"`).exec(page)?.[1] ?? '';
}

const fromRouter = (more: Record<string, string> = {}) =>
  `/portal/?${new URLSearchParams({
    mac: '02:00:00:00:00:01',
    ip: '10.5.50.7',
    'link-login-only': 'http://10.5.50.1/login',
    'link-orig': 'http://evil.example/',
    'chap-id': '\\215',
    'chap-challenge': '\\001\\002\\003',
    error: '',
    nas,
    ...more,
  }).toString()}`;

const signed = (page: string): string => encodeURIComponent(/[?&;]s=([\w.-]+)/.exec(page)?.[1] ?? '');

async function bought(visitor: Visitor) {
  const start = await visitor.get(fromRouter());
  const form = await visitor.get(`/portal/buy?package=${dayId}&s=${signed(start.text)}`);
  const answer = await visitor.post('/portal/buy', form.text, { package: dayId, phone: '+254 712 345678' });
  const to = answer.headers.get('location') ?? '';
  return { to, reference: /wait\/([\w-]+)/.exec(to)?.[1] ?? '' };
}

describe('the packages', () => {
  test('are those on sale to everybody at this router, in words', async () => {
    const { status, text } = await new Visitor().get(fromRouter());
    expect(status).toBe(200);
    expect(text).toContain('KSh 50');
    expect(text).toContain('At the market');
    expect(text).toMatch(/Valid for 1 day/);
    for (const hiddenOne of ['Elsewhere', 'For agents', '>Off<', 'Line']) expect(text).not.toContain(hiddenOne);
    expect((await new Visitor().get('/portal/')).text).not.toContain('At the market');
  });

  test('S4: what operators, routers and phones are called is shown as text', async () => {
    const start = await new Visitor().get(fromRouter({ error: HOSTILE, mac: HOSTILE }));
    const help = await new Visitor().get(`/portal/help?s=${signed(start.text)}`);
    expect(start.text).toContain('&lt;script&gt;');
    expect(help.text).toContain('Shop &quot;&gt;&lt;script&gt;');
    for (const { text } of [start, help]) expect(text).not.toContain(HOSTILE);
  });

  test('are told in the language of the browser, or the one chosen, from then on', async () => {
    const visitor = new Visitor({ 'accept-language': 'sw' });
    expect((await visitor.get('/portal/')).text).toContain('<html lang="sw">');
    expect((await visitor.get('/portal/?lang=en')).text).toContain('<html lang="en">');
    expect((await visitor.get('/portal/help')).text).toContain('<html lang="en">');
  });
});

describe('every answer', () => {
  test('is not kept by anybody, runs nothing but its own script and is framed by nobody', async () => {
    for (const path of ['/portal/', '/portal/login', '/portal/nothing']) {
      const { headers, text } = await new Visitor().get(path);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('referrer-policy')).toBe('same-origin');
      const nonce = /'nonce-([\w-]+)'/.exec(policy)?.[1] ?? '';
      expect(text).toContain(`nonce="${nonce}"`);
      for (const cookie of headers.getSetCookie()) expect(cookie).toMatch(/HttpOnly; SameSite=Lax/);
    }
  });

  test('to a path that is none says so', async () => {
    const { status, text } = await new Visitor().get('/portal/nothing');
    expect([status, text.includes('There is nothing here')]).toEqual([404, true]);
    expect((await new Visitor().get('/portal/constructor')).status).toBe(404);
  });
});

describe('buying', () => {
  test('takes any notation of a number, and remembers the purchase in this browser', async () => {
    const visitor = new Visitor();
    const { to, reference } = await bought(visitor);
    expect(rig.purchases.started.at(-1)).toMatchObject({
      packageId: dayId,
      msisdn: '254712345678',
      mac: '02:00:00:00:00:01',
      routerId: nas,
      createdBy: 'portal',
    });
    expect((await visitor.get(to)).text).toContain('Look at your phone');
    const back = await visitor.get(fromRouter());
    expect([back.status, back.headers.get('location')]).toEqual([
      303,
      expect.stringContaining(`/portal/wait/${reference}`),
    ]);
    expect((await visitor.get(`${fromRouter()}&new=1`)).text).toContain('Get online');
  });

  test('says what is wrong with a number, and what the payments say', async () => {
    const visitor = new Visitor();
    const form = await visitor.get(`/portal/buy?package=${dayId}`);
    const wrong = await visitor.post('/portal/buy', form.text, { package: dayId, phone: HOSTILE });
    expect([wrong.status, wrong.text.includes('not a Kenyan mobile number')]).toEqual([400, true]);
    expect(wrong.text).not.toContain(HOSTILE);
    const send = () => visitor.post('/portal/buy', form.text, { package: dayId, phone: '0712345678' });
    rig.purchases.refuseWith(paymentOutstanding());
    expect(await send()).toMatchObject({ status: 409, text: expect.stringContaining('asked for another payment') });
    rig.purchases.refuseWith(tooManyPurchases('device', 300));
    expect(await send()).toMatchObject({ status: 429, text: expect.stringContaining('Wait 5 minutes') });
    await visitor.get('/portal/?lang=sw');
    rig.purchases.refuseWith(tooManyPurchases('device', 300));
    const swahili = await send();
    expect(swahili).toMatchObject({ status: 429, text: expect.stringContaining('Subiri dakika 5 kisha ujaribu tena') });
    expect(swahili.text).not.toContain('This device');
    await visitor.get('/portal/?lang=en');
    rig.purchases.refuseWith(new AppError('internal', 'a secret of ours'));
    const failed = await send();
    expect([failed.status, failed.text.includes('a secret of ours')]).toEqual([500, false]);
  });

  test('tells the payments what they count by: the device, and the browser by a cookie that only we can make', async () => {
    const visitor = new Visitor();
    const form = await visitor.get(`/portal/buy?package=${dayId}`);
    const cookie = visitor.cookies.get('tp_browser') ?? '';
    const buy = async () => {
      await visitor.post('/portal/buy', form.text, { package: dayId, phone: '0712345678' });
      return rig.purchases.started.at(-1);
    };
    expect(await buy()).toMatchObject({ mac: undefined, browser: cookie.split('.')[0], language: 'en' });
    expect((await visitor.get('/portal/help')).headers.getSetCookie().join()).not.toContain('tp_browser');
    visitor.cookies.set('tp_browser', `invented.${cookie.split('.')[1]}`);
    expect(await buy()).toMatchObject({ browser: undefined });
  });

  test.each([...knownResultCodes, 'of tomorrow'])(
    'a payment that failed with %s says so in each language, and in no other',
    async (resultCode) => {
      const message = purchaseMessage({ state: 'failed', resultCode, refundedAt: null });
      expect(message).toEqual(customerSentence(resultCode));
      const { to, reference } = await bought(new Visitor());
      rig.purchases.settle(reference, { status: 'failed', message });
      for (const [mine, other] of [['en', 'sw'] as const, ['sw', 'en'] as const]) {
        const visitor = new Visitor({ 'accept-language': mine });
        const { text } = await visitor.get(to);
        expect(text).toContain(escapeHtml(message[mine]));
        expect(text).not.toContain(escapeHtml(message[other]));
        const headers = { 'accept-language': mine };
        const told: unknown = await (
          await fetch(`${rig.url}/api/v1/portal/purchases/${reference}`, { headers })
        ).json();
        expect(told).toMatchObject({ status: 'failed', text: message[mine], message });
      }
    },
  );

  test('S4: is refused to forms of other sites and of other browsers', async () => {
    const [mine, other] = [new Visitor(), new Visitor()];
    const form = await mine.get(`/portal/buy?package=${dayId}`);
    const theirs = await other.get(`/portal/buy?package=${dayId}`);
    const fields = { package: dayId, phone: '0712345678' };
    const before = rig.purchases.started.length;
    const tries = [
      await mine.post('/portal/buy', theirs.text, fields),
      await mine.post('/portal/buy', form.text, { ...fields, token: 'forged' }),
      await mine.post('/portal/buy', form.text, { ...fields, s: 'forged' }),
      await mine.post('/portal/buy', form.text, fields, { origin: 'http://evil.example' }),
      await mine.post('/portal/buy', form.text, fields, { origin: 'null' }),
      await mine.post('/portal/buy', form.text, fields, { 'sec-fetch-site': 'cross-site' }),
    ];
    expect(tries.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 403]);
    expect(rig.purchases.started.length).toBe(before);
    // A captive browser without cookies may buy, from our own page.
    mine.cookies.clear();
    expect((await mine.post('/portal/buy', form.text, fields)).status).toBe(303);
  });
});

describe('logging in at the router', () => {
  test('sends the answer to the challenge to the router, and nobody else', async () => {
    const visitor = new Visitor();
    const { to, reference } = await bought(visitor);
    rig.purchases.settle(reference, { status: 'paid', credentials: { username: HOSTILE, password: 'secret4you' } });
    const { text, headers } = await visitor.get(to);
    expect(text).toContain('action="http://10.5.50.1/login"');
    expect(hidden(text, 'password')).toMatch(/^[0-9a-f]{32}$/);
    expect(hidden(text, 'dst')).toBe(`${rig.url}/portal/status`);
    expect(text).not.toContain(HOSTILE);
    expect(text).not.toContain('evil.example');
    expect(headers.get('content-security-policy')).toContain("form-action 'self' http://10.5.50.1;");
  });

  test('S4: never happens at an address that is no router in the phone’s network', async () => {
    for (const link of ['http://evil.example/login', 'http://8.8.8.8/login', 'javascript:alert(1)']) {
      const visitor = new Visitor();
      const { reference } = await bought(visitor);
      rig.purchases.settle(reference, { status: 'paid', credentials: { username: 'u', password: 'secret4you' } });
      const start = await visitor.get(`${fromRouter({ 'link-login-only': link })}&new=1`);
      const { text, headers } = await visitor.get(`/portal/wait/${reference}?s=${signed(start.text)}`);
      expect(text).toContain('Join the WiFi');
      expect(text).not.toContain('id="connect"');
      expect(headers.get('content-security-policy')).toContain("form-action 'self';");
    }
  });

  test('is tried once more by itself with the router’s next challenge, then left to the person', async () => {
    const visitor = new Visitor();
    const { to, reference } = await bought(visitor);
    rig.purchases.settle(reference, { status: 'paid', credentials: { username: 'u', password: 'secret4you' } });
    const first = await visitor.get(to);
    const refused = fromRouter({ error: 'invalid password', 'chap-challenge': '\\004\\005' });
    const second = await visitor.get(refused);
    expect(second.text).toContain('You are ready to go');
    expect(hidden(second.text, 'password')).toMatch(/^[0-9a-f]{32}$/);
    expect(hidden(second.text, 'password')).not.toBe(hidden(first.text, 'password'));
    const third = await visitor.get(refused);
    expect(third.text).toContain('Connecting did not work yet');
    expect(third.text).toContain('invalid password');
    expect(third.text).not.toMatch(/<script[^>]*>[^<]*submit/);
    // Another browser can make nothing of what this one keeps.
    const thief = new Visitor();
    thief.cookies.set('tp_login', visitor.cookies.get('tp_login') ?? '');
    expect((await thief.get(refused)).text).not.toContain('id="connect"');
  });

  test('is offered to a device that the router knows by its address, without a password', async () => {
    const customerId = await rig.rows.customer('remembered', 'unknown');
    await rig.rows.entitlement(customerId, { macLogin: true });
    await rig.postgres.database.db.customerDevice.create({ data: { customerId, mac: '02:00:00:00:00:77' } });
    const { text } = await new Visitor().get(fromRouter({ mac: '02:00:00:00:00:77', 'chap-id': '' }));
    expect(text).toContain('We know this device');
    expect([hidden(text, 'username'), hidden(text, 'password')]).toEqual(['02:00:00:00:00:77', '']);
    expect((await new Visitor().get(fromRouter())).text).not.toContain('We know this device');
  });
});

describe('who has paid and is not online', () => {
  test('is found by receipt and phone together, and goes on from there', async () => {
    const { reference } = await bought(new Visitor());
    rig.purchases.settle(reference, { status: 'paid', credentials: { username: 'u', password: 'secret4you' } });
    rig.purchases.receipt('SGL7XK2M4P', '254712345678', reference);
    const visitor = new Visitor();
    const page = (await visitor.get('/portal/paid')).text;
    const find = (receipt: string, phone: string) => visitor.post('/portal/paid', page, { receipt, phone });
    expect((await find('SGL7XK2M4P', '0799999999')).text).toContain('no payment with this receipt');
    expect((await find('SGL7XK2M4P', '')).text).toContain('both the receipt and the phone');
    const found = await find(' sgl7xk2m4p ', '0712 345 678');
    expect(found.headers.get('location')).toContain(`/portal/wait/${reference}`);
  });

  test('cannot try receipts without end', async () => {
    const visitor = new Visitor();
    const page = (await visitor.get('/portal/paid')).text;
    const statuses: number[] = [];
    for (let tries = 0; tries < 12; tries += 1) {
      const { status } = await visitor.post('/portal/paid', page, {
        receipt: 'AAAAAAAAAA',
        phone: `07123456${10 + tries}`,
      });
      statuses.push(status);
    }
    expect(statuses.slice(-2)).toEqual([429, 429]);
  });
});

describe('vouchers and passwords', () => {
  test('a code is used, and each refusal is explained', async () => {
    const visitor = new Visitor();
    const page = (await visitor.get('/portal/voucher?code=ABCD-EFGH-JKMN')).text;
    expect(page).toContain('value="ABCD-EFGH-JKMN"');
    for (const [kind, words] of [
      ['unknown', 'do not know this code'],
      ['revoked', 'cancelled'],
      ['expired', 'not used in time'],
      ['used', 'another account'],
    ] as const) {
      rig.codes.set('ABCD-EFGH-JKMN', { kind });
      const answer = await visitor.post('/portal/voucher', page, { code: 'abcd-efgh-jkmn' });
      expect([kind, answer.text.includes(words)]).toEqual([kind, true]);
    }
    rig.codes.set('ABCD-EFGH-JKMN', { kind: 'limited', retryAfterSeconds: 60 });
    expect((await visitor.post('/portal/voucher', page, { code: 'abcd-efgh-jkmn' })).status).toBe(429);
  });

  test('S3: a wrong password is refused in words, ten times; the right one shows what is left', async () => {
    const customerId = await rig.rows.customer('asha', 'open sesame', { msisdn: '254700000001' });
    const visitor = new Visitor();
    const page = (await visitor.get('/portal/login')).text;
    const send = (password: string) => visitor.post('/portal/login', page, { username: '0700 000 001', password });
    expect(await send('wrong')).toMatchObject({ status: 401, text: expect.stringContaining('do not fit together') });
    expect((await send('open sesame')).text).toContain('Your package has ended');
    await rig.rows.entitlement(customerId, { quotaOctets: 3_000_000_000n });
    expect((await send('open sesame')).headers.get('location')).toContain('/portal/status');
    const status = await visitor.get('/portal/status');
    expect(status.text).toContain('3 GB');
    expect((await new Visitor().get('/portal/status')).text).toContain('We cannot tell who you are');
    for (let tries = 0; tries < 10; tries += 1) await send('wrong');
    expect((await send('open sesame')).status).toBe(429);
  });

  test('a device is removed only by its owner', async () => {
    const { db } = rig.postgres.database;
    const customerId = await rig.rows.customer('owner', 'open sesame');
    await rig.rows.entitlement(customerId);
    await db.customerDevice.create({ data: { customerId, mac: '02:00:00:00:00:0F', name: HOSTILE } });
    const stranger = new Visitor();
    const page = (await stranger.get('/portal/login')).text;
    const fields = { device: '02:00:00:00:00:0F' };
    expect((await stranger.post('/portal/devices/remove', page, fields)).headers.get('location')).toContain('/login');
    const owner = new Visitor();
    const login = (await owner.get('/portal/login')).text;
    await owner.post('/portal/login', login, { username: 'owner', password: 'open sesame' });
    const mine = (await owner.get('/portal/status')).text;
    expect(mine).not.toContain(HOSTILE);
    expect(await db.customerDevice.count({ where: { customerId } })).toBe(1);
    const removed = await owner.post('/portal/devices/remove', mine, fields);
    expect((await owner.get(removed.headers.get('location') ?? '')).text).toContain('has been removed');
    expect(await db.customerDevice.count({ where: { customerId } })).toBe(0);
  });
});
