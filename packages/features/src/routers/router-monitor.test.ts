import type { ScriptedRouter } from '@turnpike/testkit/scripted-router.js';
import { anySignal, byOperator, openRouterRig, startBoard, type Board, type RouterRig } from './router-rig.js';

let rig: RouterRig;
let router: ScriptedRouter;
let board: Board;
let id: string;

beforeAll(async () => {
  rig = await openRouterRig();
});

afterAll(async () => {
  await rig.close();
});

beforeEach(async () => {
  const started = await startBoard();
  ({ router, board } = started);
  id = await rig.add(started.address);
});

afterEach(async () => {
  await router.stop();
  await rig.forget();
});

const probe = () => rig.monitor.probe(id, anySignal);
const now = () => rig.clock.now();

describe('watching a router', () => {
  test('a router that answers is online, with what it says about itself', async () => {
    await probe();
    expect(await rig.row(id)).toMatchObject({
      status: 'online',
      deployment: 'not_started',
      version: '7.22',
      model: 'C52iG',
      serial: 'HF1',
      identity: 'hAP',
      nasIdentifier: 'hAP',
      lastSeenAt: now(),
      lastCheckedAt: now(),
      lastError: null,
    });
    expect(rig.events).toMatchObject([
      { type: 'router-status', routerId: id, status: { status: 'online', model: 'C52iG' } },
    ]);
  });

  test('keeps what it read of its load, and when, while the router is away', async () => {
    await probe();
    const readAt = now().toISOString();
    const load = { loadReadAt: readAt, cpuLoad: 7, memoryFree: '1000', memoryTotal: '2000' };
    const disk = { diskFree: '5000000000', diskTotal: '16000000000' };
    expect((await rig.routers.list({ limit: 10 })).items[0]).toMatchObject({ ...load, ...disk });
    await router.stop();
    rig.clock.advance(30_000);
    await probe();
    expect(await rig.routers.get(id)).toMatchObject({ status: 'offline', ...load, ...disk });
  });

  test('a router that says nothing of its load, or nonsense, has none', async () => {
    await router.stop();
    const odd = await startBoard({
      handlers: {
        '/system/resource/print': (request) =>
          request.rows({ version: '7.22', 'cpu-load': 'busy', 'free-memory': '-1', 'total-memory': '2000' }),
      },
    });
    ({ router } = odd);
    await rig.routers.update(id, odd.address, byOperator);
    await probe();
    expect(await rig.row(id)).toMatchObject({ status: 'online', cpuLoad: null, memoryFree: null, diskTotal: null });
  });

  test('a board without routerboard and serial number is taken by its board name', async () => {
    await router.stop();
    const chr = await startBoard({
      handlers: {
        '/system/routerboard/print': (request) => {
          request.trap('no such command prefix');
          request.done();
        },
      },
    });
    ({ router } = chr);
    await rig.routers.update(id, chr.address, byOperator);
    await probe();
    expect(await rig.row(id)).toMatchObject({ status: 'online', model: 'hAP ax^2', serial: null });
  });

  test('goes offline and online with the router, says so once each time, and never touches the deployment', async () => {
    await rig.db.router.update({ where: { id }, data: { deployment: 'active' } });
    await probe();
    await probe();
    const { port } = router;
    await router.stop();
    rig.clock.advance(30_000);
    await probe();
    await probe();
    expect(await rig.row(id)).toMatchObject({ status: 'offline', deployment: 'active', lastCheckedAt: now() });
    expect((await rig.row(id)).lastError).toContain(String(port));
    expect((await rig.row(id)).lastSeenAt).toEqual(new Date(now().getTime() - 30_000));
    const back = await startBoard();
    ({ router } = back);
    await rig.db.router.update({ where: { id }, data: { apiPort: router.port } });
    await probe();
    expect(await rig.row(id)).toMatchObject({ status: 'online', deployment: 'active', lastError: null });
    expect(rig.events.map((event) => event.type === 'router-status' && event.status.status)).toEqual([
      'online',
      'offline',
      'online',
    ]);
    // The second look while it was online brought figures and nothing else to tell of.
    expect(rig.seen.readings).toBe(1);
  });

  test('a router that was never seen stays pending, with the reason', async () => {
    await router.stop();
    await probe();
    expect(await rig.row(id)).toMatchObject({ status: 'pending', lastSeenAt: null, lastCheckedAt: now() });
    expect((await rig.row(id)).lastError).not.toBeNull();
  });

  test('what was cached is shown anew after a change', async () => {
    expect((await rig.routers.get(id)).status).toBe('pending');
    await probe();
    expect((await rig.routers.get(id)).status).toBe('online');
    board.identity = 'renamed';
    await probe();
    expect((await rig.routers.get(id)).identity).toBe('renamed');
  });

  test('a router that restarted between two rounds stays online', async () => {
    await probe();
    for (const socket of router.sockets) socket.destroy();
    await router.waitForNoSockets();
    await probe();
    expect((await rig.row(id)).status).toBe('online');
    expect(rig.events).toHaveLength(1);
  });

  test('asks no router that has no address, and finds nothing wrong with one that was deleted', async () => {
    const waiting = await rig.add();
    expect(await rig.monitor.due()).toEqual([id]);
    await rig.monitor.probe(waiting, anySignal);
    expect((await rig.row(waiting)).lastCheckedAt).toBeNull();
    await rig.routers.remove(id, byOperator);
    expect(await probe()).toBe('left-alone');
  });
});

describe('P4: refused logins', () => {
  beforeEach(async () => {
    await rig.routers.update(id, { apiPassword: 'wrong' }, byOperator);
  });

  test('are tried twice, then no more until the credentials change', async () => {
    for (let round = 0; round < 5; round += 1) {
      for (const due of await rig.monitor.due()) await rig.monitor.probe(due, anySignal);
      await probe();
    }
    expect(router.received('/login')).toHaveLength(2);
    expect(await rig.row(id)).toMatchObject({ status: 'pending', loginFailures: 2 });
    expect(await rig.monitor.due()).toEqual([]);
    await rig.routers.update(id, { apiPassword: 'right password' }, byOperator);
    expect(await rig.monitor.due()).toEqual([id]);
    await probe();
    expect(await rig.row(id)).toMatchObject({ status: 'online', loginFailures: 0 });
  });

  test('a success in between forgives the first', async () => {
    await probe();
    board.password = 'wrong';
    await probe();
    expect(await rig.row(id)).toMatchObject({ status: 'online', loginFailures: 0 });
  });

  test('credentials that changed while the old ones were refused are not blamed', async () => {
    await router.stop();
    const late = await startBoard({
      handlers: {
        '/login': (request) => {
          void rig.routers.update(id, { apiPassword: 'new' }, byOperator).then(() => {
            request.trap('invalid user name or password (6)');
            request.done();
          });
        },
      },
    });
    ({ router } = late);
    await rig.routers.update(id, { ...late.address, apiPassword: 'old' }, byOperator);
    await probe();
    expect(await rig.row(id)).toMatchObject({ loginFailures: 0, lastError: null, lastCheckedAt: null });
  });
});

describe('troubles of our own', () => {
  test('an aborted probe writes nothing', async () => {
    await expect(rig.monitor.probe(id, AbortSignal.abort())).rejects.toBeDefined();
    expect((await rig.row(id)).lastCheckedAt).toBeNull();
  });

  test('a password that cannot be opened is an error of ours, not of the router', async () => {
    await probe();
    await rig.db.router.update({ where: { id }, data: { apiPassword: 'v1.nokey.x' } });
    await expect(probe()).rejects.toMatchObject({ name: 'SecretBoxError' });
    expect((await rig.row(id)).status).toBe('online');
  });
});
