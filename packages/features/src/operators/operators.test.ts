import { hashToken, newToken } from '@turnpike/core/tokens.js';
import { permissionsOfRole } from '@turnpike/contracts/permissions.js';
import { verifyAuditChain } from '../audit/audit.store.js';
import { createAuthenticator } from './authenticator.js';
import { ensureFirstOperator, ensureOperatorToken } from './first-operator.js';
import { loginLimits } from './login-limits.js';
import { openOperatorsRig, OWNER, REUSE_MS, type OperatorsRig } from './operators-rig.js';

let rig: OperatorsRig;

beforeAll(async () => {
  rig = await openOperatorsRig();
});

afterAll(() => rig.close());

beforeEach(() => rig.renew());

afterEach(() => rig.stopServer());

const call: OperatorsRig['call'] = (...request) => rig.call(...request);
const signIn: OperatorsRig['signIn'] = (login) => rig.signIn(login);
const addOperator: OperatorsRig['addOperator'] = (token, role) => rig.addOperator(token, role);

describe('signing in', () => {
  test('gives a token of 12 hours that tells who I am and what I may do', async () => {
    const { body } = await call('POST', '/auth/login', {
      body: { email: OWNER.email.toUpperCase(), password: OWNER.password },
    });
    expect(body['token']).toMatch(/^tps_[A-Za-z0-9_-]{43}$/);
    expect(Date.parse(String(body['expiresAt'])) - rig.clock.now().getTime()).toBe(12 * 3_600_000);
    const me = await call('GET', '/me', { token: String(body['token']) });
    expect(me.status).toBe(200);
    expect(me.body).toMatchObject({ email: OWNER.email, role: 'owner', disabledAt: null });
    expect(me.body['permissions']).toEqual([...permissionsOfRole.owner]);
    expect(JSON.stringify(me.body)).not.toContain('argon2');
  });

  test('S3: a wrong password, an unknown and a disabled account get the same answer', async () => {
    const token = await signIn();
    const gone = await addOperator(token, 'viewer');
    await call('PATCH', `/operators/${gone.id}`, { token, body: { disabled: true } });
    const answers = await Promise.all(
      [
        { email: OWNER.email, password: 'not it' },
        { email: 'nobody@example.net', password: OWNER.password },
        { email: gone.email, password: gone.password },
      ].map((body) => call('POST', '/auth/login', { body })),
    );
    const told = answers.map(({ status, body: { requestId: _, ...body } }) => ({ status, body }));
    expect(told[0]).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    expect(told[1]).toEqual(told[0]);
    expect(told[2]).toEqual(told[0]);
  });

  test('S3: the 11th wrong try is refused with 429 and Retry-After, even with the right password', async () => {
    const guess = (password: string) => call('POST', '/auth/login', { body: { email: OWNER.email, password } });
    for (let n = 0; n < loginLimits.accountAndAddress.tries; n += 1) expect((await guess('wrong')).status).toBe(401);
    const refused = await guess(OWNER.password);
    expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(600);
  });

  test('S7: a wrong body is refused, naming the field', async () => {
    const issuesOf = async (body: unknown) => {
      const answer = await call('POST', '/auth/login', { body });
      expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
      return answer.body['issues'];
    };
    expect(await issuesOf({ password: 'x' })).toEqual([expect.objectContaining({ path: 'email' })]);
    expect(await issuesOf({ email: 'no address', password: 'x' })).toEqual([
      expect.objectContaining({ path: 'email' }),
    ]);
    expect(await issuesOf({ email: OWNER.email, password: 7 })).toEqual([
      expect.objectContaining({ path: 'password' }),
    ]);
    expect(await issuesOf({ ...OWNER, role: 'owner' })).toEqual([
      { path: 'name', message: 'unknown field', code: 'unknown_field' },
      { path: 'role', message: 'unknown field', code: 'unknown_field' },
    ]);
  });

  test('S8: neither tokens nor passwords are in the database', async () => {
    const token = await signIn();
    const made = await call('POST', '/api-tokens', {
      token,
      body: { name: 'canary' },
      headers: { 'idempotency-key': `canary-${rig.round}` },
    });
    const tables = await rig.postgres.database.db.$queryRaw<{ dump: string }[]>`
      SELECT row_to_json(t)::text AS dump FROM operator t UNION ALL SELECT row_to_json(t)::text FROM auth_token t
      UNION ALL SELECT row_to_json(t)::text FROM audit_entry t UNION ALL SELECT row_to_json(t)::text FROM idempotency_key t`;
    const dump = tables.map((row) => row.dump).join('\n');
    expect(dump).toContain('canary');
    for (const secret of [token, String(made.body['token']), OWNER.password]) expect(dump).not.toContain(secret);
  });
});

describe('the end of a token', () => {
  test('S1: a token revoked here is refused by another process within a second', async () => {
    const token = await signIn();
    const other = createAuthenticator({ db: rig.postgres.database.db, clock: rig.clock, reuseMs: REUSE_MS });
    expect(await other(token)).toMatchObject({ name: OWNER.name });
    expect((await call('POST', '/auth/logout', { token })).status).toBe(204);
    rig.clock.advance(999);
    expect(await other(token)).toBeUndefined();
    expect((await call('GET', '/me', { token })).status).toBe(401);
  });

  test('S1: asked without pause, another process never answers from more than half a second ago', async () => {
    const token = await signIn();
    const other = createAuthenticator({ db: rig.postgres.database.db, clock: rig.clock, reuseMs: REUSE_MS });
    await other(token);
    await call('POST', '/auth/logout', { token });
    const accepted: number[] = [];
    for (let ms = 0; ms <= 1_000; ms += 100) {
      if ((await other(token)) !== undefined) accepted.push(ms);
      rig.clock.advance(100);
    }
    expect(Math.max(...accepted, 0)).toBeLessThan(REUSE_MS);
  });

  test('ends by itself after 12 hours, also while it is in use', async () => {
    const token = await signIn();
    rig.clock.advance(12 * 3_600_000 - 100);
    expect((await call('GET', '/me', { token })).status).toBe(200);
    rig.clock.advance(101);
    expect((await call('GET', '/me', { token })).status).toBe(401);
  });

  test('S1: refreshing gives a new token and ends the old one; the old one cannot be exchanged twice', async () => {
    const token = await signIn();
    const [first, second] = await Promise.all([
      call('POST', '/auth/refresh', { token }),
      call('POST', '/auth/refresh', { token }),
    ]);
    expect([first?.status, second?.status].sort()).toEqual([200, 401]);
    const fresh = String((first?.status === 200 ? first : second)?.body['token']);
    rig.letCachesAge();
    expect((await call('GET', '/me', { token })).status).toBe(401);
    expect((await call('GET', '/me', { token: fresh })).status).toBe(200);
  });

  test('S1: disabling an operator ends all tokens, sessions and API tokens alike, for good', async () => {
    const owner = await signIn();
    const admin = await addOperator(owner, 'admin');
    const session = await signIn(admin);
    const made = await call('POST', '/api-tokens', { token: session, body: { name: 'script' } });
    const api = String(made.body['token']);
    expect((await call('GET', '/me', { token: api })).status).toBe(200);
    await call('PATCH', `/operators/${admin.id}`, { token: owner, body: { disabled: true } });
    rig.letCachesAge();
    for (const token of [session, api]) expect((await call('GET', '/me', { token })).status).toBe(401);
    await call('PATCH', `/operators/${admin.id}`, { token: owner, body: { disabled: false } });
    rig.letCachesAge();
    for (const token of [session, api]) expect((await call('GET', '/me', { token })).status).toBe(401);
    await signIn(admin);
  });

  test('a new password ends the sessions opened with the old one, but not the session that sets it', async () => {
    const owner = await signIn();
    const other = await addOperator(owner, 'owner');
    const [stolen, own] = [await signIn(other), await signIn(other)];
    const changed = await call('PATCH', `/operators/${other.id}`, {
      token: own,
      body: { password: 'yet another password' },
    });
    expect(changed.status).toBe(200);
    rig.letCachesAge();
    expect((await call('GET', '/me', { token: stolen })).status).toBe(401);
    expect((await call('GET', '/me', { token: own })).status).toBe(200);
    await signIn({ email: other.email, password: 'yet another password' });
    await call('PATCH', `/operators/${other.id}`, { token: owner, body: { role: 'viewer' } });
  });

  test('a role that is taken away is gone within a second', async () => {
    const owner = await signIn();
    const admin = await addOperator(owner, 'admin');
    const token = await signIn(admin);
    expect((await call('GET', '/audit', { token })).status).toBe(200);
    await call('PATCH', `/operators/${admin.id}`, { token: owner, body: { role: 'viewer' } });
    rig.letCachesAge();
    expect((await call('GET', '/audit', { token })).status).toBe(403);
  });

  test.each(['tps_short', 'tpx_' + 'a'.repeat(43), 'tps_' + 'a'.repeat(43), ''])('refuses %p', async (token) => {
    expect((await call('GET', '/me', { token })).status).toBe(401);
  });
});

describe('operators', () => {
  test('the last owner can neither be disabled nor demoted', async () => {
    const token = await signIn();
    const me = await call('GET', '/me', { token });
    for (const body of [{ disabled: true }, { role: 'admin' }]) {
      const answer = await call('PATCH', `/operators/${String(me.body['id'])}`, { token, body });
      expect(answer).toMatchObject({ status: 409, body: { code: 'conflict' } });
    }
    const renamed = await call('PATCH', `/operators/${String(me.body['id'])}`, { token, body: { name: OWNER.name } });
    expect(renamed.status).toBe(200);
  });

  test('two owners who demote each other at the same time: one stays owner', async () => {
    const token = await signIn();
    const me = await call('GET', '/me', { token });
    const second = await addOperator(token, 'owner');
    const secondToken = await signIn(second);
    const answers = await Promise.all([
      call('PATCH', `/operators/${second.id}`, { token, body: { role: 'viewer' } }),
      call('PATCH', `/operators/${String(me.body['id'])}`, { token: secondToken, body: { role: 'viewer' } }),
    ]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
    // Back to one known owner for the other tests.
    await rig.postgres.database.db.operator.update({ where: { email: OWNER.email }, data: { role: 'owner' } });
    await rig.postgres.database.db.operator.update({ where: { id: second.id }, data: { role: 'viewer' } });
  });

  test('an e-mail address belongs to one operator, whatever its case', async () => {
    const token = await signIn();
    const body = { email: OWNER.email.toUpperCase(), name: 'Twin', role: 'viewer', password: 'a long enough password' };
    expect(await call('POST', '/operators', { token, body })).toMatchObject({
      status: 409,
      body: { code: 'name_taken', issues: [{ path: 'email' }] },
    });
  });

  test('an operator who is not there is 404', async () => {
    const token = await signIn();
    const path = '/operators/00000000-0000-7000-8000-000000000000';
    expect((await call('PATCH', path, { token, body: { name: 'x' } })).status).toBe(404);
  });

  test('lists page by page without loss or repetition', async () => {
    const token = await signIn();
    for (let n = 0; n < 3; n += 1) await addOperator(token, 'viewer');
    const seen: unknown[] = [];
    for (let cursor: unknown = ''; cursor !== null;) {
      const page = await call('GET', `/operators?limit=2${cursor === '' ? '' : `&cursor=${String(cursor)}`}`, {
        token,
      });
      const items: unknown = page.body['items'];
      if (!Array.isArray(items)) throw new Error('no items');
      seen.push(...items.map((item: { id: string }) => item.id));
      cursor = page.body['nextCursor'];
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength(await rig.postgres.database.db.operator.count());
    expect((await call('GET', '/operators?cursor=1%20or%201', { token })).status).toBe(400);
  });

  test('making the first operator again changes nothing', async () => {
    const again = await rig.postgres.database.transact((tx) =>
      ensureFirstOperator(tx, { ...OWNER, email: 'other@example.net', password: 'something else' }),
    );
    expect(again.created).toBe(false);
    await signIn();
  });
});

describe('API tokens', () => {
  test('carry the scopes they were made with, and nothing more', async () => {
    const session = await signIn();
    const made = await call('POST', '/api-tokens', {
      token: session,
      body: { name: 'reader', scopes: ['audit:read'] },
    });
    expect(made).toMatchObject({ status: 201, body: { name: 'reader', scopes: ['audit:read'], expiresAt: null } });
    const token = String(made.body['token']);
    expect(token).toMatch(/^tpa_/);
    expect((await call('GET', '/audit', { token })).status).toBe(200);
    expect((await call('GET', '/operators', { token })).status).toBe(403);
    expect((await call('GET', '/me', { token })).body['permissions']).toEqual(['audit:read']);
    expect((await call('POST', '/auth/refresh', { token })).status).toBe(403);
  });

  test('S2: a scoped token cannot make one that may do more than itself', async () => {
    const session = await signIn();
    const made = await call('POST', '/api-tokens', {
      token: session,
      body: { name: 'maker', scopes: ['tokens:manage'] },
    });
    const token = String(made.body['token']);
    const wider = await call('POST', '/api-tokens', { token, body: { name: 'x', scopes: ['operators:manage'] } });
    expect(wider.status).toBe(403);
    const same = await call('POST', '/api-tokens', { token, body: { name: 'x' } });
    expect(same).toMatchObject({ status: 201, body: { scopes: ['tokens:manage'] } });
  });

  test('expire at the time asked for, which has to be in the future', async () => {
    const token = await signIn();
    const at = (ms: number) => new Date(rig.clock.now().getTime() + ms).toISOString();
    const past = await call('POST', '/api-tokens', { token, body: { name: 'x', expiresAt: at(-1) } });
    expect(past).toMatchObject({ status: 400, body: { issues: [{ path: 'expiresAt' }] } });
    const made = await call('POST', '/api-tokens', { token, body: { name: 'x', expiresAt: at(60_000) } });
    const api = String(made.body['token']);
    expect((await call('GET', '/me', { token: api })).status).toBe(200);
    rig.clock.advance(60_000);
    expect((await call('GET', '/me', { token: api })).status).toBe(401);
  });

  test('S2: belong to their maker: others neither see nor revoke them', async () => {
    const owner = await signIn();
    const admin = await signIn(await addOperator(owner, 'admin'));
    const made = await call('POST', '/api-tokens', { token: owner, body: { name: 'mine' } });
    const id = String(made.body['id']);
    expect((await call('GET', '/api-tokens', { token: admin })).body).toEqual({ items: [], nextCursor: null });
    expect((await call('DELETE', `/api-tokens/${id}`, { token: admin })).status).toBe(404);
    expect((await call('DELETE', `/api-tokens/${id}`, { token: owner })).status).toBe(204);
    expect((await call('DELETE', `/api-tokens/${id}`, { token: owner })).status).toBe(404);
    rig.letCachesAge();
    expect((await call('GET', '/me', { token: String(made.body['token']) })).status).toBe(401);
  });

  test('an Idempotency-Key gives the same token again rather than a second one', async () => {
    const token = await signIn();
    const make = () =>
      call('POST', '/api-tokens', {
        token,
        body: { name: 'once' },
        headers: { 'idempotency-key': `once-${rig.round}` },
      });
    const [first, again] = [await make(), await make()];
    expect(first.status).toBe(201);
    expect(again.body).toEqual(first.body);
  });

  test('the token of the seed may do what its operator may', async () => {
    const { database } = rig.postgres;
    const { id } = await database.transact((tx) => ensureFirstOperator(tx, OWNER));
    const token = newToken('tpa');
    const input = { operatorId: id, name: 'seed', hash: hashToken(token) };
    expect(await database.transact((tx) => ensureOperatorToken(tx, input))).toEqual({ created: true });
    expect(await database.transact((tx) => ensureOperatorToken(tx, input))).toEqual({ created: false });
    expect((await call('GET', '/operators', { token })).status).toBe(200);
  });
});

describe('audit', () => {
  test('S10: tells every change, newest first, page by page, and the chain is whole', async () => {
    const token = await signIn();
    const { id } = await addOperator(token, 'support');
    await call('PATCH', `/operators/${id}`, { token, body: { password: 'a password of theirs', disabled: true } });
    const first = await call('GET', '/audit?limit=2', { token });
    expect(first.body['items']).toMatchObject([
      {
        action: 'operator.updated',
        subjectId: id,
        details: { before: { disabled: false }, after: { disabled: true }, passwordChanged: true, tokensRevoked: 0 },
      },
      { action: 'operator.created', subjectId: id, details: { after: { role: 'support', sites: null } } },
    ]);
    expect(JSON.stringify(first.body)).not.toContain('a password of theirs');
    const next = await call('GET', `/audit?limit=1&cursor=${String(first.body['nextCursor'])}`, { token });
    expect(next.body['items']).toMatchObject([{ action: 'operator.stepped_up' }]);
    expect(await verifyAuditChain(rig.postgres.database.db)).toMatchObject({ ok: true });
  });
});
