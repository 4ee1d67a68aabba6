import type { RosSession } from '@turnpike/routeros/ros-session.js';
import type { RouterDialer } from './router-dialer.js';
import type { RouterRow } from './router.store.js';

/**
 * Keeps one API session per router for the poller: a router logs every login, so a fresh one every half minute would fill
 * its log. A session is used by one caller at a time and is dropped on any error or when the router's credentials changed.
 */
export interface RouterSessionPool {
  use<Result>(
    router: PooledRouter,
    signal: AbortSignal,
    work: (session: RosSession) => Promise<Result>,
  ): Promise<Result>;
  close(): Promise<void>;
}

export type PooledRouter = Pick<RouterRow, 'id' | 'address' | 'apiPort' | 'apiUsername' | 'apiPassword' | 'tls'>;

interface Pooled {
  readonly session: RosSession;
  readonly credentials: string;
}

export function createRouterSessionPool({ dialer }: { dialer: RouterDialer }): RouterSessionPool {
  const idle = new Map<string, Pooled>();
  let closed = false;

  return {
    use: async (router, signal, work) => {
      const credentials = credentialsOf(router);
      const session = (await takeIdle(router.id, credentials)) ?? (await dialer.open(router.id, { signal }));
      try {
        const result = await work(session);
        await putBack(router.id, { session, credentials });
        return result;
      } catch (error) {
        await session.close();
        throw error;
      }
    },
    close: async () => {
      closed = true;
      const sessions = [...idle.values()];
      idle.clear();
      await Promise.all(sessions.map(({ session }) => session.close()));
    },
  };

  async function takeIdle(routerId: string, credentials: string): Promise<RosSession | undefined> {
    const pooled = idle.get(routerId);
    idle.delete(routerId);
    if (pooled === undefined || pooled.credentials === credentials) return pooled?.session;
    await pooled.session.close();
    return undefined;
  }

  async function putBack(routerId: string, pooled: Pooled): Promise<void> {
    if (closed || idle.has(routerId)) {
      await pooled.session.close();
      return;
    }
    idle.set(routerId, pooled);
    void pooled.session.closed.then(() => {
      if (idle.get(routerId) === pooled) idle.delete(routerId);
    });
  }
}

/** The sealed password changes with every sealing, so a new password is always noticed. */
function credentialsOf(router: PooledRouter): string {
  return JSON.stringify([router.address, router.apiPort, router.apiUsername, router.apiPassword, router.tls]);
}
