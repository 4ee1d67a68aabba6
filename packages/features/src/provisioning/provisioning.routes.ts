import * as endpoints from '@turnpike/contracts/provisioning.js';
import { changeContext } from '@turnpike/runtime/http/change-context.js';
import { route, type RouteBinding } from '@turnpike/runtime/http/route.js';
import type { BulkActions } from './bulk-actions.js';
import type { ProvisioningService } from './provisioning.service.js';

interface ProvisioningRoutesDeps {
  readonly service: ProvisioningService;
  readonly bulk: BulkActions;
}

export function provisioningRoutes({ service, bulk }: ProvisioningRoutesDeps): RouteBinding[] {
  return [
    route(endpoints.planServiceConfig, async ({ params, body, signal }) =>
      service.plan(params.id, body.services, signal),
    ),
    route(endpoints.deployServiceConfig, async (call) =>
      service.deploy(call.params.id, call.body.services, changeContext(call)),
    ),
    route(endpoints.getProvisioningStatus, async ({ params }) => service.status(params.id)),
    route(endpoints.resetProvisioning, async (call) => service.reset(call.params.id, changeContext(call))),
    route(endpoints.rollBackRouter, async (call) => service.rollback(call.params.id, changeContext(call))),
    route(endpoints.bulkRouters, async (call) =>
      bulk.run(call.body, { ...changeContext(call), sites: call.actor.sites, signal: call.signal }),
    ),
    route(endpoints.listRuns, async ({ params, query }) => service.runs(params.id, query)),
    route(endpoints.getRun, async ({ params }) => service.run(params.id)),
  ];
}
