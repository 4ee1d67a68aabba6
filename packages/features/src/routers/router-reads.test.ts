import {
  getRouterDetails,
  getRouterInterfaces,
  getRouterTraffic,
  verifyConnectivity,
} from '@turnpike/contracts/routers.js';
import { startSimulatedRouter, type SimulatedRouter } from '../../../../apps/simulator/src/fleet.js';
import { anySignal, openRouterRig, type RouterRig } from './router-rig.js';

let rig: RouterRig;
let router: SimulatedRouter;
let id: string;

beforeAll(async () => {
  [rig, router] = await Promise.all([openRouterRig(), startSimulatedRouter({ version: '7.22', name: 'Lab' })]);
});

afterAll(async () => {
  await Promise.all([rig.close(), router.stop()]);
});

beforeEach(async () => {
  id = await rig.add({
    address: '127.0.0.1',
    apiPort: router.apiPort,
    apiUsername: router.username,
    apiPassword: router.password,
  });
});

afterEach(async () => {
  router.faults.clear();
  await rig.forget();
});

describe('reading from a router', () => {
  test('interfaces with their bridge, and which one we come in by', async () => {
    const answer = await rig.reads.interfaces(id, anySignal);
    expect(getRouterInterfaces.response.parse(answer)).toEqual(answer);
    expect(answer.items.map((item) => item.name)).toEqual(expect.arrayContaining(['ether1', 'ether2', 'ether3']));
    expect(answer.items.find((item) => item.name === 'ether2')).toMatchObject({ type: 'ether', bridge: 'bridge' });
    expect(answer.items.filter((item) => item.management).length).toBeGreaterThan(0);
  });

  test('details of the board', async () => {
    const answer = await rig.reads.details(id, anySignal);
    expect(getRouterDetails.response.parse(answer)).toEqual(answer);
    expect(answer).toMatchObject({ identity: 'Lab', version: '7.22', hotspots: 0, hotspotActive: 0 });
    expect(answer.deviceMode).toMatchObject({ mode: 'advanced' });
    expect(answer.uptimeSeconds).toBeGreaterThanOrEqual(0);
    expect(Number(answer.totalMemoryBytes)).toBeGreaterThan(0);
  });

  test('counters and rates of its interfaces', async () => {
    const answer = await rig.reads.traffic(id, anySignal);
    expect(getRouterTraffic.response.parse(answer)).toEqual(answer);
    const names = answer.interfaces.map((item) => item.name);
    expect(names).toEqual(expect.arrayContaining(['ether1', 'ether2', 'bridge']));
    for (const { rxBytes, txBytes, rxBps, txBps } of answer.interfaces) {
      expect([rxBytes, txBytes]).toEqual([expect.stringMatching(/^\d+$/), expect.stringMatching(/^\d+$/)]);
      expect([rxBps, txBps]).toEqual([expect.any(Number), expect.any(Number)]);
    }
  });

  test('counters are shown also when the router will not measure rates', async () => {
    router.faults.set({ traps: [{ command: '/interface/monitor-traffic', message: 'not enough permissions (9)' }] });
    const answer = await rig.reads.traffic(id, anySignal);
    expect(answer.interfaces[0]).toMatchObject({ rxBytes: expect.any(String), rxBps: null, txBps: null });
  });

  test('a command that the router refuses is router_refused, in its own words', async () => {
    router.faults.set({ traps: [{ command: '/ip/hotspot/print', message: 'not enough permissions (9)' }] });
    await expect(rig.reads.details(id, anySignal)).rejects.toMatchObject({
      code: 'router_refused',
      message: expect.stringContaining('not enough permissions (9)'),
    });
  });

  test('a connection that is cut in between is router_unreachable', async () => {
    router.faults.set({ dropAt: { sentence: 4, how: 'rst', when: 'before' } });
    await expect(rig.reads.details(id, anySignal)).rejects.toMatchObject({ code: 'router_unreachable' });
  });
});

describe('how far we get', () => {
  const connectivity = async () => {
    const answer = await rig.reads.connectivity(id, anySignal);
    expect(verifyConnectivity.response.parse(answer)).toEqual(answer);
    return [answer.reachable, ...answer.steps.map(({ step, ok }) => `${step} ${ok ? 'ok' : 'failed'}`)];
  };
  const change = (data: Parameters<typeof rig.db.router.update>[0]['data']) =>
    rig.db.router.update({ where: { id }, data });

  test('all the way', async () => {
    expect(await connectivity()).toEqual([true, 'login ok', 'read ok']);
  });

  test('all the way by API-SSL, and with which certificate', async () => {
    const { tlsPort, tlsFingerprint } = router;
    if (tlsPort === undefined || tlsFingerprint === undefined) throw new Error('no API-SSL: is openssl there?');
    await change({ tls: true, apiPort: tlsPort });
    expect(await rig.reads.connectivity(id, anySignal)).toMatchObject({ reachable: true, tlsFingerprint });
  });

  test('not allowed to go there, or nowhere to go', async () => {
    await change({ address: '169.254.169.254' });
    expect(await connectivity()).toEqual([false, 'address failed']);
    await change({ address: null });
    expect(await connectivity()).toEqual([false, 'address failed']);
  });

  test('nobody there', async () => {
    router.faults.set({ acceptThenClose: true });
    expect(await connectivity()).toEqual([false, 'connect failed']);
  });

  test('not let in', async () => {
    await change({ apiUsername: 'somebody else' });
    expect(await connectivity()).toEqual([false, 'login failed']);
  });

  test('in, but not answered', async () => {
    router.faults.set({ traps: [{ command: '/system/resource/print', message: 'not enough permissions (9)' }] });
    expect(await connectivity()).toEqual([false, 'login ok', 'read failed']);
  });

  test('an unknown router is not found, which is no step', async () => {
    const unknown = '0190b5c1-0000-7000-8000-000000000000';
    await expect(rig.reads.connectivity(unknown, anySignal)).rejects.toMatchObject({ code: 'not_found' });
  });
});
