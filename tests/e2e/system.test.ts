import { jest } from '@jest/globals';
import { logout, login, me } from '@turnpike/contracts/auth.js';
import {
  createCustomer,
  listCustomers,
  listEntitlements,
  resumeCustomer,
  suspendCustomer,
} from '@turnpike/contracts/customers.js';
import { deployServiceConfig, getRun, resetProvisioning } from '@turnpike/contracts/provisioning.js';
import { disconnectSession, getSessionCommand } from '@turnpike/contracts/sessions.js';
import { ACCT_STATUS, ATTR, CODE } from '@turnpike/radius/attributes.js';
import { bytesAttr, integerAttr, textAttr } from '@turnpike/radius/value-codec.js';
import { createNasPeer } from '@turnpike/testkit/nas-peer.js';
import { radclient, radclientMissing } from './radclient.js';
import { configuredRows, HOTSPOT, openCustomer, openSite, radiusRows, sessionOf, type Site } from './site.js';
import { KEY_PREFIX, plantedSecret, START_MS, startSystem, type System } from './system.js';
import { until } from './until.js';

jest.setTimeout(60_000);

let system: System;
let running: System | undefined;
/** A router with the hotspot in place, for what is about customers. */
let shop: Site;
const sites: Site[] = [];

async function newSite(name: string): Promise<Site> {
  const site = await openSite(system, name);
  sites.push(site);
  return site;
}

beforeAll(async () => {
  system = running = await startSystem();
  shop = await newSite('shop');
  await shop.provisioned();
}, START_MS);

afterAll(async () => {
  await Promise.all(sites.map(({ router }) => router.stop()));
  // Undefined when it did not start: then it has cleaned up itself.
  await running?.close();
});

describe('provisioning', () => {
  test('plans, deploys and verifies a hotspot, tells it live, and finds nothing left to do the second time', async () => {
    const site = await newSite('cafe');
    const plan = await site.plan();
    expect(plan.conflicts).toEqual([]);
    expect(plan.operations.length).toBeGreaterThan(5);
    const beforePlan = site.router.writes;
    expect(beforePlan).toBe(0);

    const live = await system.api.events({ routerId: site.id });
    const runId = await site.deploy();
    const ended = await site.finished();
    expect(ended).toMatchObject({ runId, state: 'succeeded', percent: 100, attempt: 1, error: null });
    expect(ended.writes).toBeGreaterThan(5);
    const told = await until('the success being told', 2_000, () => {
      const statuses = live.events.flatMap((event) => (event.type === 'provisioning' ? [event.status] : []));
      return statuses.at(-1)?.state === 'succeeded' ? statuses : undefined;
    });
    await live.close();
    const percents = told.map(({ percent }) => percent);
    expect(percents).toEqual(percents.toSorted((a, b) => a - b));
    expect(told.map(({ state }) => state)).toEqual(expect.arrayContaining(['applying', 'verifying', 'succeeded']));
    expect(site.router.rows('/ip/hotspot')).toMatchObject([{ invalid: 'false', 'proxy-status': 'running' }]);

    const writes = site.router.writes;
    expect((await site.plan()).operations).toEqual([]);
    await site.deploy();
    expect(await site.finished()).toMatchObject({ state: 'succeeded', writes: 0 });
    expect(site.router.writes).toBe(writes);
  });

  test('P3: of two deploys at once on one router one is taken and the other told that it is busy', async () => {
    const site = await newSite('busy');
    const deploy = () => system.api.ask(deployServiceConfig, { params: { id: site.id }, body: HOTSPOT });
    const answers = await Promise.all([deploy(), deploy()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'router_busy' });
    expect(await site.finished()).toMatchObject({ state: 'succeeded' });
  });

  test('a deploy that the router refuses in the middle is taken back and explained', async () => {
    const site = await newSite('refusing');
    const paths = (await site.plan()).operations.map(({ path }) => path);
    const before = configuredRows(site.router, paths);
    const words = 'failure: the simulated router does not want to';
    site.router.faults.set({ traps: [{ command: '/ip/hotspot/add', message: words }] });
    const runId = await site.deploy();
    const ended = await site.finished();
    expect(ended.state).toBe('rolled_back');
    expect(ended.writes).toBeGreaterThan(0);
    expect(ended.error).toMatchObject({ code: 'router_refused', routerMessage: expect.stringContaining(words) });
    expect(ended.error?.step).toMatch(/hotspot/);
    expect(ended.error?.remedy).toMatch(/\w/);
    expect(configuredRows(site.router, paths)).toEqual(before);
    const { journal } = await system.api.call(getRun, { params: { id: runId } });
    expect(journal.filter(({ state }) => state === 'done')).toEqual([]);

    site.router.faults.clear();
    await site.provisioned();
  });

  test('reset-provisioning is refused while a run holds the router, and clears the state afterwards', async () => {
    const site = await newSite('reset');
    site.router.faults.set({ delayMs: 100 });
    await site.deploy();
    await site.reaches('the run being at work', ({ state }) => state !== 'queued');
    const target = { params: { id: site.id } };
    expect(await system.api.refused(resetProvisioning, target)).toMatchObject({ status: 409, code: 'router_busy' });
    site.router.faults.clear();
    expect(await site.finished()).toMatchObject({ state: 'succeeded' });
    expect(await system.api.call(resetProvisioning, target)).toMatchObject({ state: 'not_started', runId: null });
    expect(await site.status()).toMatchObject({ state: 'not_started', percent: 0, error: null });
    await site.provisioned();
  });

  test('D15: a deploy that is ordered while no worker runs waits, and is done when one starts', async () => {
    const site = await newSite('patient');
    const { code, tookMs } = await system.current.worker.end('SIGTERM');
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(8_000);
    const runId = await site.deploy();
    expect(await site.status()).toMatchObject({ runId, state: 'queued', writes: 0 });
    await system.succeed('worker');
    expect(await site.finished()).toMatchObject({ runId, state: 'succeeded' });
  });

  test('D11: a run whose worker is killed is taken up by another one within 15 s, and writes nothing twice', async () => {
    const site = await newSite('crashing');
    const { operations } = await site.plan();
    const paths = operations.map(({ path }) => path);
    const before = configuredRows(site.router, paths);
    site.router.faults.set({ delayMs: 150 });
    const runId = await site.deploy();
    await site.reaches('the run writing', ({ state, writes }) => state === 'applying' && writes >= 2);
    await system.current.worker.end('SIGKILL');
    const killedMs = performance.now();
    site.router.faults.clear();
    expect(await site.status()).toMatchObject({ runId, state: 'applying', attempt: 1 });
    await system.succeed('worker');
    await site.reaches('another attempt', ({ attempt }) => attempt === 2);
    expect(performance.now() - killedMs).toBeLessThan(15_000);
    expect(await site.finished()).toMatchObject({ runId, state: 'succeeded', percent: 100, error: null });

    const after = configuredRows(site.router, paths);
    for (const path of new Set(paths)) {
      const planned = operations.filter((each) => each.path === path);
      const change =
        planned.filter(({ op }) => op === 'add').length - planned.filter(({ op }) => op === 'remove').length;
      expect([path, after[path]?.length]).toEqual([path, (before[path]?.length ?? 0) + change]);
    }
    expect((await site.plan()).operations).toEqual([]);
  });
});

describe('customers', () => {
  test('a phone logs in by CHAP, is seen within a second, and is charged exactly what it moved', async () => {
    const customer = await openCustomer(system, { quotaOctets: '50000000000' });
    const phone = shop.router.phone();
    expect(await phone.login(customer)).toMatchObject({ online: true });
    expect(shop.router.rows('/ip/hotspot/active')).toContainEqual(
      expect.objectContaining({ user: customer.username, 'login-by': 'http-chap', radius: 'true' }),
    );
    const seen = await sessionOf(system, customer, 'open', 1_000);
    expect(seen).toMatchObject({
      callingStationId: phone.mac,
      framedIpAddress: phone.address,
      customerId: customer.id,
      router: { id: shop.id, name: shop.name },
    });
    const session = phone.session;
    // More than 32 bits can count.
    session?.transfer({ up: 1_234_567, down: 5 * 2 ** 32 + 89 });
    await phone.logout();
    const closed = await sessionOf(system, customer, 'closed', 2_000);
    const moved = session?.octets() ?? { up: 0, down: 0 };
    expect(moved.down).toBeGreaterThan(5 * 2 ** 32);
    expect(closed).toMatchObject({
      id: seen.id,
      inputOctets: String(moved.up),
      outputOctets: String(moved.down),
      terminateCause: 1,
    });
    const usage = await until('the usage reaching the entitlement', 2_000, async () => {
      const { items } = await system.api.call(listEntitlements, { params: { id: customer.id } });
      return items.find(({ usedOctets }) => usedOctets !== '0');
    });
    expect(usage.usedOctets).toBe(String(moved.up + moved.down));
  });

  test('a phone whose time is up goes offline, and is refused with words that its owner understands', async () => {
    const customer = await openCustomer(system, { validForSeconds: 10 });
    const phone = shop.router.phone();
    expect(await phone.login(customer)).toMatchObject({ online: true });
    const session = await sessionOf(system, customer, 'open', 2_000);
    await until('the phone going offline', 15_000, () => (phone.online ? undefined : true));
    expect(await sessionOf(system, customer, 'closed', 3_000)).toMatchObject({ id: session.id });
    const again = await phone.login(customer);
    expect(again).toMatchObject({ online: false, message: expect.stringMatching(/expired/i) });
  });

  test('an operator ends a session: the phone is offline, the order acknowledged, the session closed', async () => {
    const customer = await openCustomer(system);
    const phone = shop.router.phone();
    expect(await phone.login(customer)).toMatchObject({ online: true });
    const { id } = await sessionOf(system, customer, 'open', 2_000);
    const { commandId } = await system.api.call(disconnectSession, { params: { id } });
    const command = await until('the order being acknowledged', 5_000, async () => {
      const now = await system.api.call(getSessionCommand, { params: { id: commandId } });
      return now.finishedAt === null ? undefined : now;
    });
    expect(command).toMatchObject({ sessionId: id, state: 'acknowledged' });
    expect(phone.online).toBe(false);
    const closed = await sessionOf(system, customer, 'closed', 3_000);
    expect(closed).toMatchObject({ id, terminateCause: 6 });
    expect((await phone.login(customer)).online).toBe(true);
  });

  test('suspending cuts a customer off, resuming lets him in again', async () => {
    const customer = await openCustomer(system);
    const phone = shop.router.phone();
    expect(await phone.login(customer)).toMatchObject({ online: true });
    await sessionOf(system, customer, 'open', 2_000);
    await system.api.call(suspendCustomer, { params: { id: customer.id } });
    await until('the phone going offline', 5_000, () => (phone.online ? undefined : true));
    expect(await phone.login(customer)).toMatchObject({ online: false, message: expect.stringMatching(/suspended/i) });
    await system.api.call(resumeCustomer, { params: { id: customer.id } });
    const again = await until('the phone being let in', 5_000, async () => {
      const result = await phone.login(customer);
      return result.online ? result : undefined;
    });
    expect(again.online).toBe(true);
  });

  test('an Idempotency-Key makes one customer of two requests, and is refused for another request', async () => {
    const body = { username: 'replayed' };
    const key = 'create-replayed-1';
    const first = await system.api.call(createCustomer, { body, key });
    const second = await system.api.call(createCustomer, { body, key });
    expect(second).toEqual(first);
    const other = await system.api.refused(createCustomer, { body: { username: 'another' }, key });
    expect(other).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
    const { items } = await system.api.call(listCustomers, { query: { q: 'replayed' } });
    expect(items).toHaveLength(1);
    expect((await system.api.call(listCustomers, { query: { q: 'another' } })).items).toEqual([]);
  });
});

describe('accounting', () => {
  test('A1: records that come several times are counted once', async () => {
    const customer = await openCustomer(system);
    const [server] = radiusRows(shop.router);
    const nas = createNasPeer({
      ...system.radius,
      address: shop.router.nasAddress,
      secret: server?.secret ?? '',
      tries: 5,
    });
    const attributes = [textAttr(ATTR.CALLING_STATION_ID, '02:00:00:00:00:A1')];
    const outcome = await nas.pap({ ...customer, attributes });
    if (outcome.kind !== 'reply' || outcome.packet.code !== CODE.ACCESS_ACCEPT) throw new Error('not accepted');
    const token = outcome.packet.get(ATTR.CLASS) ?? Buffer.alloc(0);
    const send = async (status: number, octets: number): Promise<void> => {
      const counted = [
        integerAttr(ATTR.ACCT_INPUT_OCTETS, octets),
        integerAttr(ATTR.ACCT_OUTPUT_OCTETS, 2 * octets),
        integerAttr(ATTR.ACCT_SESSION_TIME, octets / 100),
      ];
      const record = { status, sessionId: 'repeated', username: customer.username };
      const all = [...attributes, bytesAttr(ATTR.CLASS, token), ...counted];
      for (let left = 4; left > 0; left -= 1) {
        expect((await nas.account({ ...record, attributes: all })).kind).toBe('reply');
      }
    };
    await send(ACCT_STATUS.START, 0);
    await send(ACCT_STATUS.INTERIM_UPDATE, 1_000);
    await send(ACCT_STATUS.STOP, 3_000);
    await send(ACCT_STATUS.INTERIM_UPDATE, 2_000);
    await nas.close();
    const closed = await sessionOf(system, customer, 'closed', 5_000);
    expect(closed).toMatchObject({ inputOctets: '3000', outputOctets: '6000', sessionSeconds: 30 });
    // Records are counted in the order they came: with this session everything before it has been.
    const later = await openCustomer(system);
    const phone = shop.router.phone();
    expect(await phone.login(later)).toMatchObject({ online: true });
    await sessionOf(system, later, 'open', 5_000);
    const { items } = await system.api.call(listEntitlements, { params: { id: customer.id } });
    expect(items).toMatchObject([{ usedOctets: '9000', usedSeconds: '30' }]);
  });

  test('R1: RADIUS is killed while a phone is online: it stays so, and what it moved arrives after the restart', async () => {
    const customer = await openCustomer(system);
    const phone = shop.router.phone();
    expect(await phone.login(customer)).toMatchObject({ online: true });
    const { id } = await sessionOf(system, customer, 'open', 2_000);
    await system.current.radius.end('SIGKILL');
    const session = phone.session;
    session?.transfer({ up: 1_000, down: 2_000_000 });
    expect(phone.online).toBe(true);
    const acknowledged = phone.logout();
    await system.succeed('radius');
    await acknowledged;
    const moved = session?.octets() ?? { up: 0, down: 0 };
    expect(await sessionOf(system, customer, 'closed', 3_000)).toMatchObject({
      id,
      inputOctets: String(moved.up),
      outputOctets: String(moved.down),
    });
    expect(await phone.login(customer)).toMatchObject({ online: true });
  });
});

describe('a RADIUS client that is not ours', () => {
  if (radclientMissing !== undefined) {
    process.stderr.write(`SKIPPED, install freeradius-utils: ${radclientMissing.message}\n`);
  }
  const foreign = radclientMissing === undefined ? test : test.skip;

  foreign('radclient logs in by PAP from the address of a router, and is not answered from another', async () => {
    const customer = await openCustomer(system, { downKbps: 4_096, upKbps: 1_024 });
    const [server] = radiusRows(shop.router);
    const ask = (source: string) =>
      radclient('auth', {
        server: `${system.radius.host}:${system.radius.authPort}`,
        secret: server?.secret ?? '',
        attributes: [
          `Packet-Src-IP-Address = ${source}`,
          `User-Name = ${customer.username}`,
          `User-Password = ${customer.password}`,
          'NAS-Port-Type = Wireless-802.11',
          'Calling-Station-Id = "02:00:00:00:00:77"',
          'Message-Authenticator = 0x00',
        ],
      });
    const accepted = await ask(shop.router.nasAddress);
    expect(accepted.output).toContain('Received Access-Accept');
    expect(accepted.output).toMatch(/Mikrotik-Rate-Limit = "1024k\/4096k"/);
    expect(accepted.code).toBe(0);
    const stranger = await ask('127.99.99.99');
    expect(stranger.output).not.toContain('Received');
    expect(stranger.code).not.toBe(0);
  });
});

describe('processes', () => {
  test('D3: refuse to start on a Redis that may drop keys, and say what to change', async () => {
    const cacheUrl = system.cache.url;
    const refusing = (['api', 'worker', 'radius'] as const).map((role) =>
      system.spawn(role, { REDIS_DURABLE_URL: cacheUrl, RADIUS_AUTH_PORT: '0', RADIUS_ACCT_PORT: '0' }),
    );
    for (const each of refusing) {
      const { code } = await each.ended;
      expect([each.role, code]).toEqual([each.role, 1]);
      expect(each.output()).toMatch(/REDIS_DURABLE_URL/);
      expect(each.output()).toMatch(/maxmemory-policy noeviction/);
      expect(each.output()).toMatch(/CONFIG SET/);
    }
  });

  test('SIGTERM ends each of them orderly within 8 s, and takes it off the list of live processes', async () => {
    const registered = async () =>
      (await system.durable.redis.zrangebyscore(`${KEY_PREFIX}ops`, '-inf', '+inf')).join('\n');
    const started = (['api', 'worker', 'radius'] as const).map((role) =>
      system.spawn(role, { RADIUS_AUTH_PORT: '0', RADIUS_ACCT_PORT: '0', NODE_APP_INSTANCE: '7' }),
    );
    await Promise.all(started.map((each) => each.ready));
    const before = await registered();
    for (const { pid } of started) expect(before).toContain(`"pid":${pid},`);
    const ends = await Promise.all(started.map((each) => each.end('SIGTERM')));
    for (const [index, { code, tookMs }] of ends.entries()) {
      expect([started[index]?.role, code]).toEqual([started[index]?.role, 0]);
      expect(tookMs).toBeLessThan(8_000);
    }
    const after = await registered();
    for (const { pid } of started) expect(after).not.toContain(`"pid":${pid},`);
  });

  test('S1: a token is worth nothing after logging out', async () => {
    const fresh = await system.signIn();
    expect((await fresh.ask(me)).status).toBe(200);
    await fresh.call(logout);
    await until('the token being refused', 1_000, async () =>
      (await fresh.ask(me)).status === 401 ? true : undefined,
    );
  });
});

describe('S8: secrets', () => {
  test('what is given away is not to be read in any log, in Redis or in the database', async () => {
    const wrong = plantedSecret('wrong-password');
    system.secrets.add(wrong);
    await system.stranger.refused(login, { body: { email: 'owner@example.net', password: wrong } });
    const secrets = [...system.secrets].filter((secret) => secret !== '');
    expect(secrets.length).toBeGreaterThan(6);

    for (const each of system.processes) {
      const output = each.output();
      expect([each.role, output.length > 0, secrets.filter((secret) => output.includes(secret))]).toEqual([
        each.role,
        true,
        [],
      ]);
    }
    const [durable, cache] = system.watches;
    expect(durable?.count).toBeGreaterThan(100);
    expect(cache?.count).toBeGreaterThan(0);
    expect(durable?.found([shop.id])).toEqual([shop.id]);
    for (const watch of system.watches) expect(watch.found(secrets)).toEqual([]);
    const dump = await system.dumpDatabase();
    expect(dump).toContain(shop.id);
    expect(secrets.filter((secret) => dump.includes(secret))).toEqual([]);
  });
});
