import type { JobHandlers } from '@turnpike/queue/runner.js';
import { createRateReconcile } from './rate-reconcile.js';
import { createSessionDisconnect, type SessionDisconnectDeps } from './session-disconnect.js';
import { createSessionProof } from './session-proof.js';
import { createSessionRate } from './session-rate.js';
import { createSessionsStale, type SessionsStaleDeps } from './sessions-stale.js';
import { createUnendedGauge, type UnendedGaugeDeps } from './unended-gauge.js';

type SessionJob = 'session.disconnect' | 'session.rate' | 'sessions.stale';

/** Handlers of the jobs about sessions. */
export function sessionsJobs(
  deps: SessionDisconnectDeps & SessionsStaleDeps & UnendedGaugeDeps,
): Pick<JobHandlers, SessionJob> {
  const disconnect = createSessionDisconnect(deps);
  const rate = createSessionRate(deps);
  const sweeps = [
    createSessionsStale(deps),
    createRateReconcile(deps),
    createSessionProof(deps),
    createUnendedGauge(deps),
  ];
  return {
    'session.disconnect': ({ commandId }, { signal }) => disconnect(commandId, signal),
    'session.rate': ({ commandId }, { signal }) => rate(commandId, signal),
    'sessions.stale': async (_nothing, { signal }) => {
      // What one of them stumbles over must not keep the others from their work.
      const results = await Promise.allSettled(sweeps.map((sweep) => sweep(signal)));
      const failed = results.find((result) => result.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    },
  };
}
