import type { PlanView, ServiceConfig } from '@turnpike/contracts/provisioning.js';
import { AppError } from '@turnpike/core/app-error.js';
import { RosError } from '@turnpike/routeros/ros-error.js';
import { assertServices } from './address-plan.js';
import { planInputOf, type PlanInputDeps } from './plan-input.js';
import { planServices } from './planner.js';
import { planView } from './provisioning.view.js';
import type { OpenRouter } from './router-contact.js';
import { readSnapshot } from './router-snapshot.js';

/** The dry run: talks to the router, so only a worker has one. */
export interface ServicePlanner {
  /** Reads the router and says what a deploy would do. Throws `router_unreachable` and the other codes of dialling. */
  plan(routerId: string, services: readonly ServiceConfig[], signal: AbortSignal): Promise<PlanView>;
}

export interface ServicePlannerDeps extends PlanInputDeps {
  readonly openRouter: OpenRouter;
}

export function createServicePlanner(deps: ServicePlannerDeps): ServicePlanner {
  return {
    plan: async (routerId, services, signal) => {
      assertServices(services);
      const input = await planInputOf(deps, routerId, services);
      const session = await deps.openRouter(routerId, { signal });
      try {
        const { plan: found, waitingFor } = planServices(input, await readSnapshot(session, signal));
        const view = planView(found);
        return waitingFor === undefined
          ? view
          : { ...view, warnings: [`${waitingFor.message} ${waitingFor.remedy}`, ...view.warnings] };
      } catch (error) {
        throw explain(error);
      } finally {
        await session.close().catch(() => undefined);
      }
    },
  };
}

/** A session's error in the words of the API. */
function explain(error: unknown): unknown {
  if (!(error instanceof RosError)) return error;
  if (error.kind === 'trap')
    return new AppError('router_refused', `The router says: ${error.message}`, { cause: error });
  return new AppError('router_unreachable', `The connection to the router failed: ${error.message}`, { cause: error });
}
