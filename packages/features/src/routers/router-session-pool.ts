import { RosError } from '@turnpike/routeros/ros-error.js';
import type { RosSession } from '@turnpike/routeros/ros-session.js';
import type { RouterDialer } from './router-dialer.js';
import type { RouterRow } from './router.store.js';

/**
 * Keeps one API session per router for the poller: a router logs every login, so a fresh one every half minute would fill
 * its log. A session is used by one caller at a time and is dropped on any error, when the router's credentials changed, and
 * when nobody has wanted it for a while.
 */
export interface RouterSessionPool {
  /** `work` may only read: it runs again on a fresh session when the kept one turns out to be dead. */
  use<Result>(
    router: PooledRouter,
    signal: AbortSignal,
    work: (session: RosSession) => Promise<Result>,
  ): Promise<Result>;
  close(): Promise<void>;
}

export type PooledRouter = Pick<
  RouterRow,
  'id' | 'address' | 'apiPort' | 'apiUsername' | 'apiPassword' | 'tls' | 'tlsFingerprint'
>;

interface Idle {
  readonly session: RosSession;
  readonly credentials: string;
  readonly expiry: NodeJS.Timeout;
}

/** Ten rounds of the poller. */
const IDLE_MS = 300_000;

export function createRouterSessionPool(options: { dialer: RouterDialer; idleMs?: number }): RouterSessionPool {
  const { dialer, idleMs = IDLE_MS } = options;
  const idle = new Map<string, Idle>();
  let closed = false;

  return {
    use: async (router, signal, work) => {
      const credentials = credentialsOf(router);
      const kept = await takeIdle(router.id, credentials);
      if (kept !== undefined) {
        try {
          return await useOnce(kept);
        } catch (error) {
          if (signal.aborted || !isLost(error)) throw error;
        }
      }
      return useOnce(await dialer.open(router.id, { signal }));

      async function useOnce(session: RosSession) {
        try {
          const result = await work(session);
          await putBack(router.id, session, credentials);
          return result;
        } catch (error) {
          await session.close();
          throw error;
        }
      }
    },
    close: async () => {
      closed = true;
      await Promise.all([...idle.keys()].map(async (routerId) => remove(routerId)?.session.close()));
    },
  };

  async function takeIdle(routerId: string, credentials: string): Promise<RosSession | undefined> {
    const kept = remove(routerId);
    if (kept === undefined || kept.credentials === credentials) return kept?.session;
    await kept.session.close();
    return undefined;
  }

  function remove(routerId: string): Idle | undefined {
    const kept = idle.get(routerId);
    clearTimeout(kept?.expiry);
    idle.delete(routerId);
    return kept;
  }

  async function putBack(routerId: string, session: RosSession, credentials: string): Promise<void> {
    if (closed || idle.has(routerId)) {
      await session.close();
      return;
    }
    const expiry = setTimeout(() => void remove(routerId)?.session.close(), idleMs).unref();
    idle.set(routerId, { session, credentials, expiry });
  }
}

/** The sealed password changes with every sealing, so a new password is always noticed. */
function credentialsOf(router: PooledRouter): string {
  const { address, apiPort, apiUsername, apiPassword, tls, tlsFingerprint } = router;
  return JSON.stringify([address, apiPort, apiUsername, apiPassword, tls, tlsFingerprint]);
}

/** What a router that restarted, or a firewall that forgot the connection, leaves behind. */
function isLost(error: unknown): boolean {
  return error instanceof RosError && (error.kind === 'connection-lost' || error.kind === 'closed');
}
