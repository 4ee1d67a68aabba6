import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { createProducer } from '@turnpike/queue/producer.js';
import { OWNER } from '../../../api/src/api-rig.js';
import { startSimulatedRouter, type SimulatedRouter } from '../../../simulator/src/fleet.js';
import { openVerbRig, type Ran, type VerbRig } from './verb-rig.js';

let verbs: VerbRig;
let router: SimulatedRouter;

beforeAll(async () => {
  [verbs, router] = await Promise.all([
    openVerbRig(),
    startSimulatedRouter({ version: '7.22', name: 'ctr', tls: false }),
  ]);
});

afterAll(async () => {
  await Promise.all([verbs.close(), router.stop()]);
});

const turnpike: VerbRig['turnpike'] = (argv, typed) => verbs.turnpike(argv, typed);

function expectToFit({ out }: Ran): void {
  for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
}

async function sql(): Promise<VerbRig['rig']['postgres']['database']['db']> {
  return verbs.rig.postgres.database.db;
}

describe('signing in', () => {
  test('without a login and without a system of its own it says what to do', async () => {
    const ran = await turnpike(['router', 'list']);
    expect(ran).toMatchObject({ exit: 1, out: '' });
    expect(ran.err).toContain('turnpike login --url');
  });

  test('keeps a token that only its owner can read, and never shows it', async () => {
    const url = verbs.rig.base;
    const wrong = await turnpike(['login', '--url', url, '--email', OWNER.email, '--password-stdin'], {
      stdin: 'no\n',
    });
    expect(wrong.exit).toBe(1);
    expect(wrong.err).toMatch(/code unauthenticated, request \S+/);
    const ran = await turnpike(['login', '--url', url], { isTty: true, answers: [OWNER.email, OWNER.password] });
    expect(ran).toMatchObject({ exit: 0, err: '' });
    expect(ran.out).toContain(`Signed in to ${url} as ${OWNER.email} until 20`);
    expect((await stat(verbs.credentials)).mode & 0o777).toBe(0o600);
    const kept = JSON.parse(await readFile(verbs.credentials, 'utf8'));
    expect(kept.current).toBe(url);
    expect(ran.out).not.toContain(kept.logins[url].token);
  });

  test('takes the address of a server as people write it', async () => {
    const { hostname, port } = new URL(verbs.rig.base);
    expect((await turnpike(['queue', 'list', '--url', `http://${hostname}:${port}/`])).exit).toBe(0);
    expect(await turnpike(['queue', 'list', '--url', 'http://['])).toMatchObject({ exit: 2 });
    const stranger = await turnpike(['queue', 'list', '--url', 'http://127.0.0.9:9']);
    expect(stranger.err).toContain('Not signed in to http://127.0.0.9:9/api/v1');
  });

  test('wrong usage is 2, and asking for help is none', async () => {
    for (const argv of [
      ['router', 'paint'],
      ['router', 'show'],
      ['router', 'list', '--colour'],
      ['voucher', 'create'],
    ]) {
      expect((await turnpike(argv)).exit).toBe(2);
    }
    expect((await turnpike(['router', 'deploy', 'x', '--watch', '--timeout', 'soon'])).exit).toBe(2);
    expect((await turnpike(['router', 'list', '--status', 'purple'])).exit).toBe(2);
    const help = await turnpike(['router', '--help']);
    expect(help).toMatchObject({ exit: 0, err: '' });
    expect(help.out).toContain('rollback');
  });
});

describe('a router, from nothing to deployed and back', () => {
  test('without an address its script is printed', async () => {
    const ran = await turnpike(['router', 'add', 'Waiting', '--site', 'Kilifi']);
    expect(ran.exit).toBe(0);
    expect(ran.out).toContain('/user');
    const [shown] = (await turnpike(['router', 'show', 'waiting', '--json'])).lines;
    expect(shown).toMatchObject({ name: 'Waiting', status: 'pending', site: 'Kilifi' });
  });

  test('is added with its password from standard input, and taken once', async () => {
    const { host, apiPort, username, password, nasAddress } = router;
    const argv = ['router', 'add', 'CTR one', '--address', host, '--api-port', String(apiPort), '--username', username];
    const ran = await turnpike([...argv, '--password-stdin', '--nas-address', nasAddress], { stdin: `${password}\n` });
    expect(ran).toMatchObject({ exit: 0, err: '' });
    const again = await turnpike([...argv, '--password-stdin'], { stdin: password });
    expect(again.exit).toBe(1);
    expect(again.err).toMatch(/another router has this name[^]*code name_taken, request \S+/);
  });

  test('is listed in 80 columns, and as one JSON value a line', async () => {
    const ran = await turnpike(['router', 'list']);
    expect(ran.out.split('\n').slice(0, 3)).toEqual([
      expect.stringMatching(/^name +status +deployment +address +version +site +seen$/),
      expect.stringContaining('CTR one'),
      expect.stringContaining('Waiting'),
    ]);
    expectToFit(ran);
    const { lines } = await turnpike(['router', 'list', '--json', '--site', 'Kilifi']);
    expect(lines).toMatchObject([{ name: 'Waiting', deployment: 'not_started' }]);
    expect((await turnpike(['router', 'list', '--search', 'nothing like it'])).out).toContain('turnpike router add');
  });

  test('a part of a name is not enough, and the right one is suggested', async () => {
    const ran = await turnpike(['router', 'rollback', 'CTR']);
    expect(ran.exit).toBe(1);
    expect(ran.err).toContain('Did you mean CTR one?');
  });

  test('its plan is told and changes nothing', async () => {
    const ran = await turnpike([
      'router',
      'plan',
      'ctr one',
      '--hotspot',
      'ether3',
      '--walled-garden',
      'pay.example.com',
    ]);
    expect(ran).toMatchObject({ exit: 0 });
    expect(ran.out).toContain('add     /ip/pool tp-hotspot1');
    expect(ran.out).toMatch(/\d+ to add, \d+ to set, 0 to remove on CTR one. Nothing was changed./);
    expect(router.writes).toBe(0);
    const { lines } = await turnpike(['router', 'plan', 'ctr one', '--hotspot', 'ether3', '--json']);
    expect(lines[0]).toMatchObject({ op: expect.any(String), path: expect.any(String) });
    expect((await turnpike(['router', 'plan', 'ctr one'])).exit).toBe(2);
    const own = await turnpike(['router', 'plan', 'ctr one', '--hotspot', 'ether1']);
    expect(own).toMatchObject({ exit: 1, err: expect.stringContaining('our own connection') });
    expect((await turnpike(['router', 'plan', 'ctr one', '--pool', '10.0.0.0/24'])).exit).toBe(2);
  });

  test('Ctrl-C leaves the deploy running and says how to look in again', async () => {
    router.faults.set({ delayMs: 30 });
    const ran = await turnpike(['router', 'deploy', 'CTR one', '--hotspot', 'ether3', '--watch'], {
      onOutput: (text, pressCtrlC) => {
        if (text.includes('%')) pressCtrlC();
      },
    });
    router.faults.clear();
    expect(ran.exit).toBe(130);
    expect(ran.err).toContain("turnpike router logs 'CTR one' --watch");
    const watched = await turnpike(['router', 'logs', 'CTR one', '--watch', '--timeout', '60s']);
    expect(watched.exit).toBe(0);
    expect(watched.out).toContain('CTR one is as wished');
    expect(watched.out).toMatch(/add {4}\/ip\/pool tp-hotspot1/);
  });

  test('a second deploy needs no options; its progress is NDJSON when that is asked for', async () => {
    const ran = await turnpike(['router', 'deploy', 'CTR one', '--watch', '--json']);
    expect(ran.exit).toBe(0);
    expect(ran.lines.at(-1)).toMatchObject({ router: 'CTR one', kind: 'deploy', state: 'succeeded', writes: 0 });
  });

  test('of several, one that is refused makes it 3', async () => {
    const services = path.join(verbs.folder, 'services.json');
    await writeFile(services, JSON.stringify([{ type: 'hotspot', interfaces: ['ether3'] }]));
    const names = ['CTR one', 'Waiting'];
    const ran = await turnpike(['router', 'deploy', ...names, '--services', services, '--watch', '--timeout', '60s']);
    expect(ran.exit).toBe(3);
    expect(ran.err).toMatch(/Waiting: failed[^]*code {4}router_has_no_address/);
    const logs = await turnpike(['router', 'logs', 'Waiting']);
    expect(logs).toMatchObject({ exit: 0, err: expect.stringContaining('bootstrap script') });
  });

  test('time that is up is 124, and the job goes on', async () => {
    router.faults.set({ delayMs: 60 });
    const argv = ['router', 'deploy', 'CTR one', '--hotspot', 'ether3', '--gateway', '10.9.0.1/24'];
    const ran = await turnpike([...argv, '--watch', '--timeout', '300ms']);
    expect(ran).toMatchObject({ exit: 124, err: expect.stringContaining('goes on') });
    const busy = await turnpike(['router', 'rollback', 'CTR one']);
    expect(busy).toMatchObject({ exit: 1, err: expect.stringContaining('code router_busy') });
    router.faults.clear();
    expect((await turnpike(['router', 'logs', 'CTR one', '--watch'])).exit).toBe(0);
  });

  test('rolls back, shows what was taken back, and has nothing to undo then', async () => {
    const ran = await turnpike(['router', 'rollback', 'CTR one', '--watch', '--timeout', '60s']);
    expect(ran).toMatchObject({ exit: 0, err: '' });
    expect(ran.out).toContain('CTR one is as it was before');
    const logs = await turnpike(['router', 'logs', 'CTR one']);
    expect(logs.out).toContain('rollback rolled back, 100 %');
    expect(logs.out).toMatch(/undo set {4}\/ip\/pool tp-hotspot1/);
    const again = await turnpike(['router', 'rollback', 'CTR one']);
    expect(again).toMatchObject({ exit: 1, err: expect.stringContaining('There is nothing to undo') });
  });

  test('what the router refuses is told in its own words, with what to do', async () => {
    router.faults.set({ traps: [{ command: '/interface/pppoe-server/server/add', message: 'failure: no licence' }] });
    const ran = await turnpike(['router', 'deploy', 'CTR one', '--hotspot', 'ether3', '--pppoe', 'ether4', '--watch']);
    router.faults.clear();
    expect(ran.exit).toBe(1);
    expect(ran.err).toMatch(/router {2}"failure: no licence"\n {2}do {6}\S+/);
    const logs = await turnpike(['router', 'logs', 'CTR one']);
    expect(logs.out).toContain('(taken back)');
    expect(logs.err).toContain('failure: no licence');
  });

  test('shows a tree of stages on a terminal', async () => {
    const written: string[] = [];
    const write = process.stdout.write.bind(process.stdout);
    process.stdout.write = (text: unknown) => written.push(String(text)) > 0;
    try {
      const ran = await turnpike(['router', 'deploy', 'CTR one', '--hotspot', 'ether3', '--watch'], { isTty: true });
      expect(ran).toMatchObject({ exit: 0, out: expect.stringContaining('is as wished') });
    } finally {
      process.stdout.write = write;
    }
    const tree = written.join('');
    for (const stage of ['CTR one', 'Connect', 'Plan', 'Make the changes', 'See that everything works']) {
      expect(tree).toContain(stage);
    }
  });

  test('is reset', async () => {
    const ran = await turnpike(['router', 'reset', 'CTR one', 'Waiting']);
    expect(ran).toMatchObject({ exit: 0, out: expect.stringContaining('2 routers of 2 reset') });
    const [shown] = (await turnpike(['router', 'show', 'CTR one', '--json'])).lines;
    expect(shown).toMatchObject({ provisioning: { state: 'not_started' } });
  });
});

describe('sessions', () => {
  let routerId: string;

  async function session(username: string): Promise<string> {
    const id = uuidv7();
    const now = new Date();
    await (
      await sql()
    ).session.create({
      data: {
        id,
        key: `c.${id}`,
        acctSessionId: id.slice(-8),
        routerId,
        username,
        framedIpAddress: '10.5.50.7',
        callingStationId: '02:00:00:00:00:07',
        startedAt: now,
        lastSeenAt: now,
      },
    });
    return id;
  }

  beforeAll(async () => {
    routerId = (await (await sql()).router.findUniqueOrThrow({ where: { name: 'CTR one' } })).id;
  });

  test('who is online is listed, by router and by username', async () => {
    await session('amina');
    await session('a-username-that-is-much-longer-than-any-terminal-is-wide@some.realm.example.net');
    const ran = await turnpike(['session', 'list', '--router', 'CTR one']);
    expect(ran.out).toContain('10.5.50.7');
    expectToFit(ran);
    expect((await turnpike(['session', 'list', '--username', 'amina', '--json'])).lines).toHaveLength(1);
    expect((await turnpike(['session', 'list', '--username', 'nobody'])).out).toContain('Nobody is online');
  });

  test('is ended by username, and what came of it is waited for', async () => {
    const ran = await turnpike(['session', 'disconnect', 'amina', '--watch', '--timeout', '60s', '--json']);
    expect(ran.lines).toMatchObject([{ kind: 'disconnect', finishedAt: expect.any(String) }]);
    expect((await turnpike(['session', 'disconnect', 'nobody'])).exit).toBe(1);
  });

  test('of two ids one of which is not known ends the other', async () => {
    const ran = await turnpike(['session', 'disconnect', await session('brian'), uuidv7()]);
    expect(ran).toMatchObject({ exit: 3, out: expect.stringContaining('is told to end it') });
    expect(ran.err).toContain('code not_found');
  });
});

describe('customers, vouchers, payments and queues', () => {
  test('a customer is found by phone in any notation, by username and by id', async () => {
    const made = await verbs.rig.json('POST', '/customers', { username: 'wanjiru', msisdn: '0712345678' });
    for (const text of ['0712 345 678', '+254712345678', 'wanjiru', String(made.body['id'])]) {
      const ran = await turnpike(['customer', 'show', text, '--json']);
      expect(ran.lines).toMatchObject([{ id: made.body['id'], username: 'wanjiru' }]);
    }
    const why = await turnpike(['customer', 'why', 'wanjiru']);
    expect(why).toMatchObject({ exit: 0, err: '' });
    expect(why.out).toMatch(/^wanjiru {2}\S+/);
    expect(why.out).toContain('To do:');
    expect((await turnpike(['customer', 'why', '0700000000'])).err).toContain('Nobody is known by 0700000000');
  });

  test('vouchers are printed, or written to a PDF or a table that is not there yet', async () => {
    await verbs.rig.json('POST', '/packages', {
      name: 'One hour',
      type: 'hotspot',
      priceMinor: 2000,
      currency: 'KES',
      validForSeconds: 3600,
      downKbps: 2048,
      upKbps: 1024,
    });
    const make = ['voucher', 'create', '--package', 'one hour', '--count', '3'];
    const printed = await turnpike(make);
    expect(printed.out.trim().split('\n')).toHaveLength(3);
    expect(printed.err).toContain('Keep the codes');
    expect((await turnpike([...make, '--json'])).lines).toMatchObject([{ count: 3, codes: expect.any(Array) }]);
    const pdf = path.join(verbs.folder, 'cards.pdf');
    expect(await turnpike([...make, '--pdf', pdf, '--paper', '80mm'])).toMatchObject({ exit: 0, err: '' });
    expect((await readFile(pdf)).subarray(0, 5).toString()).toBe('%PDF-');
    const csv = path.join(verbs.folder, 'cards.csv');
    expect((await turnpike([...make, '--csv', csv])).exit).toBe(0);
    expect((await readFile(csv, 'utf8')).trim().split('\n')).toHaveLength(4);
    const batches = async (): Promise<number> => (await sql()).voucherBatch.count();
    const before = await batches();
    const over = await turnpike([...make, '--pdf', pdf]);
    expect(over).toMatchObject({ exit: 2, err: expect.stringContaining('No voucher was made') });
    expect((await turnpike([...make, '--pdf', `${pdf}2`, '--csv', `${csv}2`])).exit).toBe(2);
    expect((await turnpike(['voucher', 'create', '--package', 'gold', '--count', '1'])).err).toContain('One hour');
    expect(await batches()).toBe(before);
  });

  test('payments are listed, and those without an end or for a person to decide', async () => {
    const customer = await verbs.rig.json('GET', '/customers?q=wanjiru');
    const items = z.array(z.object({ id: z.string() })).parse(customer.body['items']);
    const [{ id: packageId }] = z
      .tuple([z.object({ id: z.string() })])
      .parse((await verbs.rig.json('GET', '/packages')).body['items']);
    const sold = await verbs.rig.json('POST', '/payments/cash', { customerId: items[0]?.id, packageId });
    expect(sold.status).toBe(201);
    const ran = await turnpike(['payment', 'list', '--state', 'succeeded']);
    expect(ran.out).toContain('KES 20.00');
    expectToFit(ran);
    expect((await turnpike(['payment', 'list', '--state', 'lost'])).exit).toBe(2);
    const open = await turnpike(['payment', 'reconcile']);
    expect(open).toMatchObject({ exit: 0, out: expect.stringContaining('0 payments for a person to decide') });
  });

  test('reports are told, or written as tables', async () => {
    const sales = await turnpike(['report', 'sales', '--by', 'channel']);
    expect(sales).toMatchObject({ exit: 0, err: '' });
    expect(sales.out).toMatch(/Cash +1 +1 +KES 20\.00 +KES 0\.00 +KES 20\.00\n/);
    expectToFit(sales);
    expect((await turnpike(['report', 'sales', '--by', 'channel', '--csv'])).out).toContain('cash,Cash,1,1,20.00,');
    expect((await turnpike(['report', 'tax', '--lines'])).out).toContain(',sale,');
    for (const name of ['churn', 'tax']) {
      const ran = await turnpike(['report', name]);
      expect(ran).toMatchObject({ exit: 0, err: '' });
      expectToFit(ran);
      expect((await turnpike(['report', name, '--json'])).lines).toMatchObject([{ currency: 'KES' }]);
    }
    for (const wrong of [
      ['--by', 'colour'],
      ['--from', '2026-03-02', '--to', '2026-03-01'],
      ['--to', 'soon'],
    ]) {
      expect(await turnpike(['report', 'sales', ...wrong])).toMatchObject({ exit: 2, out: '' });
    }
  });

  test('queues are listed, and a failed job is found and given to the workers again', async () => {
    expect((await turnpike(['queue', 'list'])).out).toMatch(/^queue +waiting +active +delayed +failed +completed\n/);
    expect((await turnpike(['queue', 'jobs', 'provisioning'])).out).toContain('No failed jobs');
    expect((await turnpike(['queue', 'retry', 'provisioning', '--all'])).exit).toBe(0);
    expect((await turnpike(['queue', 'retry', 'provisioning'])).exit).toBe(2);
    const producer = createProducer({ connection: verbs.rig.durable.redis, prefix: verbs.rig.durable.prefix });
    // Nobody can carry out a run that is not there.
    await producer.enqueue('router.read', { routerId: uuidv7(), read: 'plan' }, { jobId: 'read-nothing' });
    await producer.close();
    const failed = async () => (await turnpike(['queue', 'jobs', 'reads', '--json'])).lines;
    const until = performance.now() + 10_000;
    while ((await failed()).length === 0 && performance.now() < until);
    expect(await failed()).toMatchObject([{ id: 'read-nothing', name: 'router.read' }]);
    expect((await turnpike(['queue', 'jobs', 'reads'])).out).toContain('read-nothing');
    const again = await turnpike(['queue', 'retry', 'reads', '--all']);
    expect(again).toMatchObject({ exit: 0, out: expect.stringContaining('1 job of 1 given to the workers again') });
    const unknown = await turnpike(['queue', 'retry', 'provisioning', 'no-such-job']);
    expect(unknown).toMatchObject({ exit: 1, err: expect.stringContaining('code not_found') });
  });

  test('alerts are listed and taken over, with a note', async () => {
    const at = new Date();
    const { db } = verbs.rig.postgres.database;
    const alert = await db.alert.create({
      data: {
        kind: 'jobs_failed',
        severity: 'warning',
        subjectKind: 'queue',
        subjectId: 'reads',
        params: { name: 'reads' },
        value: 12,
        threshold: 10,
        firstSeenAt: at,
        openedAt: at,
        lastSeenAt: at,
      },
    });
    const listed = await turnpike(['alert', 'list', '--kind', 'jobs_failed', '--json']);
    expect(listed.lines).toMatchObject([{ id: alert.id, title: '12 jobs of the queue reads failed in the last hour' }]);
    expect((await turnpike(['alert', 'list', '--state', 'lost'])).exit).toBe(2);
    const ofRouter = await turnpike(['alert', 'list', '--router', 'nowhere']);
    expect(ofRouter).toMatchObject({ exit: 1, err: expect.stringContaining('nowhere') });
    expect((await turnpike(['alert', 'ack'])).exit).toBe(2);
    const taken = await turnpike(['alert', 'ack', alert.id, '--note', 'a cable']);
    expect(taken).toMatchObject({ exit: 0, out: expect.stringContaining('1 alert of 1 taken over.') });
    expect((await turnpike(['alert', 'list', '--state', 'acknowledged'])).out).toContain('a cable');
    const unknown = await turnpike(['alert', 'ack', uuidv7()]);
    expect(unknown).toMatchObject({ exit: 1, err: expect.stringContaining('code not_found') });
  });
});

test('signs out, here and on the server', async () => {
  const kept = JSON.parse(await readFile(verbs.credentials, 'utf8'));
  const { token } = kept.logins[verbs.rig.base];
  expect((await turnpike(['logout'])).out).toContain('Signed out of');
  const ask = () => fetch(`${verbs.rig.base}/me`, { headers: { authorization: `Bearer ${token}` } });
  // Within a second it is refused everywhere.
  const until = performance.now() + 1_500;
  let { status } = await ask();
  while (status !== 401 && performance.now() < until) ({ status } = await ask());
  expect(status).toBe(401);
  expect((await turnpike(['logout'])).out).toContain('Nobody is signed in');
});
