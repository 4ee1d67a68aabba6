import { openRouterRig, type RouterRig } from './router-rig.js';
import { registerRouter, type RegisteredRouter } from './router-registration.js';

let rig: RouterRig;

beforeAll(async () => {
  rig = await openRouterRig();
});

afterAll(async () => {
  await rig.close();
});

afterEach(async () => {
  await rig.forget();
});

const simulated: RegisteredRouter = {
  name: 'Simulated 1',
  address: '127.0.0.1',
  apiPort: 18_728,
  apiUsername: 'admin',
  apiPassword: 'simulated',
  nasAddress: '127.5.0.1',
  radiusSecret: 'a secret that was agreed',
};

const register = (router: RegisteredRouter) => rig.transact((tx) => registerRouter(tx, rig.secretBox, router));
const onlyRow = () => rig.db.router.findFirstOrThrow();

async function secrets() {
  const { id, apiPassword, radiusSecret } = await onlyRow();
  const open = (sealed: string, column: string) => rig.secretBox.open(sealed, { table: 'router', row: id, column });
  return [open(apiPassword, 'api_password'), open(radiusSecret, 'radius_secret')];
}

describe('registering a router by its name', () => {
  test('makes it known, its secrets sealed, and has it probed', async () => {
    expect(await register(simulated)).toBe('created');
    const row = await onlyRow();
    expect(row).toMatchObject({ name: 'Simulated 1', address: '127.0.0.1', apiPort: 18_728, nasAddress: '127.5.0.1' });
    expect(await secrets()).toEqual(['simulated', 'a secret that was agreed']);
    expect(await rig.jobs('router.probe')).toEqual([{ routerId: row.id }]);
  });

  test('sets how many packets are taken from it, and leaves that as it is when nothing is said', async () => {
    await register(simulated);
    expect((await onlyRow()).radiusRateLimit).toBeNull();
    await register({ ...simulated, radiusRateLimit: 0 });
    await register(simulated);
    expect((await onlyRow()).radiusRateLimit).toBe(0);
  });

  test('corrects where a known one is, and keeps its id, status and deployment', async () => {
    await register(simulated);
    const before = await onlyRow();
    await rig.db.router.update({
      where: { id: before.id },
      data: { status: 'online', deployment: 'active', loginFailures: 2, tls: true, tlsFingerprint: 'AA' },
    });
    expect(await register({ ...simulated, apiPort: 19_000, apiPassword: 'other', radiusSecret: undefined })).toBe(
      'updated',
    );
    expect(await onlyRow()).toMatchObject({
      id: before.id,
      apiPort: 19_000,
      tls: false,
      tlsFingerprint: null,
      loginFailures: 0,
      status: 'online',
      deployment: 'active',
    });
    expect(await secrets()).toEqual(['other', 'a secret that was agreed']);
    expect(await rig.db.router.count()).toBe(1);
  });

  test('makes a secret when none is given, and probes nothing without an address', async () => {
    await register({ ...simulated, address: null, radiusSecret: undefined });
    const [, radiusSecret] = await secrets();
    expect(radiusSecret).toMatch(/^[a-z2-9]{32}$/);
    expect(await rig.jobs('router.probe')).toEqual([]);
  });
});
