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

export function routerJobs(deps: RouterJobsDeps): Pick<JobHandlers, 'router.probe' | 'routers.poll' | 'router.read'> {
  const { monitor, reads, plan, producer, clock } = deps;
  return {
    'router.probe': ({ routerId }, { signal }) => monitor.probe(routerId, signal),

    /** One job a router, so that the work spreads over all workers; of two polls in one second only one counts. */
    'routers.poll': async () => {
      const second = Math.floor(clock.now().getTime() / 1000);
      for (const routerId of await monitor.due()) {
        await producer.enqueue('router.probe', { routerId }, { jobId: `poll-${routerId}-${second}` });
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
