import { encodeSentence } from '@turnpike/routeros/wire.js';
import { type SimulatedRouter, type SimulatedRouterOptions, startSimulatedRouter } from '../fleet.js';
import { steerableTime } from '../router/sim-time.js';
import { attributesOf, TestClient } from './test-client.js';

const routers: SimulatedRouter[] = [];
const clients: TestClient[] = [];

async function start(options: Partial<SimulatedRouterOptions> = {}): Promise<SimulatedRouter> {
  const router = await startSimulatedRouter({ version: '7.22', tls: false, ...options });
  routers.push(router);
  return router;
}

async function login(router: SimulatedRouter, username?: string, password?: string): Promise<TestClient> {
  const client = await TestClient.login(router.apiPort, username, password);
  clients.push(client);
  return client;
}

async function open(router: SimulatedRouter): Promise<TestClient> {
  const client = await TestClient.open(router.apiPort);
  clients.push(client);
  return client;
}

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await Promise.all(routers.splice(0).map((router) => router.stop()));
});

const UNKNOWN = 'no such command or directory (nonsense)';

describe('versions', () => {
  test.each([
    ['6.49.17', ['!done']],
    ['7.17', ['!done']],
    ['7.18', ['!empty', '!done']],
    ['7.22', ['!empty', '!done']],
  ])('%s answers a print without rows with %j', async (version, expected) => {
    const api = await login(await start({ version }));
    expect((await api.ask('/ip/hotspot/print')).map((reply) => reply[0])).toEqual(expected);
  });

  test('an unknown path is refused with one trap by 6.49 and with two by 7', async () => {
    const old = await login(await start({ version: '6.49.17' }));
    const young = await login(await start());
    expect(await old.run('/nonsense/print')).toBe(`trap: ${UNKNOWN}`);
    expect(await young.run('/nonsense/print')).toBe(`trap: ${UNKNOWN}; no such command prefix`);
  });

  test('from 7.19 on /ip/service lists open connections, and a set by name hits one of them', async () => {
    const young = await login(await start());
    const dynamic = await young.print('/ip/service', '?dynamic=true');
    expect(dynamic).toMatchObject([{ name: 'api', connection: 'true', proto: 'tcp' }]);
    const [fixed] = await young.print('/ip/service', '?name=api', '?dynamic=false');
    expect(await young.run('/ip/service/set', `=.id=${fixed?.['.id'] ?? ''}`, '=address=127.0.0.0/8')).toBe('');
    expect(await young.run('/ip/service/set', '=numbers=api', '=address=127.0.0.0/8')).toBe(
      'trap: failure: this is configured elsewhere',
    );
    const old = await login(await start({ version: '7.17' }));
    expect((await old.print('/ip/service')).length).toBe(8);
    expect(await old.run('/ip/service/set', '=numbers=api', '=address=127.0.0.0/8')).toBe('');
  });

  test('6.49 traps as-string of /execute and add of /file', async () => {
    const api = await login(await start({ version: '6.49.17' }));
    expect(await api.run('/execute', '=script=/export', '=as-string=')).toBe('trap: unknown parameter');
    expect(await api.run('/file/add', '=name=x.txt')).toBe('trap: no such command');
  });
});

describe('login', () => {
  test('refuses a wrong password in words and keeps the connection', async () => {
    const api = await open(await start());
    expect(await api.run('/login', '=name=admin', '=password=wrong')).toBe('trap: invalid user name or password (6)');
    expect(await api.run('/login', '=name=admin', '=password=simulated')).toBe('');
  });

  test('ends the connection on a command before login', async () => {
    const api = await open(await start());
    expect(await api.ask('/system/identity/print')).toEqual([['!fatal', 'not logged in']]);
    expect(await api.next()).toBeUndefined();
  });

  test('/quit says goodbye with !fatal', async () => {
    const api = await login(await start());
    expect(await api.ask('/quit')).toEqual([['!fatal', 'session terminated on request']]);
    expect(await api.next()).toBeUndefined();
  });

  test('a user tied to another address is refused like a wrong password', async () => {
    const router = await start();
    const api = await login(router);
    await api.run('/user/add', '=name=far', '=group=full', '=password=x', '=address=10.9.9.9/32');
    expect(await (await open(router)).run('/login', '=name=far', '=password=x')).toMatch(/invalid user name/);
  });

  test('logs logins and logouts and shows the session in /user/active', async () => {
    const router = await start();
    const api = await login(router);
    expect(await api.print('/user/active')).toMatchObject([{ name: 'admin', via: 'api', address: '127.0.0.1' }]);
    expect((await api.print('/log')).map((row) => row['message'])).toContain(
      'user admin logged in from 127.0.0.1 via api',
    );
  });

  test('the password can be changed behind the back of a client that is logged in', async () => {
    const router = await start();
    const api = await login(router);
    await api.run('/user/set', '=.id=admin', '=password=other');
    expect(await (await open(router)).run('/login', '=name=admin', '=password=simulated')).toMatch(/invalid user name/);
    expect((await api.print('/system/identity')).length).toBe(1);
  });
});

describe('replies', () => {
  test('echo the tag second, or last when switched', async () => {
    const router = await start();
    const api = await login(router);
    api.send('/system/identity/print', '.tag=7');
    expect(await api.next()).toEqual(['!re', '.tag=7', '=name=MikroTik']);
    expect(await api.next()).toEqual(['!done', '.tag=7']);
    router.faults.set({ tagLast: true });
    api.send('/system/identity/print', '.tag=8');
    expect(await api.next()).toEqual(['!re', '=name=MikroTik', '.tag=8']);
    expect(await api.next()).toEqual(['!done', '.tag=8']);
  });

  test('a row without any of the properties asked for is a bare !re', async () => {
    const api = await login(await start({ version: '7.17' }));
    const replies = await api.ask('/ip/service/print', '=.proplist=comment');
    expect(replies).toEqual([...Array.from({ length: 8 }, () => ['!re']), ['!done']]);
  });

  test('count-only answers with the number alone, and queries narrow it', async () => {
    const api = await login(await start());
    expect(await api.ask('/interface/ethernet/print', '=count-only=')).toEqual([['!done', '=ret=5']]);
    expect(await api.run('/interface/ethernet/print', '=count-only=', '?name=ether1', '?name=ether2', '?#|')).toBe('2');
  });

  test('a listener hears of changes and of deletions until it is cancelled', async () => {
    const router = await start();
    const api = await login(router);
    const other = await login(router);
    api.send('/ip/pool/listen', '.tag=10');
    await api.ask('/system/identity/print');
    const id = await other.run('/ip/pool/add', '=name=p1', '=ranges=10.0.0.1-10.0.0.9');
    expect(attributesOf((await api.next()) ?? [])).toMatchObject({ '.id': id, name: 'p1' });
    await other.run('/ip/pool/remove', `=.id=${id}`);
    expect(await api.next()).toEqual(['!re', '.tag=10', `=.id=${id}`, '=.dead=true']);
    api.send('/cancel', '=tag=10', '.tag=20');
    expect(await api.next()).toEqual(['!trap', '.tag=10', '=category=2', '=message=interrupted']);
    expect(await api.next()).toEqual(['!done', '.tag=20']);
    expect(await api.next()).toEqual(['!done', '.tag=10']);
  });

  test('a ping counts and ends by itself', async () => {
    const api = await login(await start());
    const replies = await api.ask('/ping', '=address=10.0.0.1', '=count=2', '=interval=10ms');
    expect(replies.map((reply) => reply[0])).toEqual(['!re', '!re', '!done']);
    expect(attributesOf(replies[1] ?? [])).toMatchObject({ sent: '2', received: '2' });
  });
});

describe('refusals', () => {
  test.each([
    [['/ip/pool/frobnicate'], 'no such command'],
    [['/ip/pool/add', '=name=a', '=ranges=10.0.0.1', '=nonsense=1'], 'unknown parameter'],
    [['/ip/pool/print', '=where=x'], 'unknown parameter'],
    [['/ip/pool/add', '=name=a'], 'missing value(s) of argument(s) ranges'],
    [['/ip/address/add', '=address=10.0.0.1/24', '=interface=ether9'], 'input does not match any value of interface'],
    [['/ip/address/add', '=address=banana', '=interface=ether1'], 'invalid value for argument address'],
    [
      ['/interface/bridge/port/add', '=bridge=bridge', '=interface=ether3', '=pvid=5000'],
      'value of pvid out of range (1..4094)',
    ],
    [['/ip/hotspot/walled-garden/ip/add', '=action=allow'], 'input does not match any value of action'],
    [
      ['/ip/arp/add', '=address=10.0.0.1', '=interface=ether1', '=mac-address=zz'],
      'invalid value of mac-address, mac address required',
    ],
    [['/ip/pool/set', '=.id=*FFF', '=name=x'], 'no such item'],
    [['/ip/hotspot/set', '=proxy-status=running'], 'unknown parameter'],
    [
      ['/interface/bridge/port/add', '=bridge=bridge', '=interface=ether2'],
      'failure: device already added as bridge port',
    ],
    [['/interface/bridge/add', '=name=bridge'], 'failure: already have interface with such name'],
    [['/ip/address/add', '=address=192.168.88.1/24', '=interface=bridge'], 'failure: already have such address'],
    [['/user/add', '=name=admin', '=group=full'], 'failure: user with the same name already exists'],
    [
      ['/system/logging/action/add', '=name=re-mote', '=target=remote'],
      'failure: action name can contain only letters and numbers',
    ],
    [['/radius/add', '=address=radius.example.com'], 'invalid value for argument address'],
    [
      ['/ip/hotspot/user/profile/add', '=name=u', '=session-timeout=none'],
      'invalid value for argument session-timeout',
    ],
  ])('%j is refused: %s', async (words, message) => {
    const api = await login(await start());
    expect(await api.run(...words)).toBe(`trap: ${message}`);
  });

  test('6.49 names one missing argument in its own way', async () => {
    const api = await login(await start({ version: '6.49.17' }));
    expect(await api.run('/ip/pool/add', '=name=a')).toBe('trap: missing =ranges=');
  });
});

describe('objects', () => {
  test('ids are upper-case hexadecimal, grow and are never used again', async () => {
    const api = await login(await start());
    const first = await api.run('/ip/firewall/address-list/add', '=list=a', '=address=10.0.0.1');
    await api.run('/ip/firewall/address-list/remove', `=.id=${first}`);
    const ids: string[] = [];
    for (let i = 0; i < 10; i += 1) {
      ids.push(await api.run('/ip/firewall/address-list/add', '=list=a', `=address=10.0.1.${i}`));
    }
    expect(first).toBe('*1');
    expect(ids).toEqual(['*2', '*3', '*4', '*5', '*6', '*7', '*8', '*9', '*A', '*B']);
  });

  test('set takes an id, a name or a comma list of both', async () => {
    const api = await login(await start());
    await api.run('/interface/set', '=.id=ether1', '=comment=uplink');
    const [ether2] = await api.print('/interface/ethernet', '?name=ether2');
    await api.run('/interface/ethernet/disable', `=numbers=${ether2?.['.id'] ?? ''},ether3`);
    expect(await api.print('/interface/ethernet', '?comment=uplink')).toMatchObject([{ name: 'ether1' }]);
    expect((await api.print('/interface', '?disabled=true')).map((row) => row['name'])).toEqual(['ether2', 'ether3']);
  });

  test('booleans print true and false, durations in units, a missing comment not at all', async () => {
    const api = await login(await start());
    await api.run('/ip/hotspot/add', '=interface=bridge', '=idle-timeout=1:30:00', '=disabled=yes');
    const [row] = await api.print('/ip/hotspot');
    expect(row).toMatchObject({ name: 'hotspot1', disabled: 'true', 'idle-timeout': '1h30m' });
    expect(row).not.toHaveProperty('comment');
  });

  test('rules keep their order: place-before, move, and dynamic rows are no target', async () => {
    const api = await login(await start());
    const rules = await api.print('/ip/firewall/nat');
    const first = rules[0]?.['.id'] ?? '';
    const above = await api.run('/ip/firewall/nat/add', '=chain=srcnat', '=action=accept', `=place-before=${first}`);
    expect((await api.print('/ip/firewall/nat')).map((row) => row['.id'])).toEqual([above, first]);
    await api.run('/ip/firewall/nat/move', `=.id=${first}`, `=destination=${above}`);
    expect((await api.print('/ip/firewall/nat')).map((row) => row['.id'])).toEqual([first, above]);
    expect(await api.run('/ip/firewall/nat/add', '=chain=srcnat', '=place-before=0')).toBe('trap: no such item');
  });

  test('deleting a bridge leaves its port behind, which still blocks the interface', async () => {
    const api = await login(await start());
    await api.run('/interface/bridge/remove', '=.id=bridge');
    const [port] = await api.print('/interface/bridge/port', '?interface=ether2');
    expect(port?.['bridge']).toMatch(/^\*/);
    await api.run('/interface/bridge/add', '=name=br2');
    expect(await api.run('/interface/bridge/port/add', '=bridge=br2', '=interface=ether2')).toMatch(/already added/);
    expect(await api.run('/interface/bridge/port/set', `=.id=${port?.['.id'] ?? ''}`, '=bridge=br2')).toBe('');
  });

  test('a renamed interface keeps its addresses, a hotspot on a bridge port is invalid', async () => {
    const api = await login(await start());
    await api.run('/interface/bridge/set', '=.id=bridge', '=name=lan');
    expect(await api.print('/ip/address', '?interface=lan')).toMatchObject([{ address: '192.168.88.1/24' }]);
    await api.run('/ip/hotspot/add', '=interface=ether2', '=disabled=no');
    expect(await api.print('/ip/hotspot')).toMatchObject([{ invalid: 'true', 'proxy-status': 'stopped' }]);
  });

  test('a hotspot profile brings its pages, WireGuard makes its keys, a signed certificate has a fingerprint', async () => {
    const api = await login(await start());
    await api.run('/ip/hotspot/profile/add', '=name=p', '=html-directory=tp');
    expect((await api.print('/file', '?name=tp/login.html')).length).toBe(1);
    await api.run('/interface/wireguard/add', '=name=tp-mgmt');
    expect((await api.print('/interface/wireguard'))[0]?.['public-key']).toMatch(/^[A-Za-z0-9+/]{43}=$/);
    await api.run('/certificate/add', '=name=tp-api', '=common-name=r1');
    expect(await api.print('/certificate', '?fingerprint')).toEqual([]);
    await api.run('/certificate/sign', '=number=tp-api');
    expect((await api.print('/certificate'))[0]?.['fingerprint']).toMatch(/^[0-9a-f]{64}$/);
  });

  test('conditional properties of a hotspot profile are printed only where they mean something', async () => {
    const api = await login(await start());
    const [plain] = await api.print('/ip/hotspot/profile', '?name=default');
    expect(plain).not.toHaveProperty('radius-accounting');
    await api.run('/ip/hotspot/profile/set', '=.id=default', '=use-radius=yes');
    expect(await api.print('/ip/hotspot/profile', '?name=default')).toMatchObject([{ 'radius-accounting': 'true' }]);
  });
});

describe('permissions', () => {
  async function restricted(policy: string): Promise<{ router: SimulatedRouter; admin: TestClient; api: TestClient }> {
    const router = await start();
    const admin = await login(router);
    await admin.run('/user/group/add', '=name=tp-api', `=policy=${policy}`);
    await admin.run('/user/add', '=name=tp', '=group=tp-api', '=password=pw');
    await admin.run('/radius/add', '=service=hotspot', '=address=10.0.0.9', '=secret=hush');
    return { router, admin, api: await login(router, 'tp', 'pw') };
  }

  test('without sensitive a secret is masked, with it it is shown; passwords of users never are', async () => {
    const { admin, api } = await restricted('api,read,write');
    expect(await api.print('/radius')).toMatchObject([{ secret: '*****' }]);
    expect(await admin.print('/radius')).toMatchObject([{ secret: 'hush' }]);
    expect((await admin.print('/user'))[0]).not.toHaveProperty('password');
  });

  test('without policy a user may not make users, without reboot he may not reboot, without write not write', async () => {
    const { admin, api } = await restricted('api,read,write');
    const refused = 'trap: not enough permissions (9)';
    expect(await api.run('/user/add', '=name=evil', '=group=full')).toBe(refused);
    expect(await api.run('/system/reboot')).toBe(refused);
    expect(await api.run('/ping', '=address=10.0.0.1', '=count=1')).toBe(refused);
    await admin.run('/user/group/set', '=.id=tp-api', '=policy=api,read');
    expect(await api.run('/ip/pool/add', '=name=x', '=ranges=10.0.0.1')).toBe(refused);
    expect((await api.print('/ip/service')).length).toBeGreaterThan(7);
  });

  test('nobody disables himself', async () => {
    const api = await login(await start());
    expect(await api.run('/user/disable', '=.id=admin')).toBe('');
    expect(await api.print('/user')).toMatchObject([{ disabled: 'false' }]);
  });

  test('a service limited to other addresses accepts and closes', async () => {
    const router = await start();
    const api = await login(router);
    const [service] = await api.print('/ip/service', '?name=api', '?dynamic=false');
    await api.run('/ip/service/set', `=.id=${service?.['.id'] ?? ''}`, '=address=10.0.0.0/8');
    expect(await (await open(router)).next()).toBeUndefined();
  });

  test('one connection more than max-sessions is closed', async () => {
    const router = await start();
    const api = await login(router);
    const [service] = await api.print('/ip/service', '?name=api', '?dynamic=false');
    await api.run('/ip/service/set', `=.id=${service?.['.id'] ?? ''}`, '=max-sessions=2');
    await login(router);
    expect(await (await open(router)).next()).toBeUndefined();
  });
});

describe('device-mode', () => {
  test('home: a hotspot is added but stays inactive until the button is pressed; a scheduler is refused', async () => {
    const time = steerableTime();
    const router = await start({ deviceMode: 'home', clock: time, rebootMs: 0 });
    const api = await login(router);
    expect(await api.print('/system/device-mode')).toMatchObject([{ mode: 'home', hotspot: 'false' }]);
    await api.run('/ip/hotspot/add', '=interface=bridge', '=disabled=no');
    expect(await api.print('/ip/hotspot')).toMatchObject([{ about: 'inactivated, not allowed by device-mode' }]);
    expect(await api.print('/ip/firewall/nat', '?dynamic=true')).toEqual([]);
    expect(await api.run('/system/scheduler/add', '=name=x')).toBe('trap: failure: not allowed by device-mode');
    api.send('/system/device-mode/update', '=hotspot=yes', '.tag=1');
    expect(attributesOf((await api.next()) ?? [])['status']).toMatch(/please activate/);
    const pressed = router.pressModeButton();
    expect(await api.next()).toEqual(['!fatal', 'router is rebooting']);
    expect(router.rows('/ip/hotspot')[0]).not.toHaveProperty('about');
    expect(router.rows('/ip/hotspot')).toMatchObject([{ 'proxy-status': 'running' }]);
    expect(router.state.deviceMode['hotspot']).toBe('true');
    await time.advance(10);
    await pressed;
  });
});

describe('faults', () => {
  test.each(['bytes', 'before-final-zero'] as const)('answers survive being cut: %s', async (segmentation) => {
    const router = await start();
    const api = await login(router);
    router.faults.set({ segmentation });
    const before = api.chunks;
    expect((await api.print('/interface')).length).toBeGreaterThan(5);
    expect(api.chunks).toBeGreaterThan(before + 1);
  });

  test.each(['fin', 'rst', 'fatal'] as const)('drops the connection at the n-th sentence: %s', async (how) => {
    const router = await start();
    const api = await login(router);
    router.faults.set({ dropAt: { sentence: 2, how, when: 'before' } });
    expect((await api.print('/system/identity')).length).toBe(1);
    const replies = await api.ask('/ip/pool/add', '=name=x', '=ranges=10.0.0.1');
    expect(replies.map((reply) => reply[0])).toEqual(how === 'fatal' ? ['!fatal'] : []);
    expect(router.state.byName('/ip/pool', 'x')).toBeUndefined();
    expect((await login(router)).chunks).toBeGreaterThan(0);
  });

  test('an answer can be lost after the command was carried out', async () => {
    const router = await start();
    const api = await login(router);
    router.faults.set({ dropAt: { sentence: 1, how: 'fin', when: 'after' } });
    expect(await api.ask('/ip/pool/add', '=name=x', '=ranges=10.0.0.1')).toEqual([]);
    expect(router.state.byName('/ip/pool', 'x')).toBeDefined();
  });

  test('a command can be refused in chosen words, or never answered', async () => {
    const router = await start();
    const api = await login(router);
    router.faults.set({ traps: [{ command: '/ip/pool/add', message: 'failure: no', category: 4 }] });
    expect(await api.ask('/ip/pool/add', '=name=x', '=ranges=10.0.0.1')).toEqual([
      ['!trap', '=category=4', '=message=failure: no'],
      ['!done'],
    ]);
    router.faults.set({ neverAnswer: ['/ip/pool/print'] });
    api.send('/ip/pool/print', '.tag=1');
    api.send('/system/identity/print', '.tag=2');
    expect((await api.next())?.[1]).toBe('.tag=2');
  });

  test('connections can be accepted and closed, or accepted and ignored', async () => {
    const router = await start();
    router.faults.set({ acceptThenClose: true });
    expect(await (await open(router)).next()).toBeUndefined();
    router.faults.clear();
    router.faults.set({ silentAccept: true });
    const mute = await open(router);
    mute.send('/login', '=name=admin', '=password=simulated');
    const outcome = await Promise.race([
      mute.next(),
      new Promise((resolve) => setTimeout(() => resolve('silent'), 50)),
    ]);
    expect(outcome).toBe('silent');
  });

  test('a sentence cut into single bytes by the client is read all the same', async () => {
    const api = await open(await start());
    for (const byte of encodeSentence(['/login', '=name=admin', '=password=simulated'])) api.sendBytes(Buffer.of(byte));
    expect(await api.next()).toEqual(['!done']);
  });

  test('a reboot ends all sessions; configuration and ids stay, uptime starts again', async () => {
    const router = await start({ rebootMs: 20 });
    const api = await login(router);
    const id = await api.run('/ip/pool/add', '=name=kept', '=ranges=10.0.0.1');
    api.send('/system/reboot');
    let last: string[] | undefined = [];
    while (last !== undefined) last = await api.next();
    let again: TestClient | undefined;
    while (again === undefined) again = await login(router).catch(() => undefined);
    expect(await again.print('/ip/pool', '?name=kept')).toMatchObject([{ '.id': id }]);
    expect((await again.print('/system/resource'))[0]?.['uptime']).toBe('0s');
  });
});

describe('API-SSL', () => {
  test('serves the certificate whose fingerprint the fleet tells', async () => {
    const router = await start({ tls: true });
    const { client, fingerprint256 } = await TestClient.openTls(router.tlsPort ?? 0);
    clients.push(client);
    expect(fingerprint256).toBe(router.tlsFingerprint);
    expect(await client.run('/login', '=name=admin', '=password=simulated')).toBe('');
  });
});

describe('several routers', () => {
  test('share a process without sharing addresses or configuration, and record what they hear', async () => {
    const heard: string[][] = [];
    const one = await start({ name: 'one', record: (words) => heard.push(words) });
    const two = await start({ name: 'two' });
    expect(one.nasAddress).not.toBe(two.nasAddress);
    const api = await login(one);
    await api.run('/ip/pool/add', '=name=mine', '=ranges=10.0.0.1');
    expect(two.state.byName('/ip/pool', 'mine')).toBeUndefined();
    expect(heard.at(-1)).toEqual(['/ip/pool/add', '=name=mine', '=ranges=10.0.0.1']);
    expect(one.writes).toBe(1);
    expect(two.writes).toBe(0);
  });
});
