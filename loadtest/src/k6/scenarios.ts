import { capacity, CAPACITY_WHOLE } from '../capacity/capacity.js';
import type { Scale } from '../config.js';
import { breakpoint, BREAKPOINT_WHOLE } from './breakpoint.js';
import { mixed, MIXED_WHOLE } from './mixed.js';
import { paymentBurst, PAYMENT_BURST_WHOLE } from './payment-burst.js';
import { portalRush, PORTAL_RUSH_WHOLE } from './portal-rush.js';
import { provisioningBurst, PROVISIONING_BURST_WHOLE } from './provisioning-burst.js';
import { repeated } from './repeated.js';
import type { K6Scenario } from './scenario.js';
import { soak, SOAK_WHOLE } from './soak.js';
import { spike, SPIKE_WHOLE } from './spike.js';

/** What `npm run loadtest` can do with k6; each with an instance of its own. */
export const k6Scenarios = {
  mixed: of(mixed, MIXED_WHOLE),
  'portal-rush': of(portalRush, PORTAL_RUSH_WHOLE),
  'provisioning-burst': of(provisioningBurst, PROVISIONING_BURST_WHOLE),
  'payment-burst': of(paymentBurst, PAYMENT_BURST_WHOLE),
  spike: of(spike, SPIKE_WHOLE),
  soak: of(soak, SOAK_WHOLE),
  breakpoint: of(breakpoint, BREAKPOINT_WHOLE),
  capacity: of(capacity, CAPACITY_WHOLE),
};

function of(scenario: K6Scenario, whole: Scale) {
  return { scenario: repeated(scenario), whole };
}
