import type { ProvisioningStatusView } from '@turnpike/contracts/provisioning.js';

const ENDS: ReadonlySet<ProvisioningStatusView['state']> = new Set<ProvisioningStatusView['state']>([
  'not_started',
  'succeeded',
  'failed',
  'rolled_back',
  'rollback_failed',
  'cancelled',
]);

/** Whether nothing goes on any more. */
export function isEnded(state: ProvisioningStatusView['state']): boolean {
  return ENDS.has(state);
}
