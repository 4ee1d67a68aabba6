import type { Clock } from '@turnpike/core/clock.js';
import type { Database } from '@turnpike/db/database.js';
import type { JobHandlers } from '@turnpike/queue/runner.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import { appendAudit } from '../audit/audit.store.js';
import { PREVIOUS_KEPT_MS } from './nas-state.js';
import { dropUnusedSecrets } from './secret-rotation.store.js';

export interface NasJobsDeps extends Pick<Database, 'transact'> {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly announceNasChange: () => Promise<void>;
  /** What is cached about routers is old. */
  readonly routerChanged: () => Promise<void>;
}

/** Ends rotations: a router that uses its new secret, and has not used the old one for ten minutes, is left with the new. */
export function nasJobs(deps: NasJobsDeps): Pick<JobHandlers, 'nas.retire-secrets'> {
  return {
    'nas.retire-secrets': async () => {
      const before = new Date(deps.clock.now().getTime() - PREVIOUS_KEPT_MS);
      const routers = await deps.transact(async (tx) => {
        const retired = await dropUnusedSecrets(tx, before);
        for (const { id, name } of retired) {
          await appendAudit(tx, {
            actor: 'system',
            action: 'router.retire-radius-secret',
            subjectType: 'router',
            subjectId: id,
            details: { name },
          });
        }
        return retired;
      });
      if (routers.length === 0) return;
      deps.logger.info({ routerIds: routers.map(({ id }) => id) }, 'previous RADIUS secrets were given up');
      await deps.announceNasChange();
      await deps.routerChanged();
    },
  };
}
