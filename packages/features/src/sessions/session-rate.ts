import { z } from 'zod';
import { burst } from '@turnpike/contracts/package-terms.js';
import { ATTR, CODE, MIKROTIK, VENDOR, type Attribute } from '@turnpike/radius/attributes.js';
import { RFC5080_RETRY, type RetrySchedule } from '@turnpike/radius/retry-schedule.js';
import type { RadiusClient } from '@turnpike/radius/udp-client.js';
import { vendorTextAttr } from '@turnpike/radius/value-codec.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import { rateLimit } from '../access/access-reply.js';
import { createCoaExchange, type CoaAnswer } from './coa-exchange.js';
import type { CommandWork } from './session-command.store.js';
import { identityAttributes } from './session-identity.js';
import { limitAttributes } from './session-limits.js';
import { findSessionLimits } from './session-limits.store.js';
import {
  createSessionOrders,
  OVER_BEFORE,
  refused,
  unanswered,
  type SessionOrdersDeps,
  type Verdict,
} from './session-orders.js';

export interface SessionRateDeps extends SessionOrdersDeps {
  readonly client: RadiusClient;
  readonly logger: Logger;
  readonly policy?: { readonly port: number; readonly retry: RetrySchedule };
}

const rateParams = z.object({ downKbps: z.number().int(), upKbps: z.number().int(), burst: burst.optional() });

const NOTHING_LEFT: Verdict = { state: 'superseded', errorCause: null, detail: 'what it is about is over' };

/**
 * Carries out one command of kind `rate` or `limits`: a CoA-Request with the new rate, or the new ends of time and data, which
 * the NAS applies without ending the session. Once a rate is acknowledged the session has that rate and fair-use step;
 * whatever else is answered changes nothing here, and the sweep orders it again while it is still wanted.
 */
export function createSessionRate(deps: SessionRateDeps) {
  const { client, logger, policy = { port: 3799, retry: RFC5080_RETRY } } = deps;
  const orders = createSessionOrders(deps);
  const ask = createCoaExchange({ client, clock: deps.clock, tracing: deps.tracing, ...policy });

  return async (commandId: string, signal: AbortSignal): Promise<void> => {
    const work = await orders.find(commandId);
    if (work === undefined || !(await orders.claim(commandId))) return;
    const verdict = await carryOut(work, signal);
    if (verdict.state === 'refused' || verdict.state === 'unanswered') {
      logger.warn(
        { commandId, sessionId: work.sessionId, ...verdict },
        'a router did not change the rate or the limits of a session as ordered',
      );
    }
    await (work.kind === 'rate' ? orders.finishRate(commandId, verdict) : orders.finish(commandId, verdict));
  };

  async function carryOut(work: CommandWork, signal: AbortSignal): Promise<Verdict> {
    if (work.sessionState === 'closed') return OVER_BEFORE;
    if (work.sessionState === 'closing') return { state: 'superseded', errorCause: null, detail: 'it is being ended' };
    if (work.outdated) return { state: 'superseded', errorCause: null, detail: 'a newer order was given' };
    const nas = await orders.nasOf(work.routerId);
    if (nas === undefined) return unanswered('the router has no address for RADIUS orders');
    const wanted = await attributesOf(work);
    if (wanted === undefined) return NOTHING_LEFT;
    const answer = await ask({
      nas,
      code: CODE.COA_REQUEST,
      attributes: [...identityAttributes(work, nas), ...wanted],
      signal,
    });
    return verdictOf(answer);
  }

  /** Undefined when there is nothing to tell any more. */
  async function attributesOf({ kind, params, sessionId }: CommandWork): Promise<Attribute[] | undefined> {
    if (kind === 'limits') {
      const limits = await findSessionLimits(deps.db, sessionId);
      return limits === undefined ? undefined : limitAttributes(limits, deps.clock.now());
    }
    const { burst, ...rate } = rateParams.parse(params);
    const limit = rateLimit(burst === undefined ? rate : { ...rate, burst });
    return [vendorTextAttr(VENDOR.MIKROTIK, MIKROTIK.RATE_LIMIT, limit)];
  }
}

function verdictOf(answer: CoaAnswer): Verdict {
  if (answer.kind === 'none') return unanswered(answer.detail);
  const { packet } = answer;
  if (packet.code === CODE.COA_ACK) return { state: 'acknowledged', errorCause: null, detail: null };
  return refused(packet.integer(ATTR.ERROR_CAUSE) ?? null);
}
