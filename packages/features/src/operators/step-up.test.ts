import { permissions } from '@turnpike/contracts/permissions.js';
import { openOperatorsRig, OWNER, type OperatorsRig } from './operators-rig.js';
import { createProofLimits, proofLimits } from './proof-limits.js';

let rig: OperatorsRig;

beforeAll(async () => {
  rig = await openOperatorsRig();
});

afterAll(() => rig.close());

beforeEach(() => rig.renew());

afterEach(() => rig.stopServer());

async function plainSession(): Promise<string> {
  const { body } = await rig.call('POST', '/auth/login', { body: { email: OWNER.email, password: OWNER.password } });
  return String(body['token']);
}

const makeToken = (token: string) => rig.call('POST', '/api-tokens', { token, body: { name: 'script' } });
const stepUp = (token: string, body: unknown = { password: OWNER.password }) =>
  rig.call('POST', '/auth/step-up', { token, body });

describe('stepping up', () => {
  test('S1: a session is asked once more who it is, and may go on for ten minutes', async () => {
    const token = await plainSession();
    expect(await makeToken(token)).toMatchObject({ status: 403, body: { code: 'step_up_required' } });
    const { status, body } = await stepUp(token);
    expect(status).toBe(200);
    expect(Date.parse(String(body['stepUpUntil'])) - rig.clock.now().getTime()).toBe(600_000);
    // At once, although the authenticator's answer of a moment ago knows nothing of it.
    expect((await makeToken(token)).status).toBe(201);
    const until = async () => (await rig.call('GET', '/me', { token })).body['stepUpUntil'];
    expect(await until()).toBe(body['stepUpUntil']);
    rig.clock.advance(600_000);
    expect(await until()).toBeNull();
    expect(await makeToken(token)).toMatchObject({ status: 403, body: { code: 'step_up_required' } });
  });

  test('S1: it holds for this session only', async () => {
    const [one, other] = [await plainSession(), await plainSession()];
    await stepUp(one);
    expect((await makeToken(one)).status).toBe(201);
    expect((await makeToken(other)).status).toBe(403);
  });

  test('an API token is not asked, and cannot step up', async () => {
    const session = await rig.signIn();
    const token = String((await makeToken(session)).body['token']);
    expect((await makeToken(token)).status).toBe(201);
    expect(await stepUp(token)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });

  test('S3: a wrong password does not end the session; after five the right one is refused too, until ten minutes later', async () => {
    const token = await plainSession();
    for (let n = 0; n < proofLimits.place.tries; n += 1) {
      expect(await stepUp(token, { password: 'wrong' })).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    }
    const refused = await stepUp(token);
    expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(500);
    expect((await rig.call('GET', '/me', { token })).status).toBe(200);
    expect((await stepUp(await plainSession())).status).toBe(200);
  });

  test('S3: a session that was exchanged for another has no more tries than it had', async () => {
    const token = await plainSession();
    for (let n = 1; n < proofLimits.place.tries; n += 1) await stepUp(token, { password: 'wrong' });
    const refreshed = async (before: string) =>
      String((await rig.call('POST', '/auth/refresh', { token: before })).body['token']);
    const second = await refreshed(token);
    expect(await stepUp(second, { password: 'wrong' })).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    const third = await refreshed(second);
    expect(await stepUp(third)).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    expect((await stepUp(await plainSession())).status).toBe(200);
  });

  test('S3: all sessions of one operator together have few tries, and what one of them is refused takes none of them', async () => {
    const limits = createProofLimits({ redis: rig.redis.redis, prefix: `${rig.redis.prefix}together:` });
    const attempt = (place: string, operatorId = 'o1') => ({ operatorId, place, signedIn: true, code: false });
    const refused = expect.objectContaining({ code: 'rate_limited' });
    for (let session = 0; session < proofLimits.sessions.tries / proofLimits.place.tries; session += 1) {
      for (let n = 0; n < proofLimits.place.tries; n += 1) await limits.take(attempt(`session ${session}`));
      await expect(limits.take(attempt(`session ${session}`))).rejects.toEqual(refused);
    }
    await expect(limits.take(attempt('one more session'))).rejects.toEqual(refused);
    await limits.take(attempt('session 0', 'o2'));
    await limits.take({ ...attempt('10.0.0.1'), signedIn: false });
  });

  test('S3: a right password gives the tries back', async () => {
    const token = await plainSession();
    for (let round = 0; round < 3; round += 1) {
      for (let n = 1; n < proofLimits.place.tries; n += 1) await stepUp(token, { password: 'wrong' });
      expect((await stepUp(token)).status).toBe(200);
    }
  });

  test('S7: says what is missing', async () => {
    const token = await plainSession();
    expect((await stepUp(token, {})).status).toBe(400);
    expect(await stepUp(token, { otp: '123456' })).toMatchObject({ status: 400, body: { issues: [{ path: 'otp' }] } });
    expect((await rig.call('POST', '/auth/step-up', { body: { password: 'x' } })).status).toBe(401);
  });
});

describe('API tokens and the role of their operator', () => {
  test('S2: a token never allows more than its operator, also after the role has shrunk', async () => {
    const owner = await rig.signIn();
    const admin = await rig.addOperator(owner, 'admin');
    const session = await rig.signIn(admin);
    const make = async (scopes: readonly string[]) =>
      rig.call('POST', '/api-tokens', { token: session, body: { name: 'script', scopes } });
    expect(await make(['operators:manage'])).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    const named = String((await make(['audit:read'])).body['token']);
    const whole = String((await make([])).body['token']);
    for (const token of [named, whole]) expect((await rig.call('GET', '/audit', { token })).status).toBe(200);
    await rig.call('PATCH', `/operators/${admin.id}`, { token: owner, body: { role: 'viewer' } });
    rig.letCachesAge();
    for (const token of [named, whole]) {
      expect((await rig.call('GET', '/audit', { token })).status).toBe(403);
      expect((await rig.call('GET', '/me', { token })).body['permissions']).not.toContain('audit:read');
    }
    expect((await rig.call('GET', '/me', { token: named })).body['permissions']).toEqual([]);
  });

  test('S2: finance reads, moves money and reads the audit trail, and manages nobody', async () => {
    const owner = await rig.signIn();
    const token = await rig.signIn(await rig.addOperator(owner, 'finance'));
    const { body } = await rig.call('GET', '/me', { token });
    expect(body['permissions']).toEqual(
      permissions.filter(
        (each) =>
          /^(payments|ledger):/.test(each) ||
          ['routers:read', 'provisioning:read', 'packages:read', 'customers:read', 'sessions:read'].includes(each) ||
          ['dashboard:read', 'operations:read', 'vouchers:read', 'notifications:read', 'audit:read'].includes(each) ||
          ['reports:read', 'alerts:read'].includes(each),
      ),
    );
    expect((await rig.call('GET', '/audit', { token })).status).toBe(200);
    expect((await rig.call('GET', '/operators', { token })).status).toBe(403);
  });
});
