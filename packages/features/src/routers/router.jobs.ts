import { services } from '@turnpike/contracts/provisioning.js';
import type { PlanView, ServiceConfig } from '@turnpike/contracts/provisioning.js';
import { assertNever } from '@turnpike/core/assert-never.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { JobHandlers } from '@turnpike/queue/runner.js';
import type { Producer } from '@turnpike/queue/producer.js';
import { answered } from './remote-reads.js';
import type { RouterMonitor } from './router-monitor.js';
import type { RouterReads } from './router-reads.js';

export interface RouterJobsDeps {
  readonly monitor: RouterMonitor;
  readonly reads: RouterReads;
  readonly plan: (routerId: string, services: readonly ServiceConfig[], signal: AbortSignal) => Promise<PlanView>;
  readonly producer: Producer;
  readonly clock: Clock;
}

/**
 * A router that cannot be reached just when its address became known, because it is still working through the script or is being
 * plugged in, is looked at again after so long, ms. Then the poller goes on.
 */
const LOOK_AGAIN_MS = [2_000, 4_000, 8_000, 8_000] as const;
const POLL = 'poll-';
const AGAIN = /^look-(\d+)-(.+)$/;

export function routerJobs(deps: RouterJobsDeps): Pick<JobHandlers, 'router.probe' | 'routers.poll' | 'router.read'> {
  const { monitor, reads, plan, producer, clock } = deps;
  return {
    'router.probe': async ({ routerId }, { signal, jobId }) => {
      const outcome = await monitor.probe(routerId, signal);
      if (outcome !== 'unreachable' || jobId.startsWith(POLL)) return;
      const [, looks = '0', first = jobId] = AGAIN.exec(jobId) ?? [];
      const delayMs = LOOK_AGAIN_MS[Number(looks)];
      if (delayMs === undefined) return;
      await producer.enqueue('router.probe', { routerId }, { jobId: `look-${Number(looks) + 1}-${first}`, delayMs });
    },

    /** One job a router, so that the work spreads over all workers; of two polls in one second only one counts. */
    'routers.poll': async () => {
      const second = Math.floor(clock.now().getTime() / 1000);
      for (const routerId of await monitor.due()) {
        await producer.enqueue('router.probe', { routerId }, { jobId: `${POLL}${routerId}-${second}` });
      }
    },

    'router.read': async (question, { signal }) => {
      const { routerId } = question;
      switch (question.read) {
        case 'interfaces':
          return answered(reads.interfaces(routerId, signal));
        case 'details':
          return answered(reads.details(routerId, signal));
        case 'connectivity':
          return answered(reads.connectivity(routerId, signal));
        case 'traffic':
          return answered(reads.traffic(routerId, signal));
        case 'plan':
          return answered(plan(routerId, services.parse(question.services), signal));
        default:
          return assertNever(question.read);
      }
    },
  };
}
