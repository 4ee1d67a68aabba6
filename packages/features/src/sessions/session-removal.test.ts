import { systemClock } from '@turnpike/core/clock.js';
import { AppError } from '@turnpike/core/app-error.js';
import type { ScriptedHandler, ScriptedRouter } from '@turnpike/testkit/scripted-router.js';
import { dialScripted, withRouter } from '@turnpike/testkit/scripted-session.js';
import { createSessionRemoval, type RemovableSession } from './session-removal.js';

type Row = Readonly<Record<string, string>>;

const LONG_AGO = new Date(Date.now() - 60_000);

function sought(more: Partial<RemovableSession> = {}): RemovableSession {
  return {
    routerId: 'router-1',
    acctSessionId: '80000001',
    username: 'amina',
    framedIpAddress: '10.5.50.7',
    callingStationId: '02:AA:BB:CC:DD:01',
    sessionSeconds: 60,
    lastSeenAt: LONG_AGO,
    ...more,
  };
}

const amina: Row = {
  '.id': '*1',
  user: 'amina',
  address: '10.5.50.7',
  'mac-address': '02:AA:BB:CC:DD:01',
  uptime: '1h',
};
const barack: Row = { ...amina, '.id': '*2', user: 'barack', address: '10.5.50.8', 'mac-address': '02:AA:BB:CC:DD:02' };
const dialled: Row = {
  '.id': '*A',
  name: 'carol',
  address: '10.65.0.10',
  'caller-id': '02:AA:BB:CC:DD:03',
  'session-id': '0x81000001',
  uptime: '2h3m',
};

interface Shelf {
  hotspot: Row[];
  ppp: Row[];
}

/** A router that prints and removes these rows; `keeps` says done and does nothing. */
function shelves({ hotspot, ppp }: Shelf, keeps = false): Record<string, ScriptedHandler> {
  const shelf = { hotspot: [...hotspot], ppp: [...ppp] };
  const menu = (name: 'hotspot' | 'ppp'): [ScriptedHandler, ScriptedHandler] => [
    (request) => request.rows(...shelf[name]),
    (request) => {
      const id = request.attributes['.id'] ?? request.attributes['numbers'];
      if (!keeps) shelf[name] = shelf[name].filter((row) => row['.id'] !== id);
      request.done();
    },
  ];
  const [printHotspot, removeHotspot] = menu('hotspot');
  const [printPpp, removePpp] = menu('ppp');
  return {
    '/ip/hotspot/active/print': printHotspot,
    '/ip/hotspot/active/remove': removeHotspot,
    '/ppp/active/print': printPpp,
    '/ppp/active/remove': removePpp,
  };
}

async function withRemoval(
  handlers: Record<string, ScriptedHandler>,
  use: (
    remove: (session: RemovableSession) => ReturnType<ReturnType<typeof createSessionRemoval>['remove']>,
    router: ScriptedRouter,
    logins: () => number,
  ) => Promise<void>,
): Promise<void> {
  await withRouter({ handlers }, async (router) => {
    let logins = 0;
    const removal = createSessionRemoval({
      clock: systemClock,
      openRouter: (_routerId, { signal }) => {
        logins += 1;
        return dialScripted(router, {}, {}, signal);
      },
    });
    await use(
      (session) => removal.remove(session, AbortSignal.timeout(5_000)),
      router,
      () => logins,
    );
  });
}

describe('taking sessions out through the API', () => {
  test('A10: removes the row of the session and nobody else, and reads back that it is gone', async () => {
    await withRemoval(shelves({ hotspot: [amina, barack], ppp: [dialled] }), async (remove, router) => {
      expect(await remove(sought())).toEqual({ kind: 'removed' });
      expect(router.received('/ip/hotspot/active/remove')).toHaveLength(1);
      expect(router.received('/ip/hotspot/active/print')).toHaveLength(2);
      expect(await remove(sought())).toEqual({ kind: 'absent' });
      expect(router.received('/ppp/active/remove')).toEqual([]);
    });
  });

  test('A10: a PPP session is found by its id', async () => {
    await withRemoval(shelves({ hotspot: [], ppp: [dialled] }), async (remove) => {
      const carol = { username: 'carol', acctSessionId: '81000001', framedIpAddress: null, callingStationId: null };
      expect(await remove(sought(carol))).toEqual({ kind: 'removed' });
      expect(await remove(sought({ ...carol, acctSessionId: '81000002' }))).toEqual({ kind: 'absent' });
    });
  });

  test('A10: many sessions of one router are taken out in one visit', async () => {
    await withRemoval(shelves({ hotspot: [amina, barack], ppp: [dialled] }), async (remove, _router, logins) => {
      const outcomes = await Promise.all([
        remove(sought()),
        remove(sought({ username: 'barack', framedIpAddress: '10.5.50.8', callingStationId: '02:AA:BB:CC:DD:02' })),
        remove(sought({ username: 'nobody' })),
      ]);
      expect(outcomes).toEqual([{ kind: 'removed' }, { kind: 'removed' }, { kind: 'absent' }]);
      expect(logins()).toBe(1);
    });
  });

  test('A10: a router that says done and keeps the row is not believed', async () => {
    await withRemoval(shelves({ hotspot: [amina], ppp: [] }, true), async (remove) => {
      expect(await remove(sought())).toEqual({ kind: 'failed', detail: 'the router keeps the session' });
    });
  });

  test('a router without the menu of a service has nobody online there', async () => {
    const { '/ip/hotspot/active/print': print, '/ip/hotspot/active/remove': removeRow } = shelves({
      hotspot: [amina],
      ppp: [],
    });
    if (print === undefined || removeRow === undefined) throw new Error('no handlers');
    const handlers = { '/ip/hotspot/active/print': print, '/ip/hotspot/active/remove': removeRow };
    await withRemoval(handlers, async (remove) => {
      expect(await remove(sought())).toEqual({ kind: 'removed' });
    });
  });

  test('A10: a list that breaks off proves nothing', async () => {
    const handlers = shelves({ hotspot: [], ppp: [] });
    handlers['/ip/hotspot/active/print'] = (request) => request.socket.destroy();
    await withRemoval(handlers, async (remove) => {
      expect(await remove(sought())).toMatchObject({ kind: 'failed' });
    });
  });

  test('A10: a router that cannot be reached proves nothing, and says why', async () => {
    const removal = createSessionRemoval({
      clock: systemClock,
      openRouter: () => Promise.reject(new AppError('router_unreachable', 'cafe cannot be reached')),
    });
    const outcome = await removal.remove(sought(), AbortSignal.timeout(5_000));
    expect(outcome).toEqual({ kind: 'failed', detail: 'cafe cannot be reached' });
  });

  test('a session of which too little is known is not said to be absent', async () => {
    await withRemoval(shelves({ hotspot: [], ppp: [] }), async (remove) => {
      const bare = { username: '', framedIpAddress: null, callingStationId: null };
      expect(await remove(sought(bare))).toMatchObject({ kind: 'failed' });
    });
  });

  test('whoever gives up waiting hears of it at once', async () => {
    const removal = createSessionRemoval({ clock: systemClock, openRouter: () => new Promise(() => undefined) });
    const stop = new AbortController();
    const removed = removal.remove(sought(), stop.signal);
    stop.abort(new Error('not needed any more'));
    await expect(removed).rejects.toThrow('not needed any more');
  });
});
