import { services, type ServiceConfig } from '@turnpike/contracts/provisioning.js';
import type { RouterDetailsView } from '@turnpike/contracts/routers.js';

/** What runs on a router; none when nothing was deployed, or by a version that wrote it otherwise. */
export function deployedServicesOf({ deployedServices }: RouterDetailsView): readonly ServiceConfig[] {
  return services.safeParse(deployedServices).data ?? [];
}
