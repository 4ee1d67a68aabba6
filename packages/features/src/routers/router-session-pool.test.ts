import type { ScriptedRouter } from '@turnpike/testkit/scripted-router.js';
import type { RosSession } from '@turnpike/routeros/ros-session.js';
import { anySignal, byOperator, openRouterRig, startBoard, type RouterRig } from './router-rig.js';
import { createRouterSessionPool, type RouterSessionPool } from './router-session-pool.js';

let rig: RouterRig;
let pool: RouterSessionPool;
let router: ScriptedRouter;
let id: string;

beforeAll(async () => {
  rig = await openRouterRig();
});

afterAll(async () => {
  await rig.close();
});

beforeEach(async () => {
  const started = await startBoard();
  router = started.router;
  id = await rig.add(started.address);
  pool = createRouterSessionPool({ dialer: rig.dialer });
});

afterEach(async () => {
  await pool.close();
  await router.stop();
  await rig.forget();
});

const identity = async (session: RosSession) => (await session.print('/system/identity'))[0]?.['name'];
const use = async <Result>(work: (session: RosSession) => Promise<Result>) =>
  pool.use(await rig.row(id), anySignal, work);
const logins = () => router.received('/login').length;

describe('the session pool', () => {
  test('one login serves any number of uses', async () => {
    for (let count = 0; count < 5; count += 1) expect(await use(identity)).toBe('hAP');
    expect(logins()).toBe(1);
    expect(router.sockets.size).toBe(1);
  });

  test('two uses at once have a session each, and one of them is kept', async () => {
    const both = [use(identity), use(identity)];
    expect(await Promise.all(both)).toEqual(['hAP', 'hAP']);
    await use(identity);
    expect(logins()).toBe(2);
  });

  test('a session is dropped when the work on it fails', async () => {
    await expect(use(() => Promise.reject(new Error('bad luck')))).rejects.toThrow('bad luck');
    await router.waitForNoSockets();
    expect(await use(identity)).toBe('hAP');
    expect(logins()).toBe(2);
  });

  test('a session is dropped when the credentials changed', async () => {
    await use(identity);
    await rig.routers.update(id, { apiPassword: 'right password' }, byOperator);
    await use(identity);
    expect(logins()).toBe(2);
    expect(router.sockets.size).toBe(1);
  });

  test('a session that the router ended meanwhile is replaced, and the caller does not notice', async () => {
    const sessions: RosSession[] = [];
    await use(async (session) => void sessions.push(session));
    for (const socket of router.sockets) socket.destroy();
    await sessions[0]?.closed;
    expect(await use(identity)).toBe('hAP');
    expect(logins()).toBe(2);
  });

  test('a session that dies in use is tried once more when it was a kept one, not when it was fresh', async () => {
    const dying = async (): Promise<string> => {
      let tries = 0;
      await use(async (session) => {
        tries += 1;
        for (const socket of router.sockets) socket.destroy();
        return identity(session);
      }).catch(() => undefined);
      return `${tries} tries`;
    };
    expect(await dying()).toBe('1 tries');
    await use(identity);
    expect(await dying()).toBe('2 tries');
  });

  test('a session nobody wants any more is closed', async () => {
    pool = createRouterSessionPool({ dialer: rig.dialer, idleMs: 5 });
    await use(identity);
    await router.waitForNoSockets();
    await use(identity);
    expect(logins()).toBe(2);
  });

  test('closing the pool closes what is kept, and what is in use when its work is done', async () => {
    await use(async (inUse) => {
      await use(identity);
      expect(router.sockets.size).toBe(2);
      await pool.close();
      expect(await identity(inUse)).toBe('hAP');
    });
    await router.waitForNoSockets();
  });
});
