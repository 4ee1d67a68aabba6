import type { RosSession } from '@turnpike/routeros/ros-session.js';
import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { routerFiles, ROUTER_FILE_BYTES } from '../portal/router-pages.js';
import { hooked, hotspot, pppoe, startProvisioningRig, type ProvisioningRig } from './provisioning-rig.js';

const portal = { url: 'http://203.0.113.5:8080', name: 'Mama Njeri WiFi', color: '#0b6b57' };
const PAGES = [
  'alogin.html',
  'error.html',
  'errors.txt',
  'login.html',
  'logout.html',
  'redirect.html',
  'rlogin.html',
  'status.html',
];

let database: TestDatabase;
let rig: ProvisioningRig;

beforeAll(async () => {
  database = await openTestDatabase();
});

afterAll(() => database.drop());

afterEach(() => rig.stop());

const files = (name: string) => rig.router.rows('/file').filter((row) => row['name']?.startsWith(name) === true);

const names = (name: string) => files(name).map((row) => row['name']);

describe('the portal on a router', () => {
  test('its pages lie in a folder of ours, the walled garden opens just the portal, and a second deploy writes nothing', async () => {
    rig = await startProvisioningRig(database, { portal });
    await rig.deploy([hotspot()]);
    const login = files('tp-hotspot1/login.html')[0]?.['contents'] ?? '';
    expect(login).toContain(`action="${portal.url}/portal/"`);
    expect(login).toContain(`name="nas" value="${rig.routerId}"`);
    expect(
      rig
        .rows()
        ['/file']?.map((row) => row['name'])
        .sort(),
    ).toEqual(['tp-hotspot1', ...PAGES.map((name) => `tp-hotspot1/${name}`)].sort());
    expect(rig.rows()['/ip/hotspot/profile']).toContainEqual(
      expect.objectContaining({ 'html-directory': 'tp-hotspot1' }),
    );
    expect(rig.rows()['/ip/hotspot/walled-garden/ip']).toEqual([
      expect.objectContaining({ action: 'accept', 'dst-address': '203.0.113.5', 'dst-port': '8080', protocol: 'tcp' }),
    ]);
    const written = rig.router.writes;
    await rig.deploy([hotspot()]);
    expect(rig.router.writes).toBe(written);
  });

  test('a page that somebody changed is put back, and only that', async () => {
    rig = await startProvisioningRig(database, { portal });
    await rig.deploy([hotspot()]);
    const session = await rig.dial(rig.routerId, { signal: AbortSignal.timeout(10_000) });
    const [row] = await session.print('/file', { where: { name: 'tp-hotspot1/login.html' } });
    await session.set('/file', row?.['.id'], { contents: 'mine' });
    await session.close();
    const plan = await rig.service.plan(rig.routerId, [hotspot()], AbortSignal.timeout(10_000));
    expect(plan.operations).toMatchObject([{ op: 'set', path: '/file', key: 'tp-hotspot1/login.html' }]);
    await rig.deploy([hotspot()]);
    expect(files('tp-hotspot1/login.html')[0]?.['contents']).toContain(portal.url);
  });

  /** The router refuses the hotspot, after its profile; `look` comes just before. */
  async function deployRefused(look: (session: RosSession) => Promise<unknown>): Promise<void> {
    rig.router.faults.set({ traps: [{ command: '/ip/hotspot/add', message: 'failure: no such licence' }] });
    rig.dialWith(async (id, call) => {
      const session = await rig.dial(id, call);
      const before = async (_write: number, path: string): Promise<void> => {
        if (path === '/ip/hotspot') await look(session);
      };
      return hooked(session, { before });
    });
    await rig.deploy([hotspot()]);
    rig.dialWith(rig.dial);
  }

  test('a deploy that is taken back leaves nothing of the folder, not even what the router has put there itself', async () => {
    rig = await startProvisioningRig(database, { portal });
    const before = names('');
    let made: unknown[] = [];
    await deployRefused(async () => {
      made = names('tp-hotspot1/');
    });
    expect(await rig.service.status(rig.routerId)).toMatchObject({ state: 'rolled_back' });
    expect(made).toEqual(expect.arrayContaining(['tp-hotspot1/md5.js', 'tp-hotspot1/api.json']));
    expect(names('')).toEqual(before);
  });

  test('what somebody else has put into the folder meanwhile stays, with the folder, and the run says so', async () => {
    rig = await startProvisioningRig(database, { portal });
    const theirs = { name: 'tp-hotspot1/price-list.html', contents: 'theirs' };
    await deployRefused((session) => session.add('/file', theirs));
    expect(await rig.service.status(rig.routerId)).toMatchObject({
      state: 'rolled_back',
      stage: expect.stringContaining('tp-hotspot1 stays, as somebody has put tp-hotspot1/price-list.html there'),
    });
    expect(names('tp-hotspot1')).toEqual(['tp-hotspot1', 'tp-hotspot1/price-list.html']);
  });

  test('a hotspot that is taken away takes the pages along that the router had put there', async () => {
    rig = await startProvisioningRig(database, { portal });
    const before = names('');
    await rig.deploy([hotspot()]);
    expect(files('tp-hotspot1').length).toBeGreaterThan(PAGES.length + 1);
    await rig.deploy([pppoe()]);
    expect(names('')).toEqual(before);
  });

  test('S5: a portal that has a name is opened by exactly this name', async () => {
    rig = await startProvisioningRig(database, { portal: { ...portal, url: 'https://wifi.example.net' } });
    await rig.deploy([hotspot()]);
    const garden = rig.rows()['/ip/hotspot/walled-garden/ip'] ?? [];
    expect(garden).toEqual([expect.objectContaining({ 'dst-host': 'wifi.example.net', 'dst-port': '443' })]);
    expect(garden[0]).not.toHaveProperty('dst-address');
  });

  test('pages of a router that is too old to be given folders are not touched, and the plan says what to do', async () => {
    rig = await startProvisioningRig(database, { portal, version: '7.9.2' });
    const plan = await rig.service.plan(rig.routerId, [hotspot()], AbortSignal.timeout(10_000));
    expect(plan.warnings.join()).toMatch(/7\.15 or newer.*router-files/);
    await rig.deploy([hotspot()]);
    expect(rig.rows()['/file']).toEqual([]);
    expect(rig.rows()['/ip/hotspot/walled-garden/ip']).toHaveLength(1);
  });
});

describe('pages for routers', () => {
  test('are short enough to be read back, whatever the network is called, and hold nothing of it unescaped', async () => {
    rig = await startProvisioningRig(database, { portal });
    const name = `<script>"${'&'.repeat(40)}`;
    const pages = routerFiles({
      portalUrl: 'https://a-rather-long-name.of-a-portal.example.net',
      nas: rig.routerId,
      name,
      color: '#ffd166',
    });
    expect([...pages.keys()].sort()).toEqual(PAGES);
    for (const [file, text] of pages) {
      expect([file, Buffer.byteLength(text) <= ROUTER_FILE_BYTES]).toEqual([file, true]);
      expect(text).not.toContain('<script>"');
      expect([file, [...text.matchAll(/https?:\/\/(?!a-rather-long-name)[^"'\s]+/g)]]).toEqual([file, []]);
    }
    // What customers type comes back in the router's own error texts.
    for (const text of pages.values()) expect(text).not.toContain('$(username)');
  });
});
