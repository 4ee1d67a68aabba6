import type { JobHandlers } from '@turnpike/queue/runner.js';
import { createSessionDisconnect, type SessionDisconnectDeps } from './session-disconnect.js';
import { createSessionsStale, type SessionsStaleDeps } from './sessions-stale.js';

/** Handlers of `session.disconnect` and `sessions.stale`. */
export function sessionsJobs(
  deps: SessionDisconnectDeps & SessionsStaleDeps,
): Pick<JobHandlers, 'session.disconnect' | 'sessions.stale'> {
  const disconnect = createSessionDisconnect(deps);
  const sweep = createSessionsStale(deps);
  return {
    'session.disconnect': ({ commandId }, { signal }) => disconnect(commandId, signal),
    'sessions.stale': () => sweep(),
  };
}
