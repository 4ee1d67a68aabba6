import { giveUpWhen } from './give-up.js';
import { NodeRouterosSession, type SessionLimits } from './node-routeros-session.js';
import { checkNodeRouterosVersion } from './node-routeros-version.js';
import { RosError } from './ros-error.js';
import type { DialRouter, RosTarget } from './ros-session.js';
import { parseFingerprint256 } from './tls-pin.js';

const DEFAULT_LIMITS: SessionLimits = {
  connectTimeoutMs: 10_000,
  commandTimeoutMs: 30_000,
  keepaliveMs: 20_000,
  tombstoneMs: 30_000,
  maxInFlight: 8,
  closeGraceMs: 1_000,
};

/** Opens sessions through node-routeros; the release of that package is checked at the first dial. */
export function createDialer(options: Partial<SessionLimits> = {}): DialRouter {
  const limits = { ...DEFAULT_LIMITS, ...options };
  let checked = false;
  return async (target, { signal } = {}) => {
    if (!checked) checkNodeRouterosVersion();
    checked = true;
    checkTarget(target);
    if (signal?.aborted === true) throw new RosError('aborted', 'aborted before dialling', { cause: signal.reason });
    return openSession(target, limits, signal);
  };
}

async function openSession(
  target: RosTarget,
  limits: SessionLimits,
  signal: AbortSignal | undefined,
): Promise<NodeRouterosSession> {
  const session = new NodeRouterosSession(target, limits);
  const giveUp = { what: 'connecting and logging in', timeoutMs: limits.connectTimeoutMs, signal };
  const disarm = giveUpWhen(giveUp, (error) => session.kill(error));
  try {
    await session.open();
    await session.login(target);
    return session;
  } catch (error) {
    const reason = error instanceof RosError ? error : new RosError('connect', 'cannot connect', { cause: error });
    session.kill(reason);
    throw reason;
  } finally {
    disarm();
  }
}

function checkTarget({ host, port, tls }: RosTarget): void {
  if (host === '' || host.includes('\0')) throw new RosError('usage', 'the host is not a name or an address');
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new RosError('usage', `${port} is not a port`);
  if (tls !== undefined && parseFingerprint256(tls.fingerprint256) === undefined) {
    throw new RosError('usage', 'the pinned fingerprint is not a SHA-256');
  }
}
