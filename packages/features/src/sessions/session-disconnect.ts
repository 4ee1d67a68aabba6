import { ATTR, CODE } from '@turnpike/radius/attributes.js';
import { RFC5080_RETRY, type RetrySchedule } from '@turnpike/radius/retry-schedule.js';
import type { RadiusClient } from '@turnpike/radius/udp-client.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import { createCoaExchange, type CoaAnswer } from './coa-exchange.js';
import type { CommandWork } from './session-command.store.js';
import { reopenRefused } from './session-ending.store.js';
import { identityAttributes } from './session-identity.js';
import {
  createSessionOrders,
  OVER_BEFORE,
  refused,
  unanswered,
  type SessionOrdersDeps,
  type Verdict,
} from './session-orders.js';
import { PROVEN_END, type SessionRemoval } from './session-removal.js';

export interface DisconnectPolicy {
  /** UDP port for RFC 5176 requests; RouterOS listens on 3799. */
  readonly port: number;
  readonly retry: RetrySchedule;
  /** The router's API is tried too from this transmission on: with 2 s doubled, the third is sent after 6 s. */
  readonly removeAtTransmission: number;
}

export const defaultDisconnectPolicy: DisconnectPolicy = { port: 3799, retry: RFC5080_RETRY, removeAtTransmission: 3 };

export interface SessionDisconnectDeps extends SessionOrdersDeps {
  readonly client: RadiusClient;
  readonly logger: Logger;
  /** Makes RADIUS know of the customer what the database says. */
  readonly refreshSubject: (customerId: string) => Promise<unknown>;
  /** The second way. */
  readonly removal: SessionRemoval;
  readonly policy?: DisconnectPolicy;
}

/** Error-Cause Session-Context-Not-Found (RFC 5176 3.6): the NAS does not know the session any more. */
const SESSION_NOT_FOUND = 503;

/**
 * Carries out one disconnect command and writes down what came of it: a Disconnect-Request first, the router's API when
 * that is refused or stays unanswered. The session's own state is left to accounting and to proof: an acknowledgement is a
 * promise, the Stop that follows is the proof, as is the router's own list without the session. Running it again after the
 * end does nothing.
 */
export function createSessionDisconnect(deps: SessionDisconnectDeps) {
  const { db, client, logger, removal, policy = defaultDisconnectPolicy } = deps;
  const orders = createSessionOrders(deps);
  const ask = createCoaExchange({ client, clock: deps.clock, tracing: deps.tracing, ...policy });

  return async (commandId: string, signal: AbortSignal): Promise<void> => {
    const work = await orders.find(commandId);
    if (work === undefined) return;
    // A phone logs in again at once: by then RADIUS must know why it was disconnected.
    if (work.customerId !== null) await deps.refreshSubject(work.customerId);
    if (!(await orders.claim(commandId))) return;
    const verdict = work.sessionState === 'closed' ? OVER_BEFORE : await bothWays(work, signal);
    if (verdict.state === 'refused' || verdict.state === 'unanswered') {
      logger.warn({ commandId, sessionId: work.sessionId, ...verdict }, 'a router did not end a session as ordered');
    }
    await orders.finish(commandId, verdict);
    if (verdict.state === 'refused') await reopenRefused(db, work.sessionId);
  };

  async function bothWays(work: CommandWork, signal: AbortSignal): Promise<Verdict> {
    const settled = new AbortController();
    const either = AbortSignal.any([signal, settled.signal]);
    let giveUpWaiting = (): void => undefined;
    const silence = new Promise<void>((resolve) => {
      giveUpWaiting = resolve;
    });
    const coa = overRadius(work, either, giveUpWaiting);
    const api = silence.then(() => overApi(work, either));
    try {
      const first = await Promise.race([coa, api]);
      if (isOver(first)) return first;
      giveUpWaiting();
      const [byCoa, byApi] = await Promise.all([coa, api]);
      return [byCoa, byApi].find(isOver) ?? { ...byCoa, detail: sentence(byCoa.detail, byApi.detail) };
    } finally {
      settled.abort();
      // The way that was not needed ends with an abort that nobody waits for.
      void Promise.allSettled([coa, api]);
    }
  }

  async function overRadius(work: CommandWork, signal: AbortSignal, onSilence: () => void): Promise<Verdict> {
    const nas = await orders.nasOf(work.routerId);
    if (nas === undefined) return unanswered('the router has no address for RADIUS orders');
    const answer = await ask({
      nas,
      code: CODE.DISCONNECT_REQUEST,
      attributes: identityAttributes(work, nas),
      signal,
      onTransmission: (count) => {
        if (count >= policy.removeAtTransmission) onSilence();
      },
    });
    return verdictOf(answer);
  }

  async function overApi(work: CommandWork, signal: AbortSignal): Promise<Verdict> {
    const removed = await removal.remove(work, signal);
    if (removed.kind === 'failed') return unanswered(removed.detail);
    return { ...PROVEN_END[removed.kind], errorCause: null };
  }
}

function isOver({ state }: Verdict): boolean {
  return state === 'acknowledged' || state === 'already_gone' || state === 'removed';
}

function sentence(...details: readonly (string | null)[]): string {
  return details.filter((detail) => detail !== null).join('; ');
}

function verdictOf(answer: CoaAnswer): Verdict {
  if (answer.kind === 'none') return unanswered(answer.detail);
  const { packet } = answer;
  if (packet.code === CODE.DISCONNECT_ACK) return { state: 'acknowledged', errorCause: null, detail: null };
  const errorCause = packet.integer(ATTR.ERROR_CAUSE) ?? null;
  if (errorCause === SESSION_NOT_FOUND) return { state: 'already_gone', errorCause, detail: null };
  return refused(errorCause);
}
