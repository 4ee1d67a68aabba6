import { plan, type PlanView, type ServiceConfig } from '@turnpike/contracts/provisioning.js';
import {
  getRouterDetails,
  getRouterInterfaces,
  getRouterTraffic,
  verifyConnectivity,
} from '@turnpike/contracts/routers.js';
import { AppError, appErrorCodes } from '@turnpike/core/app-error.js';
import type { JobPayload } from '@turnpike/queue/catalogue.js';
import type { Requester } from '@turnpike/queue/requester.js';
import { z } from 'zod';
import type { RouterReads } from './router-reads.js';

/** What a worker answers: a refusal travels as a value, so that its code survives the queue. */
const answer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({
    ok: z.literal(false),
    code: z.enum(appErrorCodes),
    detail: z.string(),
    issues: z.array(z.object({ path: z.string(), message: z.string() })),
  }),
]);
export type ReadAnswer = z.input<typeof answer>;

/** The worker's side: anything but an AppError stays an error of the job. */
export async function answered(work: Promise<unknown>): Promise<ReadAnswer> {
  try {
    return { ok: true, value: await work };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ok: false, code: error.code, detail: error.message, issues: [...error.issues] };
  }
}

export interface RemoteReads extends RouterReads {
  plan(routerId: string, services: readonly ServiceConfig[], signal: AbortSignal): Promise<PlanView>;
}

/** The API's side: only workers talk to routers, so a live read is asked of one. */
export function createRemoteReads({ requester }: { requester: Requester }): RemoteReads {
  async function ask<Shape extends z.ZodType>(
    shape: Shape,
    payload: JobPayload<'router.read'>,
    signal: AbortSignal,
  ): Promise<z.output<Shape>> {
    const given = answer.parse(await requester.request('router.read', payload, signal));
    if (!given.ok) throw new AppError(given.code, given.detail, { issues: given.issues });
    return shape.parse(given.value);
  }

  return {
    interfaces: (routerId, signal) => ask(getRouterInterfaces.response, { routerId, read: 'interfaces' }, signal),
    details: (routerId, signal) => ask(getRouterDetails.response, { routerId, read: 'details' }, signal),
    connectivity: (routerId, signal) => ask(verifyConnectivity.response, { routerId, read: 'connectivity' }, signal),
    traffic: (routerId, signal) => ask(getRouterTraffic.response, { routerId, read: 'traffic' }, signal),
    plan: (routerId, services, signal) => ask(plan, { routerId, read: 'plan', services: [...services] }, signal),
  };
}
