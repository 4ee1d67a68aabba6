import type { RouterDetailsView } from '@turnpike/contracts/routers.js';
import { oneOf } from '../../../kit/one-of.js';

export const addSteps = ['name', 'paste', 'online', 'services', 'plan', 'deploy', 'done'] as const;
export type AddStep = (typeof addSteps)[number];

/** The step of an address. Without a router there is only the first, and one that is there is not named again. */
export function stepOf(text: string, hasRouter: boolean): AddStep {
  if (!hasRouter) return 'name';
  const step = oneOf(addSteps, text);
  return step === undefined || step === 'name' ? 'paste' : step;
}

/** Where a step lives. */
export function addressOf(step: AddStep, routerId: string): string {
  return `/routers/new?router=${encodeURIComponent(routerId)}&step=${step}`;
}

/** The furthest step that makes sense for a router as it is: a step before it may be looked at again. */
export function furthestStep({ status, deployment }: Pick<RouterDetailsView, 'status' | 'deployment'>): AddStep {
  if (deployment === 'active') return 'done';
  if (deployment === 'deploying' || deployment === 'verifying') return 'deploy';
  return status === 'pending' ? 'paste' : 'plan';
}

export function isWithin(step: AddStep, furthest: AddStep): boolean {
  return addSteps.indexOf(step) <= addSteps.indexOf(furthest);
}
