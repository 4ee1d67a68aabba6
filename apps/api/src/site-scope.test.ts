import type { Endpoint, SiteSubject } from '@turnpike/contracts/endpoint.js';
import { roles, type Role } from '@turnpike/contracts/permissions.js';
import { contractEndpoints } from '@turnpike/testkit/contract-endpoints.js';
import { accessRows } from '@turnpike/testkit/access-rows.js';
import { openApiRig, type ApiRig } from './api-rig.js';

/** What stands at one site: a router with all that belongs to it. */
type Place = Readonly<Record<SiteSubject, string>> & { readonly customer: string; readonly onRouter: string };

const PASSWORD = 'a password long enough';
const NOBODY = '00000000-0000-7000-8000-000000000000';

let rig: ApiRig;
let north: Place;
let south: Place;
const tokens = new Map<Role, string>();

beforeAll(async () => {
  rig = await openApiRig();
  north = await build('North', '127.0.1.1');
  south = await build('South', '127.0.1.2');
  for (const role of roles) tokens.set(role, await signInAt('North', role));
}, 60_000);

afterAll(() => rig.close());

async function build(site: string, address: string): Promise<Place> {
  const { db } = rig.postgres.database;
  const rows = accessRows(db);
  const router = await rows.router(address, 'secret', { name: `${site} gate`, site });
  const customer = await rows.customer(`${site.toLowerCase()}-guest`, 'secret');
  const at = new Date();
  const session = await db.session.create({
    data: {
      key: `key of ${site}`,
      acctSessionId: `acct-${site}`,
      routerId: router,
      customerId: customer,
      username: `${site.toLowerCase()}-guest`,
      framedIpAddress: '10.5.50.7',
      startedAt: at,
      lastSeenAt: at,
    },
  });
  const command = await db.sessionCommand.create({
    data: { sessionId: session.id, kind: 'disconnect', reason: 'test', requestedBy: 'system' },
  });
  const run = await db.provisioningRun.create({
    data: {
      routerId: router,
      state: 'succeeded',
      services: [{ type: 'pppoe', interfaces: ['ether3'] }],
      requestedBy: 'system',
      finishedAt: at,
    },
  });
  const alert = await db.alert.create({
    data: {
      kind: 'router_offline',
      severity: 'critical',
      subjectKind: 'router',
      subjectId: router,
      routerId: router,
      params: { name: `${site} gate` },
      value: 5,
      threshold: 3,
      firstSeenAt: at,
      openedAt: at,
      lastSeenAt: at,
    },
  });
  return {
    router,
    customer,
    alert: alert.id,
    session: session.id,
    'session-command': command.id,
    run: run.id,
    package: await packageFor(`${site} hour`, { sites: [site] }),
    onRouter: await packageFor(`${site} gate only`, { routerIds: [router] }),
  };
}

async function packageFor(name: string, where: { sites?: string[]; routerIds?: string[] }): Promise<string> {
  const terms = { type: 'hotspot', priceMinor: 1_000, currency: 'KES', validForSeconds: 3_600 };
  const made = await rig.json('POST', '/packages', { name, ...terms, downKbps: 1_000, upKbps: 1_000, ...where });
  expect(made).toMatchObject({ status: 201 });
  return String(made.body['id']);
}

/** Owners and agents cannot be limited through the API: for them the row is changed, as a second wall has to stand too. */
async function signInAt(site: string, role: Role): Promise<string> {
  const login = { email: `north-${role}@example.net`, password: PASSWORD };
  const limited = role !== 'owner' && role !== 'agent';
  const sites = limited ? [site] : null;
  const made = await rig.json('POST', '/operators', { ...login, name: role, role, sites });
  expect(made).toMatchObject({ status: 201, body: { sites } });
  const { db } = rig.postgres.database;
  if (!limited) await db.operator.update({ where: { email: login.email }, data: { allSites: false, sites: [site] } });
  const { body } = await rig.json('POST', '/auth/login', login);
  const token = String(body['token']);
  expect((await ask(token, 'POST', '/auth/step-up', { password: PASSWORD })).status).toBe(200);
  return token;
}

async function ask(token: string, method: string, path: string, body?: unknown) {
  const response = await fetch(rig.base + path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
}

function tokenOf(role: Role): string {
  const token = tokens.get(role);
  if (token === undefined) throw new Error(`nobody is ${role}`);
  return token;
}

/** A thing of the other site in the path, and content that would be taken. */
const bodies: Readonly<Record<string, unknown>> = {
  'patch /routers/{id}': { name: 'Taken over' },
  'post /routers/{id}/service-config/plan': { services: [{ type: 'pppoe', interfaces: ['ether3'] }] },
  'post /routers/{id}/deploy-service-config': { services: [{ type: 'pppoe', interfaces: ['ether3'] }] },
  'post /sessions/{id}/rate': { downKbps: 64, upKbps: 64 },
  'patch /packages/{id}': { name: 'Taken over' },
  'post /customers/{id}/grants': { packageId: NOBODY },
};

function pathAt(place: Place, { path, siteOf }: Endpoint): string {
  const id = siteOf === undefined ? place.customer : place[siteOf];
  return path.replace('{id}', id).replaceAll(/\{\w+\}/g, NOBODY);
}

/** Everything by which a thing of this site is known. */
function marksOf(place: Place, site: string): string[] {
  const name = site.toLowerCase();
  return [...Object.values(place), `${site} gate`, `${site} hour`, `${name}-guest`, `acct-${site}`];
}

async function southAsItIs(): Promise<string> {
  const { db } = rig.postgres.database;
  const [router, sessions, commands, runs, packages, alert] = await Promise.all([
    db.router.findUnique({ where: { id: south.router } }),
    db.session.findMany({ where: { routerId: south.router } }),
    db.sessionCommand.findMany({ where: { sessionId: south.session } }),
    db.provisioningRun.findMany({ where: { routerId: south.router } }),
    db.package.findMany({ where: { id: { in: [south.package, south.onRouter] } } }),
    db.alert.findUnique({ where: { id: south.alert } }),
  ]);
  return JSON.stringify([router, sessions, commands, runs, packages, alert], (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
}

describe('an operator who is limited to sites', () => {
  test.each(roles)(
    'S2: limited to a site, the role %s finds nothing of another site at any endpoint, and changes nothing there',
    async (role) => {
      const before = await southAsItIs();
      const token = tokenOf(role);
      const leaks: string[] = [];
      for (const each of await contractEndpoints()) {
        if (each.allow === 'public' || each.stream || each.path.startsWith('/auth/')) continue;
        const method = each.method.toUpperCase();
        const name = `${each.method} ${each.path}`;
        const body = method === 'GET' ? undefined : (bodies[name] ?? {});
        const { status, text } = await ask(token, method, pathAt(south, each), body);
        const told = marksOf(south, 'South').filter((mark) => text.includes(mark));
        const reached = each.siteOf !== undefined && status < 400;
        const wide = each.scope === 'global' && each.allow !== 'signed-in' && status !== 403;
        if (told.length > 0 || reached || wide) leaks.push(`${name}: ${status} ${told.join(', ')}`);
      }
      expect(leaks).toEqual([]);
      expect(await southAsItIs()).toBe(before);
    },
  );

  test.each([
    '/routers?limit=200',
    '/routers?q=South',
    '/routers?site=South',
    '/sessions?state=open',
    '/sessions?username=south-guest',
    '/sessions/history?username=south-guest',
    '/lookup/ip?ip=10.5.50.7',
    '/packages?q=South',
    '/packages?limit=200',
    '/search?q=South',
    '/search?q=south-guest',
    '/search?q=10.5.50.7',
    '/dashboard/stats',
    '/alerts',
    '/alerts/summary',
  ])('S2: %s leaves out what is at another site', async (path) => {
    const { status, text } = await ask(tokenOf('admin'), 'GET', path);
    expect(status).toBe(200);
    // The question is not part of what is found.
    expect(marksOf(south, 'South').filter((mark) => text.includes(mark))).toEqual([]);
  });

  test('S2: filters that name a thing of another site find nothing', async () => {
    for (const path of ['/sessions', '/sessions/history', '/alerts']) {
      const { text } = await ask(tokenOf('admin'), 'GET', `${path}?routerId=${south.router}`);
      expect([path, text]).toEqual([path, expect.stringContaining('"items":[]')]);
    }
  });

  test('finds what is at the own site', async () => {
    const found = async (path: string) => (await ask(tokenOf('admin'), 'GET', path)).text;
    expect(await found('/routers')).toContain(north.router);
    expect(await found(`/routers/${north.router}`)).toContain('North gate');
    expect(await found('/sessions')).toContain(north.session);
    expect(await found('/lookup/ip?ip=10.5.50.7')).toContain(north.session);
    expect(await found(`/session-commands/${north['session-command']}`)).toContain('"queued"');
    expect(await found(`/runs/${north.run}`)).toContain('"succeeded"');
    expect(await found('/alerts')).toContain(north.alert);
    expect(await found(`/alerts/${north.alert}`)).toContain('North gate has been offline');
    expect(await found('/alerts/summary')).toContain('"open":1');
    const packages = await found('/packages');
    for (const id of [north.package, north.onRouter]) expect(packages).toContain(id);
  });

  test('S2: bulk actions answer for routers of another site as for routers that are not there', async () => {
    const body = { ids: [south.router, NOBODY], action: 'reset', dryRun: true };
    const { status, text } = await ask(tokenOf('admin'), 'POST', '/routers/bulk', body);
    expect(status).toBe(200);
    const told: { items: { id: string; detail: string }[] } = JSON.parse(text);
    const withoutIds = told.items.map(({ id, ...rest }) => ({ ...rest, detail: rest.detail.replace(id, '') }));
    expect(withoutIds[0]).toEqual(withoutIds[1]);
    expect(withoutIds[0]).toMatchObject({ name: null, outcome: 'refused' });
  });

  test('S2: puts routers only at the own sites', async () => {
    const admin = tokenOf('admin');
    for (const site of ['South', undefined]) {
      const made = await ask(admin, 'POST', '/routers', { name: 'Stray', site });
      expect([made.status, made.text]).toEqual([400, expect.stringContaining('must be one of your sites: North')]);
    }
    for (const site of ['South', null]) {
      expect((await ask(admin, 'PATCH', `/routers/${north.router}`, { site })).status).toBe(400);
    }
    expect((await ask(admin, 'POST', '/routers', { name: 'North hall', site: 'North' })).status).toBe(201);
    expect((await ask(admin, 'PATCH', `/routers/${north.router}`, { name: 'North gate' })).status).toBe(200);
  });

  test('S2: an API token of theirs is limited as they are', async () => {
    const made = await ask(tokenOf('admin'), 'POST', '/api-tokens', { name: 'script' });
    expect(made.status).toBe(201);
    const { token }: { token: string } = JSON.parse(made.text);
    expect((await ask(token, 'GET', '/routers')).text).not.toContain(south.router);
    expect((await ask(token, 'GET', `/routers/${south.router}`)).status).toBe(404);
    expect((await ask(token, 'GET', '/customers')).text).toContain('outside_scope');
  });

  test('S2: a stored answer of an Idempotency-Key is not given to somebody whose sites have changed', async () => {
    const admin = tokenOf('admin');
    const again = (base = rig.base) =>
      fetch(`${base}/routers`, {
        method: 'POST',
        headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json', 'idempotency-key': 'moved' },
        body: JSON.stringify({ name: 'North yard', site: 'North' }),
      });
    expect((await again()).status).toBe(201);
    const { db } = rig.postgres.database;
    const where = { email: 'north-admin@example.net' };
    await db.operator.update({ where, data: { sites: ['North', 'East'] } });
    // Another process has no answer of a moment ago about who this is.
    const another = await rig.startAnother();
    expect((await again(another.base)).status).toBe(422);
    await another.stop();
  });

  test.each(['owner', 'agent'])('an %s cannot be limited to sites, at the beginning or later', async (role) => {
    const login = { email: `late-${role}@example.net`, password: PASSWORD };
    const made = await rig.json('POST', '/operators', { ...login, name: role, role, sites: ['North'] });
    expect(made).toMatchObject({ status: 400, body: { issues: [{ path: 'sites' }] } });
    const viewer = await rig.json('POST', '/operators', { ...login, name: role, role: 'viewer', sites: ['North'] });
    const raised = await rig.json('PATCH', `/operators/${String(viewer.body['id'])}`, { role });
    expect(raised).toMatchObject({ status: 400, body: { issues: [{ path: 'sites' }] } });
    const freed = await rig.json('PATCH', `/operators/${String(viewer.body['id'])}`, { role, sites: null });
    expect(freed).toMatchObject({ status: 200, body: { role, sites: null } });
  });
});
