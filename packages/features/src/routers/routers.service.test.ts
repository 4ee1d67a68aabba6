import { createRouterBody, listRouters, updateRouter } from '@turnpike/contracts/routers.js';
import { byOperator, openRouterRig, type RouterRig } from './router-rig.js';
import { releaseLease, takeLease } from './router-lease.js';

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

const refusedName = (path: string) => ({ code: 'name_taken', issues: [{ path, message: 'is taken' }] });

/** The one-time token in the router's script. */
async function bootstrapToken(id: string): Promise<string> {
  return /\/api\/v1\/bootstrap\/([^"]+)/.exec(await rig.routers.bootstrapScript(id))?.[1] ?? 'none';
}

describe('adding a router', () => {
  test('S8: its secrets are sealed for its own row and column, and in no view, job or audit entry', async () => {
    const made = await rig.routers.create(
      { name: 'R1', address: '10.0.0.1', apiUsername: 'admin', apiPassword: 'canary-password' },
      byOperator,
    );
    const row = await rig.row(made.id);
    const open = (sealed: string, column: string) =>
      rig.secretBox.open(sealed, { table: 'router', row: row.id, column });
    expect(open(row.apiPassword, 'api_password')).toBe('canary-password');
    const radiusSecret = open(row.radiusSecret, 'radius_secret');
    expect(radiusSecret).toMatch(/^[a-z2-9]{32}$/);
    expect(() => open(row.apiPassword, 'radius_secret')).toThrow();
    const { bootstrapScript: _script, ...view } = made;
    const shown = await Promise.all([
      rig.routers.get(made.id),
      rig.routers.status(made.id),
      rig.routers.list({ limit: 10 }),
      rig.db.$queryRaw`SELECT * FROM router`,
      rig.jobs('router.probe'),
      rig.db.$queryRaw`SELECT action, details FROM audit_entry`,
    ]);
    for (const secret of ['canary-password', radiusSecret, row.apiPassword]) {
      expect(JSON.stringify([view, shown.slice(0, 3)])).not.toContain(secret);
    }
    expect(JSON.stringify(shown)).not.toContain('canary-password');
    expect(JSON.stringify(shown)).not.toContain(radiusSecret);
  });

  test('with an address it is probed at once, without one it waits for its script', async () => {
    const [there, waiting] = [await rig.add({ address: '10.0.0.1' }), await rig.add()];
    expect(await rig.jobs('router.probe')).toEqual([{ routerId: there }]);
    expect(await rig.row(there)).toMatchObject({
      status: 'pending',
      deployment: 'not_started',
      bootstrapTokenHash: null,
    });
    expect((await rig.row(waiting)).bootstrapTokenHash).toMatch(/^[0-9a-f]{64}$/);
    expect(rig.seen.wakes).toBeGreaterThanOrEqual(2);
    expect(rig.seen.nasChanges).toBeGreaterThanOrEqual(2);
  });

  test('the port follows from TLS unless it is given', async () => {
    const ports = [
      await rig.add({ address: '10.0.0.1' }),
      await rig.add({ address: '10.0.0.2', tls: true }),
      await rig.add({ address: '10.0.0.3', tls: true, apiPort: 9999 }),
    ].map(async (id) => (await rig.row(id)).apiPort);
    expect(await Promise.all(ports)).toEqual([8728, 8729, 9999]);
  });

  test('a name that is taken names the field', async () => {
    await rig.add({ name: 'One' });
    const two = await rig.add({ name: 'Two' });
    await expect(rig.add({ name: 'One' })).rejects.toMatchObject(refusedName('name'));
    const change = (body: Parameters<typeof rig.routers.update>[1]) => rig.routers.update(two, body, byOperator);
    await expect(change({ name: 'One' })).rejects.toMatchObject(refusedName('name'));
    await expect(change({ name: 'Two', nasAddress: '10.1.0.2' })).resolves.toMatchObject({ nasAddress: '10.1.0.2' });
  });

  test('several may send RADIUS from one address: secret and NAS-Identifier tell them apart', async () => {
    await rig.add({ name: 'Behind NAT 1', nasAddress: '10.9.9.9' });
    await rig.add({ name: 'Behind NAT 2', nasAddress: '10.9.9.9' });
    expect(await rig.db.router.count({ where: { nasAddress: '10.9.9.9' } })).toBe(2);
  });

  test.each(['a\0b', 'a\nb', '\ud800', '   '])('P6: %j is refused as a name', (name) => {
    expect(createRouterBody.safeParse({ name }).success).toBe(false);
    expect(listRouters.query.safeParse({ q: name.trim() === '' ? '\0' : name }).success).toBe(false);
  });

  test.each(['', '.x', 'a b', 'a;b', '10.0.0.1/8', 'http://x', 'x\ny', '[::1]', '$(x)'])(
    'P6: %j is refused as an address',
    (address) => expect(createRouterBody.safeParse({ name: 'R', address }).success).toBe(false),
  );
});

describe('listing routers', () => {
  test('pages newest first, each once, by status and by part of the name, signs meaning themselves', async () => {
    const ids: string[] = [];
    for (const name of ['Nairobi 1', 'nairobi_2', 'Mombasa', '100% up']) ids.push(await rig.add({ name }));
    const names = async (q: string) => (await rig.routers.list({ limit: 10, q })).items.map((item) => item.name);
    expect(await names('NAIROBI')).toEqual(['nairobi_2', 'Nairobi 1']);
    expect(await names('_')).toEqual(['nairobi_2']);
    expect(await names('%')).toEqual(['100% up']);
    const first = await rig.routers.list({ limit: 3 });
    const second = await rig.routers.list({ limit: 3, cursor: first.nextCursor ?? '' });
    expect([...first.items, ...second.items].map((item) => item.id)).toEqual([...ids].reverse());
    expect(second.nextCursor).toBeNull();
    await rig.db.router.update({ where: { id: ids[0] ?? '' }, data: { status: 'online' } });
    expect((await rig.routers.list({ limit: 10, status: 'online' })).items.map((item) => item.id)).toEqual([ids[0]]);
  });

  test('sorts by name, each once over all pages', async () => {
    for (const name of ['Zanzibar', 'Arusha', 'Mombasa', 'Kisumu', 'Dodoma']) await rig.add({ name });
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await rig.routers.list({ limit: 2, sort: 'name', cursor });
      names.push(...page.items.map((item) => item.name));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(names).toEqual(['Arusha', 'Dodoma', 'Kisumu', 'Mombasa', 'Zanzibar']);
  });

  test('finds those of a deployment state and of a version or its beginning', async () => {
    const versions = ['7.1', '7.1.5', '7.18', '7.18.2', '7.18rc1', '6.49.17'];
    for (const version of versions) {
      const id = await rig.add({ name: version });
      const deployment = version.startsWith('6') ? 'failed' : 'active';
      await rig.db.router.update({ where: { id }, data: { version, deployment } });
    }
    const names = async (filter: { version?: string; deployment?: 'failed' | 'active' }) =>
      (await rig.routers.list({ limit: 10, sort: 'name', ...filter })).items.map((item) => item.name).sort();
    expect(await names({ version: '7.1' })).toEqual(['7.1', '7.1.5']);
    expect(await names({ version: '7.18' })).toEqual(['7.18', '7.18.2', '7.18rc1']);
    expect(await names({ version: '7', deployment: 'active' })).toHaveLength(5);
    expect(await names({ deployment: 'failed' })).toEqual(['6.49.17']);
  });

  test('S10: says in the audit trail how a router was and is, and of a password only that it is another', async () => {
    const id = await rig.add({ name: 'Old gate', site: 'North' });
    await rig.routers.update(id, { name: 'Gate', site: 'North', apiPassword: 'hunter2' }, byOperator);
    const [entry] = await rig.db.auditEntry.findMany({ where: { subjectId: id }, orderBy: { id: 'desc' }, take: 1 });
    expect(entry?.details).toEqual({
      before: { name: 'Old gate' },
      after: { name: 'Gate' },
      apiPasswordChanged: true,
    });
  });

  test('a change is seen at once in lists and details that were cached', async () => {
    const id = await rig.add({ name: 'Before' });
    await Promise.all([rig.routers.get(id), rig.routers.list({ limit: 5 })]);
    await rig.routers.update(id, { name: 'After' }, byOperator);
    expect((await rig.routers.get(id)).name).toBe('After');
    expect((await rig.routers.list({ limit: 5 })).items.map((item) => item.name)).toEqual(['After']);
  });
});

describe('where a router stands and what RADIUS takes from it', () => {
  test('is set when it is added, changed later, and taken back with null', async () => {
    const id = await rig.add({ site: 'Mombasa', messageAuthenticator: 'learned', radiusRateLimit: 0 });
    expect(await rig.routers.get(id)).toMatchObject({
      site: 'Mombasa',
      messageAuthenticator: 'learned',
      radiusRateLimit: 0,
    });
    const told = rig.seen.nasChanges;
    const changed = updateRouter.body.parse({ site: null, radiusRateLimit: null, messageAuthenticator: 'optional' });
    expect(await rig.routers.update(id, changed, byOperator)).toMatchObject({
      site: null,
      messageAuthenticator: 'optional',
      radiusRateLimit: null,
    });
    expect(rig.seen.nasChanges).toBe(told + 1);
    expect(await rig.routers.get(await rig.add())).toMatchObject({
      site: null,
      messageAuthenticator: 'required',
      radiusRateLimit: null,
    });
  });

  test('lists the routers of one site', async () => {
    const [here, there] = [await rig.add({ site: 'Kilifi' }), await rig.add({ site: 'Lamu' })];
    await rig.add();
    const ids = async (site?: string) => (await rig.routers.list({ limit: 10, site })).items.map((item) => item.id);
    expect([await ids('Kilifi'), await ids('Lamu'), await ids('kilifi')]).toEqual([[here], [there], []]);
    expect(await ids()).toHaveLength(3);
  });

  test.each([{ radiusRateLimit: -1 }, { radiusRateLimit: 1.5 }, { site: ' ' }, { messageAuthenticator: 'never' }])(
    '%j is refused',
    (body) => expect(createRouterBody.safeParse({ name: 'R', ...body }).success).toBe(false),
  );

  test('R14: a wrong secret is seen in the list and in the details', async () => {
    const [wrong, fine] = [await rig.add(), await rig.add()];
    const at = rig.clock.now();
    await rig.db.nasActivity.createMany({
      data: [
        { routerId: wrong, mismatches: 3n, lastMismatchAt: at },
        { routerId: fine, lastRequestAt: at, currentUsedAt: at },
      ],
    });
    const listed = (await rig.routers.list({ limit: 10 })).items.map(({ id, radius }) => [id, radius.state]);
    expect(listed).toEqual([
      [fine, 'ok'],
      [wrong, 'secret_mismatch'],
    ]);
    expect(await rig.routers.get(wrong)).toMatchObject({
      radius: { state: 'secret_mismatch', lastRequestAt: null, rotation: null },
    });
    expect(await rig.routers.get(fine)).toMatchObject({ radius: { state: 'ok', lastRequestAt: at.toISOString() } });
    const { radius } = await rig.routers.create({ name: 'New' }, byOperator);
    expect(radius).toEqual({ lastRequestAt: null, state: 'silent', rotation: null });
  });
});

describe('changing a router', () => {
  test.each([
    { apiPassword: 'new' },
    { apiUsername: 'new' },
    { address: '10.0.0.9' },
    { apiPort: 1234 },
    { tls: true },
    { tlsFingerprint: null },
  ])('P4: %j makes it dialled again', async (change) => {
    const id = await rig.add({ address: '10.0.0.1', apiPassword: 'old' });
    await rig.db.router.update({ where: { id }, data: { loginFailures: 2, lastError: 'refused' } });
    await rig.db.outboxMessage.deleteMany();
    await rig.routers.update(id, updateRouter.body.parse(change), byOperator);
    expect(await rig.row(id)).toMatchObject({ loginFailures: 0, lastError: null });
    expect(await rig.jobs('router.probe')).toEqual([{ routerId: id }]);
    expect(await rig.monitor.due()).toEqual([id]);
  });

  test('P4: a new name does not', async () => {
    const id = await rig.add({ address: '10.0.0.1' });
    await rig.db.router.update({ where: { id }, data: { loginFailures: 2 } });
    await rig.routers.update(id, { name: 'New' }, byOperator);
    expect((await rig.row(id)).loginFailures).toBe(2);
    expect(await rig.monitor.due()).toEqual([]);
  });

  test('the new password is sealed in its place', async () => {
    const id = await rig.add({ address: '10.0.0.1', apiPassword: 'old' });
    await rig.routers.update(id, { apiPassword: 'new' }, byOperator);
    const place = { table: 'router', row: id, column: 'api_password' };
    expect(rig.secretBox.open((await rig.row(id)).apiPassword, place)).toBe('new');
  });

  test('turning TLS on or off moves the usual port, never one that was chosen', async () => {
    const [usual, chosen] = [
      await rig.add({ address: '10.0.0.1' }),
      await rig.add({ address: '10.0.0.2', apiPort: 99 }),
    ];
    expect((await rig.routers.update(usual, { tls: true }, byOperator)).apiPort).toBe(8729);
    expect((await rig.routers.update(usual, { tls: false }, byOperator)).apiPort).toBe(8728);
    expect((await rig.routers.update(usual, { tls: true, apiPort: 77 }, byOperator)).apiPort).toBe(77);
    expect((await rig.routers.update(chosen, { tls: true }, byOperator)).apiPort).toBe(99);
  });
});

describe('removing a router', () => {
  test('is refused while a run holds it', async () => {
    const id = await rig.add();
    const lease = await rig.transact((tx) => takeLease(tx, id, 'run-1', 60_000));
    await expect(rig.routers.remove(id, byOperator)).rejects.toMatchObject({ code: 'router_busy' });
    expect((await rig.row(id)).id).toBe(id);
    await releaseLease(rig.db, id, lease?.token ?? 0n);
    await rig.routers.remove(id, byOperator);
    await expect(rig.routers.get(id)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('keeps the sessions accounted on it, frees its name and forgets its secrets', async () => {
    const id = await rig.add();
    const { name } = await rig.row(id);
    const startedAt = new Date('2026-03-01T12:00:00Z');
    const session = {
      key: 'k-1',
      acctSessionId: 's-1',
      username: 'asha',
      inputOctets: 5n,
      startedAt,
      lastSeenAt: startedAt,
    };
    await rig.db.session.create({ data: { ...session, routerId: id } });
    await rig.routers.remove(id, byOperator);

    const kept = await rig.db.session.findUniqueOrThrow({ where: { key: 'k-1' }, include: { router: true } });
    expect(kept.inputOctets).toBe(5n);
    expect(kept.router).toMatchObject({ apiPassword: '', radiusSecret: '', address: null, nasAddress: null });
    expect((await rig.routers.list({ limit: 50 })).items.map((item) => item.id)).not.toContain(id);
    await expect(rig.routers.status(id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(rig.routers.create({ name }, byOperator)).resolves.toMatchObject({ name });
    await rig.db.session.deleteMany();
  });

  test('the list counts who is online on each, those being ended included, those who left not', async () => {
    const [busy, quiet] = [await rig.add(), await rig.add()];
    const at = new Date('2026-03-01T12:00:00Z');
    const states = ['open', 'open', 'closing', 'closed', 'stale'] as const;
    await rig.db.session.createMany({
      data: states.map((state, index) => ({
        key: `users-${index}`,
        acctSessionId: `u-${index}`,
        username: `user-${index}`,
        routerId: busy,
        state,
        startedAt: at,
        lastSeenAt: at,
      })),
    });
    const { items } = await rig.routers.list({ limit: 50 });
    const online = (id: string) => items.find((item) => item.id === id)?.usersOnline;
    expect([online(busy), online(quiet)]).toEqual([3, 0]);
    expect(await rig.routers.get(busy)).toMatchObject({ usersOnline: 3, openSessions: 3 });
    await rig.db.session.deleteMany();
  });

  test('what does not exist is not found', async () => {
    const id = '0190b5c1-0000-7000-8000-000000000000';
    for (const call of [
      () => rig.routers.get(id),
      () => rig.routers.status(id),
      () => rig.routers.bootstrapScript(id),
      () => rig.routers.remove(id, byOperator),
      () => rig.routers.update(id, { name: 'x' }, byOperator),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: 'not_found' });
    }
  });
});

describe('the bootstrap script', () => {
  test('is the same each time it is shown, and has the credentials that we made', async () => {
    const { id, bootstrapScript } = await rig.routers.create({ name: 'R' }, byOperator);
    expect(await rig.routers.bootstrapScript(id)).toBe(bootstrapScript);
    const place = { table: 'router', row: id, column: 'api_password' };
    expect(bootstrapScript).toContain(rig.secretBox.open((await rig.row(id)).apiPassword, place));
    expect(bootstrapScript).toContain('https://turnpike.example.net/api/v1/bootstrap/');
  });

  test.each(['x; /system reset-configuration', 'x password="y"', '$x', '[/quit]', 'x}', '"', '\\', 'x y', '#', ''])(
    'P6: credentials such as %j never become part of it',
    async (typed) => {
      const hostile = [
        await rig.add({ apiUsername: typed === '' ? 'ok' : typed, apiPassword: 'fine' }),
        await rig.add({ apiUsername: 'fine', apiPassword: typed }),
      ];
      for (const id of hostile) {
        const script = await rig.routers.bootstrapScript(id);
        if (script.includes('/user add')) expect(typed).toBe('');
        else expect(script).toMatch(/^# Add the API user by hand/m);
        if (typed.length > 2) expect(script).not.toContain(typed);
      }
    },
  );
});

describe('calling home', () => {
  test('gives the router the address that the call came from, by API-SSL, and probes it', async () => {
    const id = await rig.add();
    await rig.routers.get(id);
    await rig.routers.callHome(await bootstrapToken(id), '::ffff:41.90.1.2', 'request-2');
    expect(await rig.routers.get(id)).toMatchObject({
      address: '41.90.1.2',
      nasAddress: '41.90.1.2',
      apiPort: 8729,
      tls: true,
    });
    expect(await rig.jobs('router.probe')).toEqual([{ routerId: id }]);
    expect(await rig.routers.bootstrapScript(id)).not.toContain('/tool fetch');
  });

  test('keeps the RADIUS address that an operator has given', async () => {
    const id = await rig.add({ nasAddress: '10.8.0.2' });
    await rig.routers.callHome(await bootstrapToken(id), '41.90.1.2', 'request-2');
    expect(await rig.row(id)).toMatchObject({ address: '41.90.1.2', nasAddress: '10.8.0.2' });
  });

  test('works once, also when two call at the same moment', async () => {
    const id = await rig.add();
    const token = await bootstrapToken(id);
    const calls = await Promise.allSettled(
      ['41.90.1.1', '41.90.1.2', '41.90.1.3', '41.90.1.4'].map((source) => rig.routers.callHome(token, source, 'r')),
    );
    const done = calls.flatMap((call, index) => (call.status === 'fulfilled' ? [`41.90.1.${index + 1}`] : []));
    expect(done).toHaveLength(1);
    expect((await rig.row(id)).address).toBe(done[0]);
    await expect(rig.routers.callHome(token, '41.90.1.9', 'r')).rejects.toMatchObject({ code: 'not_found' });
    expect((await rig.row(id)).address).toBe(done[0]);
  });

  test('a token that is not known changes nothing', async () => {
    const id = await rig.add();
    await expect(rig.routers.callHome('x'.repeat(43), '41.90.1.2', 'r')).rejects.toMatchObject({ code: 'not_found' });
    expect((await rig.row(id)).address).toBeNull();
  });

  test('a copy of the script that is still about cannot move a router that was given an address', async () => {
    const id = await rig.add();
    const token = await bootstrapToken(id);
    await rig.routers.update(id, { address: '10.0.0.1' }, byOperator);
    await expect(rig.routers.callHome(token, '41.90.1.2', 'r')).rejects.toMatchObject({ code: 'not_found' });
    expect((await rig.row(id)).address).toBe('10.0.0.1');
  });
});
