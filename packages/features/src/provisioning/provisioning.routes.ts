import * as endpoints from '@turnpike/contracts/provisioning.js';
import { changeContext } from '@turnpike/runtime/http/change-context.js';
import { route, type RouteBinding } from '@turnpike/runtime/http/route.js';
import type { ProvisioningService } from './provisioning.service.js';

export function provisioningRoutes({ service }: { service: ProvisioningService }): RouteBinding[] {
  return [
    route(endpoints.planServiceConfig, async ({ params, body, signal }) =>
      service.plan(params.id, body.services, signal),
    ),
    route(endpoints.deployServiceConfig, async (call) =>
      service.deploy(call.params.id, call.body.services, changeContext(call)),
    ),
    route(endpoints.getProvisioningStatus, async ({ params }) => service.status(params.id)),
    route(endpoints.resetProvisioning, async (call) => service.reset(call.params.id, changeContext(call))),
    route(endpoints.listRuns, async ({ params, query }) => service.runs(params.id, query)),
    route(endpoints.getRun, async ({ params }) => service.run(params.id)),
  ];
}
