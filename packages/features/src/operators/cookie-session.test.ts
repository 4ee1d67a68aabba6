import { openOperatorsRig, OWNER, type Answer, type OperatorsRig } from './operators-rig.js';

let rig: OperatorsRig;

beforeAll(async () => {
  rig = await openOperatorsRig({ secureCookies: true });
});

afterAll(() => rig.close());

beforeEach(() => rig.renew());

afterEach(() => rig.stopServer());

const CONSOLE = { 'x-turnpike-console': '1' };
const LOGIN = { email: OWNER.email, password: OWNER.password };

/** What a browser would send back. */
function cookieOf(answer: Answer): string {
  const [first = ''] = answer.headers.getSetCookie();
  return first.split(';')[0] ?? '';
}

async function signInByCookie(): Promise<string> {
  const answer = await rig.call('POST', '/auth/login', { body: { ...LOGIN, as: 'cookie' } });
  expect(answer.status).toBe(200);
  return cookieOf(answer);
}

const withCookie = (cookie: string, more: Record<string, string> = {}) => ({ headers: { cookie, ...more } });

describe('a session by cookie', () => {
  test('S1: the token is in a cookie that scripts and other sites cannot use, and not in the answer', async () => {
    const answer = await rig.call('POST', '/auth/login', { body: { ...LOGIN, as: 'cookie' } });
    expect(answer.body).toEqual({ token: '', expiresAt: expect.any(String) });
    const [cookie = ''] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/^turnpike_session=tps_[A-Za-z0-9_-]{43}; Expires=/);
    for (const rule of ['Path=/', 'HttpOnly', 'SameSite=Strict', 'Secure']) expect(cookie.split('; ')).toContain(rule);
    const expires = Date.parse(/Expires=([^;]+)/.exec(cookie)?.[1] ?? '');
    expect(Math.abs(expires - Date.parse(String(answer.body['expiresAt'])))).toBeLessThan(1_000);
  });

  test('a login for a token sets no cookie', async () => {
    const answer = await rig.call('POST', '/auth/login', { body: LOGIN });
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(answer.body['token']).toMatch(/^tps_/);
  });

  test('reads with the cookie alone', async () => {
    const cookie = await signInByCookie();
    expect(await rig.call('GET', '/me', withCookie(`other=1; ${cookie}; more=2`))).toMatchObject({
      status: 200,
      body: { email: OWNER.email, twoFactor: false, sites: null, stepUpUntil: null },
    });
  });

  test.each<Record<string, string>>([{}, { 'x-turnpike-console': '0' }, { origin: 'https://elsewhere.example' }])(
    'S4: a write with the cookie needs the header of the console: %p does not do',
    async (headers) => {
      const cookie = await signInByCookie();
      const refused = await rig.call('POST', '/auth/logout', withCookie(cookie, headers));
      expect(refused).toMatchObject({ status: 403, body: { code: 'forbidden' } });
      expect(refused.body['detail']).toContain('X-Turnpike-Console: 1');
      expect((await rig.call('GET', '/me', withCookie(cookie))).status).toBe(200);
    },
  );

  test('S4: no other site is let in by CORS, so that it cannot send the header', async () => {
    const origin = 'https://elsewhere.example';
    const headers = {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-turnpike-console',
    };
    const asked = await rig.call('OPTIONS', '/auth/logout', { headers });
    expect(asked.headers.get('access-control-allow-origin')).toBeNull();
    expect(asked.headers.get('access-control-allow-headers')).toBeNull();
  });

  test('a bearer header wins over the cookie, and needs no header of the console', async () => {
    const cookie = await signInByCookie();
    const token = await rig.signIn();
    expect((await rig.call('POST', '/auth/logout', { token, headers: { cookie } })).status).toBe(204);
    rig.letCachesAge();
    expect((await rig.call('GET', '/me', { token })).status).toBe(401);
    expect((await rig.call('GET', '/me', withCookie(cookie))).status).toBe(200);
  });

  test('the password of a proxy in front does not hide the cookie', async () => {
    const cookie = await signInByCookie();
    const headers = { cookie, authorization: `Basic ${Buffer.from('a:b').toString('base64')}` };
    expect((await rig.call('GET', '/me', { headers })).status).toBe(200);
  });

  test('signing out ends the session and clears the cookie', async () => {
    const cookie = await signInByCookie();
    const out = await rig.call('POST', '/auth/logout', withCookie(cookie, CONSOLE));
    expect(out.status).toBe(204);
    expect(out.headers.getSetCookie()[0]).toMatch(/^turnpike_session=; Expires=Thu, 01 Jan 1970/);
    rig.letCachesAge();
    expect((await rig.call('GET', '/me', withCookie(cookie))).status).toBe(401);
  });

  test('refreshing gives a new cookie and ends the session of the old one, keeping its step-up', async () => {
    const old = await signInByCookie();
    const step = { body: { password: OWNER.password }, ...withCookie(old, CONSOLE) };
    const { stepUpUntil } = (await rig.call('POST', '/auth/step-up', step)).body;
    rig.letCachesAge();
    const answer = await rig.call('POST', '/auth/refresh', withCookie(old, CONSOLE));
    expect(answer).toMatchObject({ status: 200, body: { token: '' } });
    const fresh = cookieOf(answer);
    expect(fresh).not.toBe(old);
    rig.letCachesAge();
    expect((await rig.call('GET', '/me', withCookie(old))).status).toBe(401);
    expect((await rig.call('GET', '/me', withCookie(fresh))).body).toMatchObject({ stepUpUntil });
  });

  test.each(['turnpike_session=', 'turnpike_session=tps_short', 'turnpike_session', 'turnpike_sessions=x', '=;;='])(
    'refuses the cookie %p',
    async (cookie) => {
      expect((await rig.call('GET', '/me', withCookie(cookie))).status).toBe(401);
    },
  );
});

describe('where somebody is signed in', () => {
  const listed = async (token: string, path = '/me/sessions') => {
    const { status, body } = await rig.call('GET', path, { token });
    expect(status).toBe(200);
    const items: unknown = body['items'];
    if (!Array.isArray(items)) throw new Error('no items');
    return items.map((item: Record<string, unknown>) => item);
  };

  test('tells of each session when, with what and from where, and which is this one', async () => {
    const token = await rig.signIn();
    const headers = { 'user-agent': `Firefox ${'x'.repeat(300)}` };
    const other = await rig.call('POST', '/auth/login', { body: LOGIN, headers });
    const [newest, own] = await listed(token);
    expect(newest).toMatchObject({ current: false, ip: '127.0.0.1', lastSeenAt: null });
    expect(String(newest?.['userAgent'])).toMatch(/^Firefox x{192}$/);
    expect(own).toMatchObject({ current: true, lastSeenAt: expect.any(String), expiresAt: expect.any(String) });
    await rig.call('POST', '/auth/logout', { token: String(other.body['token']) });
    expect((await listed(token)).map((item) => item['current'])).not.toContain(newest?.['id']);
  });

  test('when it was seen last is noted once a minute', async () => {
    const token = await rig.signIn();
    const seen = async () => {
      rig.letCachesAge();
      const own = (await listed(token)).find((item) => item['current'] === true);
      return Date.parse(String(own?.['lastSeenAt']));
    };
    const first = await seen();
    rig.clock.advance(30_000);
    expect(await seen()).toBe(first);
    rig.clock.advance(30_000);
    await seen();
    // The note is made beside the answer, so the next answer has it for certain.
    expect(await seen()).toBeGreaterThanOrEqual(first + 60_000);
  });

  test('S1: ends one of the own sessions at once, and no session of somebody else', async () => {
    const token = await rig.signIn();
    const lost = await rig.signIn();
    const viewer = await rig.addOperator(token, 'viewer');
    const theirs = await rig.call('POST', '/auth/login', { body: { email: viewer.email, password: viewer.password } });
    const [theirSession] = await listed(token, `/operators/${viewer.id}/sessions`);
    const own = await listed(token);
    const lostId = String((await listed(lost)).find((item) => item['current'] === true)?.['id']);
    expect(own.map((item) => item['id'])).toContain(lostId);
    expect((await rig.call('DELETE', `/me/sessions/${String(theirSession?.['id'])}`, { token })).status).toBe(404);
    expect((await rig.call('DELETE', `/me/sessions/${lostId}`, { token })).status).toBe(204);
    expect((await rig.call('DELETE', `/me/sessions/${lostId}`, { token })).status).toBe(404);
    rig.letCachesAge();
    expect((await rig.call('GET', '/me', { token: lost })).status).toBe(401);
    expect((await rig.call('GET', '/me', { token: String(theirs.body['token']) })).status).toBe(200);
  });

  test('S1: an owner sees and ends the sessions of others; a viewer does neither', async () => {
    const owner = await rig.signIn();
    const viewer = await rig.addOperator(owner, 'viewer');
    const token = await rig.signIn(viewer);
    const path = `/operators/${viewer.id}/sessions`;
    expect((await rig.call('GET', path, { token })).status).toBe(403);
    const [session] = await listed(owner, path);
    expect((await rig.call('DELETE', `${path}/${String(session?.['id'])}`, { token: owner })).status).toBe(204);
    rig.letCachesAge();
    expect((await rig.call('GET', '/me', { token })).status).toBe(401);
    expect(await listed(owner, path)).toEqual([]);
    const nobody = '/operators/00000000-0000-7000-8000-000000000000/sessions';
    expect((await rig.call('GET', nobody, { token: owner })).status).toBe(404);
  });

  test('S1: an API token ends no session', async () => {
    const token = await rig.signIn();
    const made = await rig.call('POST', '/api-tokens', { token, body: { name: 'script' } });
    const [session] = await listed(token);
    const path = `/me/sessions/${String(session?.['id'])}`;
    expect((await rig.call('DELETE', path, { token: String(made.body['token']) })).status).toBe(403);
  });

  test('ending the session of this cookie clears the cookie', async () => {
    const cookie = await signInByCookie();
    const { body } = await rig.call('GET', '/me/sessions', withCookie(cookie));
    const items: unknown = body['items'];
    const own = Array.isArray(items) ? items.find((item: { current: boolean }) => item.current) : undefined;
    const ended = await rig.call('DELETE', `/me/sessions/${String(own.id)}`, withCookie(cookie, CONSOLE));
    expect(ended.status).toBe(204);
    expect(ended.headers.getSetCookie()[0]).toMatch(/^turnpike_session=;/);
  });
});
