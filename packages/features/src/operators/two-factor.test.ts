import { Secret, TOTP } from 'otpauth';
import { openOperatorsRig, type Answer, type Login, type OperatorsRig } from './operators-rig.js';
import { createProofLimits, proofLimits } from './proof-limits.js';

let rig: OperatorsRig;

beforeAll(async () => {
  rig = await openOperatorsRig();
});

afterAll(() => rig.close());

beforeEach(() => rig.renew());

afterEach(() => rig.stopServer());

/** What the phone shows now. */
function codeOf(secret: string, stepsAway = 0): string {
  const timestamp = rig.clock.now().getTime() + stepsAway * 30_000;
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp });
}

function nextStep(): void {
  rig.clock.advance(30_000);
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

interface Protected extends Login {
  readonly id: string;
  readonly token: string;
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
}

/** An admin who has just switched it on. */
async function protectedAdmin(): Promise<Protected> {
  const admin = await rig.addOperator(await rig.signIn(), 'admin');
  const token = await rig.signIn(admin);
  const begun = await rig.call('POST', '/me/two-factor', { token });
  expect(begun.status).toBe(201);
  const secret = String(begun.body['secret']);
  const done = await rig.call('POST', '/me/two-factor/confirm', { token, body: { otp: codeOf(secret) } });
  expect(done.status).toBe(200);
  nextStep();
  return { ...admin, token, secret, recoveryCodes: strings(done.body['recoveryCodes']) };
}

const login = ({ email, password }: Login, otp?: string): Promise<Answer> =>
  rig.call('POST', '/auth/login', { body: { email, password, ...(otp === undefined ? {} : { otp }) } });

describe('setting up two-factor authentication', () => {
  test('shows a secret, its URI and its QR code, and changes nothing until a code has come back', async () => {
    const admin = await rig.addOperator(await rig.signIn(), 'admin');
    const token = await rig.signIn(admin);
    const { body } = await rig.call('POST', '/me/two-factor', { token });
    expect(body['secret']).toMatch(/^[A-Z2-7]{32}$/);
    expect(body['uri']).toContain(`secret=${String(body['secret'])}`);
    expect(body['uri']).toContain(encodeURIComponent(admin.email));
    expect(body['qrSvg']).toMatch(/^<svg .*<\/svg>\s*$/s);
    expect((await rig.call('GET', '/me', { token })).body['twoFactor']).toBe(false);
    expect((await login(admin)).status).toBe(200);
  });

  test('S3: a code of the authenticator switches it on, gives ten recovery codes, and ends the other sessions', async () => {
    const admin = await rig.addOperator(await rig.signIn(), 'admin');
    const [elsewhere, token] = [await rig.signIn(admin), await rig.signIn(admin)];
    const begun = await rig.call('POST', '/me/two-factor', { token });
    const secret = String(begun.body['secret']);
    const confirm = (otp: string) => rig.call('POST', '/me/two-factor/confirm', { token, body: { otp } });
    expect(await confirm(codeOf(secret, 5))).toMatchObject({ status: 400, body: { issues: [{ path: 'otp' }] } });
    const done = await confirm(codeOf(secret));
    const codes = strings(done.body['recoveryCodes']);
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^([a-z2-9]{4}-){3}[a-z2-9]{4}$/);
    rig.letCachesAge();
    expect((await rig.call('GET', '/me', { token })).body['twoFactor']).toBe(true);
    expect((await rig.call('GET', '/me', { token: elsewhere })).status).toBe(401);
    expect(await confirm(codeOf(secret))).toMatchObject({ status: 409 });
    expect((await rig.call('POST', '/me/two-factor', { token })).status).toBe(409);
  });

  test('S8: neither the secret nor a recovery code is in the database', async () => {
    const { secret, recoveryCodes } = await protectedAdmin();
    const rows = await rig.postgres.database.db.$queryRaw<{ dump: string }[]>`
      SELECT row_to_json(t)::text AS dump FROM operator t UNION ALL SELECT row_to_json(t)::text FROM recovery_code t
      UNION ALL SELECT row_to_json(t)::text FROM audit_entry t UNION ALL SELECT row_to_json(t)::text FROM auth_token t`;
    const dump = rows.map((row) => row.dump).join('\n');
    for (const text of [secret, ...recoveryCodes, ...recoveryCodes.map((code) => code.replaceAll('-', ''))]) {
      expect(dump).not.toContain(text);
    }
  });

  test('an API token can neither begin nor end it', async () => {
    const session = await rig.signIn();
    const made = await rig.call('POST', '/api-tokens', { token: session, body: { name: 'script' } });
    const token = String(made.body['token']);
    expect((await rig.call('POST', '/me/two-factor', { token })).status).toBe(403);
    expect((await rig.call('DELETE', '/me/two-factor', { token })).status).toBe(403);
  });
});

describe('signing in with two factors', () => {
  test('S3: the password alone is answered with second_factor_required; a wrong password tells nothing of it', async () => {
    const admin = await protectedAdmin();
    expect(await login(admin)).toMatchObject({ status: 401, body: { code: 'second_factor_required' } });
    const wrong = await login({ ...admin, password: 'not it at all' }, codeOf(admin.secret));
    expect(wrong).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    expect((await login(admin, codeOf(admin.secret))).status).toBe(200);
  });

  test('S3: a code is taken once, also when it is sent twice at the same time', async () => {
    const admin = await protectedAdmin();
    const code = codeOf(admin.secret);
    const answers = await Promise.all([login(admin, code), login(admin, code), login(admin, code)]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 401, 401]);
    expect(await login(admin, code)).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    nextStep();
    expect((await login(admin, codeOf(admin.secret))).status).toBe(200);
  });

  test('S3: the code that switched it on signs in nobody', async () => {
    const admin = await rig.addOperator(await rig.signIn(), 'admin');
    const token = await rig.signIn(admin);
    const secret = String((await rig.call('POST', '/me/two-factor', { token })).body['secret']);
    const otp = codeOf(secret);
    await rig.call('POST', '/me/two-factor/confirm', { token, body: { otp } });
    expect((await login(admin, otp)).status).toBe(401);
  });

  test('a phone whose clock is one step wrong is let in, two steps not', async () => {
    const admin = await protectedAdmin();
    expect((await login(admin, codeOf(admin.secret, -2))).status).toBe(401);
    expect((await login(admin, codeOf(admin.secret, 2))).status).toBe(401);
    expect((await login(admin, codeOf(admin.secret, 1))).status).toBe(200);
  });

  test('S3: a recovery code signs in once, however it is typed', async () => {
    const admin = await protectedAdmin();
    const [first = '', second = ''] = admin.recoveryCodes;
    const typed = first.toUpperCase().replaceAll('-', ' ');
    const answers = await Promise.all([login(admin, typed), login(admin, first)]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 401]);
    expect((await login(admin, first)).status).toBe(401);
    expect((await login(admin, second)).status).toBe(200);
    const other = await protectedAdmin();
    expect((await login(other, admin.recoveryCodes[2])).status).toBe(401);
  });

  test('S3: after five wrong codes the right one is refused too', async () => {
    const admin = await protectedAdmin();
    for (let n = 0; n < proofLimits.place.tries; n += 1) {
      expect((await login(admin, codeOf(admin.secret, 100 + n))).status).toBe(401);
    }
    expect(await login(admin, codeOf(admin.secret))).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
  });

  test('S3: all who guess at the code of one operator together have few tries a day, wherever they are', async () => {
    const limits = createProofLimits({ redis: rig.redis.redis, prefix: `${rig.redis.prefix}shared:` });
    const guess = (n: number) => limits.take({ operatorId: 'o1', place: `10.0.0.${n}`, signedIn: false, code: true });
    for (let n = 0; n < proofLimits.codes.tries; n += 1) await guess(n);
    await expect(guess(200)).rejects.toMatchObject({ code: 'rate_limited' });
    await limits.take({ operatorId: 'o1', place: 'a session', signedIn: true, code: false });
    await limits.take({ operatorId: 'o2', place: '10.0.0.1', signedIn: false, code: true });
  });

  test('a code steps up a session; the same code does not do it again', async () => {
    const admin = await protectedAdmin();
    const token = String((await login(admin, codeOf(admin.secret))).body['token']);
    nextStep();
    const otp = codeOf(admin.secret);
    const step = (body: unknown) => rig.call('POST', '/auth/step-up', { token, body });
    expect((await step({ otp })).status).toBe(200);
    expect((await step({ otp })).status).toBe(403);
    nextStep();
    expect((await step({ password: 'wrong', otp: codeOf(admin.secret) })).status).toBe(403);
    expect((await step({ password: admin.password, otp: codeOf(admin.secret) })).status).toBe(200);
  });
});

describe('switching it off', () => {
  test('asks once more who it is, and then needs no code at the login', async () => {
    const admin = await protectedAdmin();
    const token = String((await login(admin, codeOf(admin.secret))).body['token']);
    const remove = () => rig.call('DELETE', '/me/two-factor', { token });
    expect(await remove()).toMatchObject({ status: 403, body: { code: 'step_up_required' } });
    await rig.call('POST', '/auth/step-up', { token, body: { password: admin.password } });
    expect((await remove()).status).toBe(204);
    expect((await remove()).status).toBe(409);
    expect((await login(admin)).status).toBe(200);
    expect((await login(admin, admin.recoveryCodes[0])).status).toBe(200);
  });

  test('the only owner who has lost phone and codes gets back in with the API token of the machine', async () => {
    const lost = await protectedAdmin();
    const { db } = rig.postgres.database;
    await db.operator.update({ where: { id: lost.id }, data: { role: 'owner' } });
    rig.letCachesAge();
    await rig.call('POST', '/auth/step-up', { token: lost.token, body: { password: lost.password } });
    const made = await rig.call('POST', '/api-tokens', { token: lost.token, body: { name: 'this machine' } });
    const token = String(made.body['token']);
    expect((await rig.call('POST', `/operators/${lost.id}/two-factor/reset`, { token })).status).toBe(204);
    expect((await login(lost)).status).toBe(200);
    await db.operator.update({ where: { id: lost.id }, data: { role: 'admin' } });
  });

  test('an owner does it for somebody who has lost the phone; that ends the sessions of who may have found it', async () => {
    const admin = await protectedAdmin();
    const owner = await rig.signIn();
    const reset = () => rig.call('POST', `/operators/${admin.id}/two-factor/reset`, { token: owner });
    expect((await reset()).status).toBe(204);
    rig.letCachesAge();
    expect((await rig.call('GET', '/me', { token: admin.token })).status).toBe(401);
    expect((await login(admin)).status).toBe(200);
    expect(await reset()).toMatchObject({ status: 409 });
    const { body } = await rig.call('GET', `/audit?action=operator.two_factor_reset&subjectId=${admin.id}`, {
      token: owner,
    });
    expect(body['items']).toMatchObject([
      { actorName: 'Owner', details: { before: { twoFactor: true }, after: { twoFactor: false } } },
    ]);
  });
});
