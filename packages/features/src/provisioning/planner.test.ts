import fc from 'fast-check';
import { hotspotService, pppoeService, type ServiceConfig } from '@turnpike/contracts/provisioning.js';
import { Secret } from '@turnpike/core/secret.js';
import { FixtureRouter } from './fixture-router.js';
import { managedMenus } from './managed-menus.js';
import type { Plan } from './plan.js';
import { stepOf } from './plan.js';
import { planServices, type PlanInput } from './planner.js';

const radius = { address: '10.200.0.1', authPort: 1812, acctPort: 1813, coaPort: 3799, interimSeconds: 300 };
const hotspot = (changes: object = {}): ServiceConfig =>
  hotspotService.parse({ type: 'hotspot', interfaces: ['ether3'], ...changes });
const pppoe = (changes: object = {}): ServiceConfig =>
  pppoeService.parse({ type: 'pppoe', interfaces: ['ether4'], ...changes });

function input(services: readonly ServiceConfig[], changes: Partial<PlanInput> = {}): PlanInput {
  const nas = { address: null, identifier: null, secret: new Secret('sesame'), secretFingerprint: 'print-of-sesame' };
  return { services, radius, nas, deployedSecret: undefined, ...changes };
}

function planFor(router: FixtureRouter, services: readonly ServiceConfig[], changes: Partial<PlanInput> = {}): Plan {
  return planServices(input(services, changes), router.snapshot()).plan;
}

function deploy(router: FixtureRouter, services: readonly ServiceConfig[], changes: Partial<PlanInput> = {}): Plan {
  const plan = planFor(router, services, changes);
  expect(plan.conflicts).toEqual([]);
  for (const operation of plan.operations) router.apply(operation);
  return plan;
}

const steps = (plan: Plan): string[] => plan.operations.map(stepOf);

describe('a fresh deploy', () => {
  test('leads customers in only when everything that keeps them in check is there', () => {
    const made = steps(planFor(new FixtureRouter(), [hotspot(), pppoe()]));
    const position = (step: string): number => made.indexOf(step);
    expect(made.at(-1)).toBe('add /interface/bridge/port tp:hotspot1:port:ether3');
    expect(position('add /radius tp:core:radius')).toBeLessThan(position('add /ip/hotspot tp-hotspot1'));
    expect(position('add /ip/hotspot/profile tp-hotspot1')).toBeLessThan(position('add /ip/hotspot tp-hotspot1'));
    expect(position('add /ip/pool tp-hotspot1')).toBeLessThan(position('add /ip/dhcp-server tp-hotspot1'));
    expect(position('add /ip/firewall/filter tp:hotspot1:in-drop')).toBeLessThan(
      position('add /ip/firewall/filter tp:core:input'),
    );
  });

  test('never asks for a redirect, a script, a file or a rate limit of the whole hotspot', () => {
    const plan = planFor(new FixtureRouter(), [hotspot(), pppoe()]);
    const said = JSON.stringify(plan.operations);
    expect(said).not.toMatch(/redirect|dst-nat|on-login|lease-script|rate-limit|\/file|\/system\/script/);
  });

  test('masquerades by source address only', () => {
    const rules = planFor(new FixtureRouter(), [hotspot(), pppoe()]).operations.filter(
      ({ path }) => path === '/ip/firewall/nat',
    );
    expect(rules).toHaveLength(2);
    for (const rule of rules) {
      expect(rule).toMatchObject({
        attributes: { action: 'masquerade', 'src-address': expect.stringMatching(/^10\./) },
      });
      expect(rule).not.toMatchObject({ attributes: { 'out-interface': expect.anything() } });
    }
  });

  test('puts the jumps in front of a FastTrack rule, so that customers are counted and limited', () => {
    const router = new FixtureRouter();
    router.insert('/ip/firewall/filter', { chain: 'hs-unauth', action: 'reject', dynamic: 'true' });
    router.insert('/ip/firewall/filter', { chain: 'forward', action: 'fasttrack-connection' });
    deploy(router, [hotspot()]);
    const rows = router.rows('/ip/firewall/filter');
    const order = rows.map((row) => row['comment'] ?? row['action']);
    expect(order.indexOf('tp:core:forward')).toBeLessThan(order.indexOf('fasttrack-connection'));
    expect(rows[0]).toMatchObject({ dynamic: 'true' });
  });

  test('leaves out what the version does not know', () => {
    const old = planFor(new FixtureRouter('7.14.3'), [hotspot()]);
    const current = planFor(new FixtureRouter('7.15'), [hotspot()]);
    expect(JSON.stringify(old.operations)).not.toContain('require-message-auth');
    expect(JSON.stringify(current.operations)).toContain('require-message-auth');
    const six = planFor(new FixtureRouter('6.49.17'), [hotspot()]).operations;
    expect(six.find(({ path }) => path === '/ip/pool')).not.toMatchObject({
      attributes: { comment: expect.anything() },
    });
  });

  test('sends RADIUS from the NAS address only when the router has it', () => {
    const nas = { ...input([]).nas, address: '100.64.0.9' };
    const source = (address: string): unknown =>
      planFor(new FixtureRouter(), [hotspot()], { nas: { ...nas, address } }).operations.find(
        ({ path }) => path === '/radius',
      );
    expect(source('100.64.0.9')).toMatchObject({ attributes: { 'src-address': '100.64.0.9' } });
    expect(source('203.0.113.7')).toMatchObject({ attributes: { 'src-address': '0.0.0.0' } });
  });

  test('opens the resolver together with rules that keep everybody else out, and keeps them at the next deploy', () => {
    const router = new FixtureRouter();
    router.change('/ip/dns', '', { 'allow-remote-requests': 'false' });
    expect(steps(deploy(router, [hotspot()]))).toContain('add /ip/firewall/filter tp:core:dns-udp');
    expect(planFor(router, [hotspot()], { deployedSecret: 'print-of-sesame' }).operations).toEqual([]);
  });

  test('serves PPPoE on the bridge of a hotspot that has the same interface', () => {
    const plan = planFor(new FixtureRouter(), [hotspot({ interfaces: ['ether3', 'ether4'] }), pppoe()]);
    expect(plan.operations.find(({ path }) => path === '/interface/pppoe-server/server')).toMatchObject({
      attributes: { interface: 'tp-hotspot1' },
    });
  });
});

describe('what is already there', () => {
  test.each([
    ['/ip/pool', { ranges: '10.5.50.2-10.5.50.9' }],
    ['/ip/hotspot/profile', { 'login-by': 'cookie' }],
    ['/ip/hotspot', { disabled: 'true' }],
    ['/ip/dhcp-server', { 'lease-time': '5m' }],
    ['/ip/address', { comment: '' }],
    ['/interface/bridge/port', { comment: '' }],
    ['/interface/bridge', { comment: '' }],
  ])('mends a drifted row of %s with exactly one set', (path, drift) => {
    const router = new FixtureRouter();
    deploy(router, [hotspot()]);
    const own = router.rows(path).find((row) => row['dynamic'] !== 'true');
    router.change(path, own?.['.id'] ?? '', drift);
    const plan = planFor(router, [hotspot()]);
    expect(plan.conflicts).toEqual([]);
    expect(plan.operations).toMatchObject([{ op: 'set', path, rosId: own?.['.id'] }]);
    expect(Object.keys(drift)).toEqual(
      Object.keys(plan.operations[0]?.op === 'set' ? plan.operations[0].attributes : {}),
    );
  });

  test('does not mind other spellings of the same values', () => {
    const router = new FixtureRouter();
    deploy(router, [hotspot()]);
    const [server] = router.rows('/ip/dhcp-server');
    router.change('/ip/dhcp-server', server?.['.id'] ?? '', { 'lease-time': '01:00:00', disabled: 'no' });
    const [profile] = router.rows('/ip/hotspot/profile');
    router.change('/ip/hotspot/profile', profile?.['.id'] ?? '', { 'login-by': 'mac-cookie,http-chap,http-pap' });
    expect(planFor(router, [hotspot()]).operations).toEqual([]);
  });

  test('removes copies of our rows and keeps the oldest', () => {
    const router = new FixtureRouter();
    deploy(router, [hotspot()]);
    const original = router.rows('/ip/firewall/nat')[0];
    const { '.id': id, ...copied } = { ...original };
    const copy = router.insert('/ip/firewall/nat', defined(copied));
    expect(id).not.toBe(copy);
    expect(planFor(router, [hotspot()]).operations).toMatchObject([{ op: 'remove', rosId: copy }]);
  });

  test('moves a jump back in front of a FastTrack rule', () => {
    const router = new FixtureRouter();
    deploy(router, [hotspot()]);
    const first = router.rows('/ip/firewall/filter')[0]?.['.id'];
    router.insert('/ip/firewall/filter', { chain: 'forward', action: 'fasttrack-connection' }, first);
    expect(steps(deploy(router, [hotspot()]))).toEqual([
      'remove /ip/firewall/filter tp:core:forward',
      'add /ip/firewall/filter tp:core:forward',
    ]);
    expect(planFor(router, [hotspot()]).operations).toEqual([]);
  });

  test('puts rules of our chains back in their order', () => {
    const router = new FixtureRouter();
    deploy(router, [hotspot()]);
    const drop = router.rows('/ip/firewall/filter').find((row) => row['comment'] === 'tp:hotspot1:in-drop');
    const { '.id': id, ...rule } = { ...drop };
    router.remove('/ip/firewall/filter', id ?? '');
    const coa = router.rows('/ip/firewall/filter').find((row) => row['comment'] === 'tp:core:coa');
    router.insert('/ip/firewall/filter', defined(rule), coa?.['.id']);
    deploy(router, [hotspot()]);
    const order = router
      .rows('/ip/firewall/filter')
      .filter((row) => row['chain'] === 'tp-input')
      .map((row) => row['comment']);
    expect(order).toEqual(
      ['coa', 'in-known', 'in-udp', 'in-tcp', 'in-icmp', 'in-drop'].map((role) =>
        role === 'coa' ? 'tp:core:coa' : `tp:hotspot1:${role}`,
      ),
    );
  });

  test('takes services that are no longer wished away, children before parents, ports before their bridge', () => {
    const router = new FixtureRouter();
    deploy(router, [hotspot(), pppoe()]);
    const gone = steps(deploy(router, [pppoe()])).filter((step) => step.startsWith('remove'));
    const position = (path: string): number => gone.findIndex((step) => step.startsWith(`remove ${path} `));
    expect(position('/interface/bridge/port')).toBeLessThan(position('/interface/bridge'));
    expect(position('/ip/hotspot')).toBeLessThan(position('/ip/hotspot/profile'));
    expect(position('/ip/dhcp-server')).toBeLessThan(position('/ip/pool'));
    expect(gone.at(-1)).toBe('remove /interface/bridge tp-hotspot1');
    expect(router.rows('/ip/hotspot')).toEqual([]);
    expect(router.rows('/radius')).toMatchObject([{ service: 'ppp' }]);
  });

  test('swaps the networks of two hotspots without ever having one twice', () => {
    const router = new FixtureRouter();
    const two = (first: string, second: string): ServiceConfig[] => [
      hotspot({ gateway: first }),
      hotspot({ interfaces: ['ether4'], gateway: second }),
    ];
    deploy(router, two('10.5.50.1/24', '10.5.60.1/24'));
    const plan = deploy(router, two('10.5.60.1/24', '10.5.50.1/24'));
    expect(steps(plan).filter((step) => step.includes('dhcp-server/network'))).toEqual([
      'remove /ip/dhcp-server/network tp:hotspot2:network',
      'remove /ip/dhcp-server/network tp:hotspot1:network',
      'add /ip/dhcp-server/network tp:hotspot1:network',
      'add /ip/dhcp-server/network tp:hotspot2:network',
    ]);
    expect(planFor(router, two('10.5.60.1/24', '10.5.50.1/24')).operations).toEqual([]);
  });
});

describe('the RADIUS secret', () => {
  const masked = (router: FixtureRouter, printed: string | undefined): void => {
    const [row] = router.rows('/radius');
    const { secret: _hidden, ...rest } = defined({ ...row });
    router.remove('/radius', row?.['.id'] ?? '');
    const { '.id': _id, ...values } = rest;
    router.insert('/radius', printed === undefined ? values : { ...values, secret: printed });
  };

  test.each([undefined, '*****'])('goes by what was set last when the router prints it as %s', (printed) => {
    const router = new FixtureRouter();
    deploy(router, [hotspot()]);
    masked(router, printed);
    expect(planFor(router, [hotspot()], { deployedSecret: 'print-of-sesame' }).operations).toEqual([]);
    expect(planFor(router, [hotspot()], { deployedSecret: 'print-of-another' }).operations).toMatchObject([
      { op: 'set', path: '/radius', attributes: {} },
    ]);
  });

  test('is compared itself when the router prints it', () => {
    const router = new FixtureRouter();
    deploy(router, [hotspot()]);
    const [row] = router.rows('/radius');
    router.change('/radius', row?.['.id'] ?? '', { secret: 'changed by hand' });
    expect(planFor(router, [hotspot()], { deployedSecret: 'print-of-sesame' }).operations).toMatchObject([
      { op: 'set', path: '/radius' },
    ]);
  });

  test('is never in a plan as text', () => {
    const plan = planFor(new FixtureRouter(), [hotspot()]);
    expect(JSON.stringify(plan)).not.toContain('sesame');
  });
});

describe('what belongs to others', () => {
  test('a port of another bridge is a conflict without consent and one set with it', () => {
    const router = new FixtureRouter();
    router.insert('/interface/bridge', { name: 'bridge' });
    const port = router.insert('/interface/bridge/port', { bridge: 'bridge', interface: 'ether3', comment: 'defconf' });
    expect(planFor(router, [hotspot()]).conflicts).toMatchObject([
      { path: '/interface/bridge/port', remedy: expect.stringContaining('takeInterfaces') },
    ]);
    const plan = deploy(router, [hotspot({ takeInterfaces: true })]);
    expect(plan.operations.at(-1)).toMatchObject({
      op: 'set',
      rosId: port,
      before: { bridge: 'bridge', comment: 'defconf' },
    });
    expect(plan.warnings).toEqual([expect.stringContaining('taken over')]);
  });

  test('a port row that a deleted bridge left behind is nobody’s', () => {
    const router = new FixtureRouter();
    router.insert('/interface/bridge/port', { bridge: '*7', interface: 'ether3' });
    expect(planFor(router, [hotspot()]).conflicts).toEqual([]);
  });

  test('a name that only begins like ours is left alone', () => {
    const router = new FixtureRouter();
    router.insert('/interface/bridge', { name: 'tp-link' });
    router.insert('/ip/pool', { name: 'tp-hotspot', ranges: '10.9.0.2-10.9.0.9' });
    expect(steps(planFor(router, [hotspot()])).filter((step) => step.startsWith('remove'))).toEqual([]);
  });

  test('the interface that carries our session is refused, also below a bridge', () => {
    const router = new FixtureRouter();
    router.insert('/interface', { name: 'bridge', type: 'bridge' });
    router.insert('/interface/bridge', { name: 'bridge' });
    router.insert('/interface/bridge/port', { bridge: 'bridge', interface: 'ether3' });
    router.insert('/ip/address', { address: '192.168.88.1/24', interface: 'bridge' });
    const services = [hotspot({ takeInterfaces: true })];
    const { plan } = planServices(input(services), router.snapshot('192.168.88.10'));
    expect(plan.conflicts).toMatchObject([{ key: 'ether3', message: expect.stringContaining('our own connection') }]);
    const withRoom = router.snapshot('192.168.88.10');
    const known = new Map(withRoom.menus).set('/interface/bridge/host', [
      { bridge: 'bridge', 'on-interface': 'ether2' },
    ]);
    router.insert('/interface/bridge/port', { bridge: 'bridge', interface: 'ether2' });
    known.set('/interface/bridge/port', [...router.rows('/interface/bridge/port')]);
    expect(planServices(input(services), { ...withRoom, menus: known }).plan.conflicts).toEqual([]);
  });

  test.each([
    ['an uplink', [hotspot({ interfaces: ['ether1'] })], /our own connection|way to the Internet/],
    ['an interface that is not there', [hotspot({ interfaces: ['ether9'] })], /no interface ether9/],
    ['addresses in use', [hotspot({ gateway: '100.64.0.1/24' })], /overlaps with 100.64.0.9\/24/],
  ])('refuses %s', (_what, services, message) => {
    const { conflicts } = planFor(new FixtureRouter(), services);
    expect(conflicts.map((conflict) => conflict.message).join(' ')).toMatch(message);
  });

  test.each([
    ['hotspot', hotspot({ interfaces: ['lo'] })],
    ['pppoe', pppoe({ interfaces: ['lo'] })],
  ])('refuses a %s on the loopback', (_type, service) => {
    const router = new FixtureRouter();
    router.insert('/interface', { name: 'lo', type: 'loopback', running: 'true', disabled: 'false' });
    expect(planFor(router, [service]).conflicts).toMatchObject([{ key: 'lo', remedy: expect.any(String) }]);
  });

  test('refuses a router that is too old', () => {
    expect(planFor(new FixtureRouter('6.48.6 (long-term)'), [hotspot()]).conflicts).toMatchObject([{ key: 'version' }]);
  });
});

function defined(row: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(row).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

describe('whatever is wished', () => {
  const ports = fc.subarray(['ether2', 'ether3', 'ether4', 'ether5'], { minLength: 1 });
  const garden = fc.uniqueArray(fc.constantFrom('pay.example.com', 'a.example.org', 'portal.example.net'));
  const services = fc
    .tuple(
      ports,
      fc.integer({ min: 0, max: 4 }),
      fc.array(
        fc.record({ third: fc.integer({ min: 0, max: 250 }), isolate: fc.boolean(), garden, hot: fc.boolean() }),
        {
          minLength: 1,
          maxLength: 4,
        },
      ),
    )
    .map(([names, shift, wishes]) =>
      wishes.slice(0, names.length).map((wish, index) => {
        const interfaces = [names[(index + shift) % names.length] ?? 'ether2'];
        return wish.hot
          ? hotspot({
              interfaces,
              gateway: `10.${60 + index}.${wish.third}.1/24`,
              clientIsolation: wish.isolate,
              walledGarden: wish.garden,
            })
          : pppoe({ interfaces, pool: `10.${60 + index}.${wish.third}.0/24`, serviceName: `net${index}` });
      }),
    );

  test('a plan that was carried out leaves nothing to do, from any configuration to any other', () => {
    fc.assert(
      fc.property(fc.array(services, { minLength: 1, maxLength: 3 }), (configurations) => {
        const router = new FixtureRouter();
        for (const wished of configurations) {
          deploy(router, wished);
          expect(planFor(router, wished).operations).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('rows of others stay as they are', () => {
    fc.assert(
      fc.property(fc.array(services, { minLength: 1, maxLength: 3 }), (configurations) => {
        const router = new FixtureRouter();
        for (const { path, identity, kinds } of managedMenus) {
          if (identity === 'settings') continue;
          const marks = [...('name' in kinds ? ['name'] : []), ...(identity === 'name' ? [] : ['comment'])];
          const row = Object.fromEntries(marks.map((mark) => [mark, 'customer'] as const));
          router.insert(path, { ...row, disabled: 'false' });
        }
        const foreign = (): unknown =>
          managedMenus.map(({ path }) =>
            router.rows(path).filter((row) => row['comment'] === 'customer' || row['name'] === 'customer'),
          );
        const before = JSON.stringify(foreign());
        for (const wished of configurations) deploy(router, wished);
        expect(JSON.stringify(foreign())).toBe(before);
      }),
      { numRuns: 40 },
    );
  });
});
