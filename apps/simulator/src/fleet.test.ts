import { TestClient } from './api/test-client.js';
import { startSimulatedRouter, type SimulatedRouter, type SimulatedRouterOptions } from './fleet.js';

let router: SimulatedRouter | undefined;
const clients: TestClient[] = [];

async function start(options: Partial<SimulatedRouterOptions> = {}): Promise<SimulatedRouter> {
  router = await startSimulatedRouter({ version: '7.22', tls: false, ...options });
  return router;
}

async function client(of: SimulatedRouter): Promise<TestClient> {
  const one = await TestClient.login(of.apiPort);
  clients.push(one);
  return one;
}

afterEach(async () => {
  for (const one of clients.splice(0)) one.close();
  await router?.stop();
  router = undefined;
});

describe('hotspot configuration over the API', () => {
  test('a hotspot made step by step is valid, running and brings its dynamic rows, which go when it goes', async () => {
    const api = await client(await start());
    expect(await api.run('/interface/bridge/add', '=name=tp-hs1', '=comment=tp:1:bridge')).toMatch(/^\*[0-9A-F]+$/);
    await api.run('/interface/bridge/port/add', '=bridge=tp-hs1', '=interface=ether3');
    expect(await api.run('/ip/address/add', '=address=10.5.50.1/23', '=interface=tp-hs1')).toMatch(/^\*/);
    await api.run('/ip/pool/add', '=name=tp-pool', '=ranges=10.5.50.10-10.5.51.254');
    await api.run(
      '/ip/dhcp-server/network/add',
      '=address=10.5.50.0/23',
      '=gateway=10.5.50.1',
      '=dns-server=10.5.50.1',
    );
    await api.run(
      '/ip/dhcp-server/add',
      '=name=tp-dhcp',
      '=interface=tp-hs1',
      '=address-pool=tp-pool',
      '=lease-time=1h',
      '=disabled=no',
    );
    await api.run(
      '/ip/hotspot/profile/add',
      '=name=tp-prof',
      '=hotspot-address=10.5.50.1',
      '=dns-name=wifi.example.com',
      '=use-radius=yes',
      '=login-by=http-chap,http-pap',
    );
    const id = await api.run('/ip/hotspot/add', '=name=tp-hs', '=interface=tp-hs1', '=profile=tp-prof', '=disabled=no');
    const [hotspot] = await api.print('/ip/hotspot', `?.id=${id}`);
    expect(hotspot).toMatchObject({ name: 'tp-hs', invalid: 'false', 'proxy-status': 'running', disabled: 'false' });
    expect((await api.print('/ip/firewall/nat', '?chain=hotspot')).length).toBeGreaterThan(5);
    expect(await api.print('/ip/address', '?interface=tp-hs1')).toMatchObject([{ network: '10.5.50.0' }]);
    expect(await api.print('/ip/dns/static', '?name=wifi.example.com')).toMatchObject([{ dynamic: 'true' }]);
    expect(await api.run('/ip/hotspot/remove', `=.id=${id}`)).toBe('');
    expect(await api.print('/ip/firewall/nat', '?dynamic=true')).toEqual([]);
  });
});
