import type { ServiceConfig } from '@turnpike/contracts/provisioning.js';
import { desiredState } from './desired-state.js';
import type { NasIdentity, RadiusSettings } from './desired-object.js';
import type { Plan } from './plan.js';
import { preflight, type Preflight } from './preflight.js';
import { takesPages, type PortalTarget } from './portal-files.js';
import { reconcile } from './reconcile.js';
import { factsOf, type RouterFacts } from './router-facts.js';
import type { RouterSnapshot } from './router-snapshot.js';

export interface PlanInput {
  readonly services: readonly ServiceConfig[];
  readonly radius: RadiusSettings;
  readonly nas: NasIdentity;
  readonly deployedSecret: string | undefined;
  readonly portal?: PortalTarget | undefined;
}

export interface PlanOutcome {
  readonly plan: Plan;
  readonly waitingFor: Preflight['waitingFor'];
}

/** From what is wished and what was read to what has to be done. Pure: reading the router again gives a new plan. */
export function planServices(input: PlanInput, snapshot: RouterSnapshot): PlanOutcome {
  const facts = factsOf(snapshot);
  if (facts === undefined) return { plan: unreadable, waitingFor: undefined };
  const checks = preflight(input.services, facts, snapshot);
  const desired = desiredState({ ...input, facts });
  const plan = reconcile({ desired, actual: snapshot, deployedSecret: input.deployedSecret });
  return {
    plan: {
      operations: plan.operations,
      warnings: [...checks.warnings, ...portalWarnings(input, facts), ...plan.warnings],
      conflicts: [...checks.conflicts, ...plan.conflicts],
    },
    waitingFor: checks.waitingFor,
  };
}

/** Without our pages the hotspot shows the router's own, with nothing but a form for username and password. */
function portalWarnings({ portal, services }: PlanInput, { version, versionText }: RouterFacts): string[] {
  const needed = portal !== undefined && services.some((service) => service.type === 'hotspot');
  if (!needed || takesPages(version)) return [];
  return [
    `RouterOS ${versionText} cannot be given the portal's pages this way, so its own login page is shown. Upgrade it to ` +
      `7.15 or newer and deploy again, or put ${portal.loginPageUrl} into its folder hotspot.`,
  ];
}

const unreadable: Plan = {
  operations: [],
  warnings: [],
  conflicts: [
    {
      path: '/system/resource',
      key: 'version',
      message: 'The router does not tell its RouterOS version.',
      remedy: 'Give the API user the policies read and api, and check that the address is that of a MikroTik router.',
    },
  ],
};
