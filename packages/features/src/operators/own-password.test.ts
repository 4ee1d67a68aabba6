import { openOperatorsRig, type Login, type OperatorsRig } from './operators-rig.js';
import { proofLimits } from './proof-limits.js';

let rig: OperatorsRig;

beforeAll(async () => {
  rig = await openOperatorsRig();
});

afterAll(() => rig.close());

beforeEach(() => rig.renew());

afterEach(() => rig.stopServer());

const NEXT = 'yet another long password';

const change = (token: string, current: string, next = NEXT) =>
  rig.call('POST', '/me/password', { token, body: { current, next } });
const login = ({ email }: Login, password: string) => rig.call('POST', '/auth/login', { body: { email, password } });
const newAdmin = async () => rig.addOperator(await rig.signIn(), 'admin');

describe('changing the own password', () => {
  test('S1: the new one holds at once, the session that changes it goes on, and every other one ends', async () => {
    const admin = await newAdmin();
    const [elsewhere, token] = [await rig.signIn(admin), await rig.signIn(admin)];
    expect((await change(token, admin.password)).status).toBe(204);
    rig.letCachesAge();
    expect((await rig.call('GET', '/me', { token })).status).toBe(200);
    expect((await rig.call('GET', '/me', { token: elsewhere })).status).toBe(401);
    expect((await login(admin, admin.password)).status).toBe(401);
    expect((await login(admin, NEXT)).status).toBe(200);
  });

  test('is in the audit without either password, and API tokens stay', async () => {
    const admin = await newAdmin();
    const token = await rig.signIn(admin);
    const made = await rig.call('POST', '/api-tokens', { token, body: { name: 'script' } });
    const elsewhere = await rig.signIn(admin);
    expect((await change(token, admin.password)).status).toBe(204);
    rig.letCachesAge();
    expect((await rig.call('GET', '/me', { token: elsewhere })).status).toBe(401);
    expect((await rig.call('GET', '/me', { token: String(made.body['token']) })).status).toBe(200);
    const entries = await rig.postgres.database.db.auditEntry.findMany({ where: { subjectId: admin.id } });
    const entry = entries.find(({ action }) => action === 'operator.password_changed');
    expect(entry).toMatchObject({ actor: admin.id, details: { tokensRevoked: 1 } });
    expect(JSON.stringify(entries.map(({ details }) => details))).not.toMatch(/long password/);
  });

  test('S3: a wrong one changes nothing; after five the right one waits too, also with a new session', async () => {
    const admin = await newAdmin();
    const token = await rig.signIn(admin);
    for (let n = 0; n < proofLimits.place.tries; n += 1) {
      expect(await change(token, 'wrong')).toMatchObject({ status: 400, body: { issues: [{ path: 'current' }] } });
    }
    expect(await change(token, admin.password)).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    expect((await change(await rig.signIn(admin), admin.password)).status).toBe(429);
    expect((await login(admin, admin.password)).status).toBe(200);
  });

  test('two at once with the same old one: one wins, and the other is told', async () => {
    const admin = await newAdmin();
    const tokens = [await rig.signIn(admin), await rig.signIn(admin)];
    const answers = await Promise.all(tokens.map((token, n) => change(token, admin.password, `${NEXT} ${n}`)));
    const won = answers.findIndex(({ status }) => status === 204);
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    expect((await login(admin, `${NEXT} ${won}`)).status).toBe(200);
    expect((await login(admin, `${NEXT} ${1 - won}`)).status).toBe(401);
  });

  test('refuses one that is too short or the same, and an API token', async () => {
    const admin = await newAdmin();
    const token = await rig.signIn(admin);
    expect(await change(token, admin.password, 'short')).toMatchObject({ status: 400 });
    expect(await change(token, admin.password, admin.password)).toMatchObject({
      status: 400,
      body: { issues: [{ path: 'next' }] },
    });
    const made = await rig.call('POST', '/api-tokens', { token, body: { name: 'script' } });
    expect((await change(String(made.body['token']), admin.password)).status).toBe(403);
  });
});

test('S1: a session that has not said who it is once more cannot set up a second factor', async () => {
  const admin = await newAdmin();
  const token = String((await login(admin, admin.password)).body['token']);
  const refused = await rig.call('POST', '/me/two-factor', { token });
  expect(refused).toMatchObject({ status: 403, body: { code: 'step_up_required' } });
});
