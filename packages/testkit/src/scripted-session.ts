import { Secret } from '@turnpike/core/secret.js';
import { createDialer } from '@turnpike/routeros/dial-router.js';
import type { SessionLimits } from '@turnpike/routeros/node-routeros-session.js';
import type { RosSession, RosTarget } from '@turnpike/routeros/ros-session.js';
import { ScriptedRouter, type ScriptedHandler, type ScriptedRouterOptions } from './scripted-router.js';

/** Long enough that none of them comes about because the machine is busy: a test of one brings its own. */
const LIMITS: SessionLimits = {
  connectTimeoutMs: 15_000,
  commandTimeoutMs: 15_000,
  keepaliveMs: 60_000,
  tombstoneMs: 15_000,
  maxInFlight: 8,
  closeGraceMs: 200,
};

export function scriptedTarget(router: ScriptedRouter, overrides: Partial<RosTarget> = {}): RosTarget {
  const { port } = router;
  return { host: '127.0.0.1', port, username: 'admin', password: new Secret('secret'), tls: undefined, ...overrides };
}

export function dialScripted(
  router: ScriptedRouter,
  limits: Partial<SessionLimits> = {},
  target: Partial<RosTarget> = {},
  signal?: AbortSignal,
): Promise<RosSession> {
  return createDialer({ ...LIMITS, ...limits })(scriptedTarget(router, target), { signal });
}

/** A router with these handlers and a session to it; both end after `use`, whatever happens. */
export async function withSession(
  handlers: Readonly<Record<string, ScriptedHandler>>,
  use: (session: RosSession, router: ScriptedRouter) => Promise<void>,
  options: { limits?: Partial<SessionLimits>; router?: Omit<ScriptedRouterOptions, 'handlers'> } = {},
): Promise<void> {
  await withRouter({ ...options.router, handlers }, async (router) => {
    const session = await dialScripted(router, options.limits);
    try {
      await use(session, router);
    } finally {
      await session.close();
    }
  });
}

/** A router that is stopped after `use`, whatever happens. */
export async function withRouter(
  options: ScriptedRouterOptions,
  use: (router: ScriptedRouter) => Promise<void>,
): Promise<void> {
  const router = await ScriptedRouter.start(options);
  try {
    await use(router);
  } finally {
    await router.stop();
  }
}
