import type { Clock } from '@turnpike/core/clock.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { Tx } from '@turnpike/db/database.js';
import { ATTR, CODE, type Attribute } from '@turnpike/radius/attributes.js';
import type { ExchangeOutcome, RadiusClient } from '@turnpike/radius/udp-client.js';
import { ipv4Attr, textAttr } from '@turnpike/radius/value-codec.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import { isIPv4 } from 'node:net';
import { findNasTarget, type NasTarget } from '../nas/nas-target.js';
import {
  findCommandWork,
  finishCommand,
  markSent,
  type CommandOutcome,
  type CommandWork,
} from './session-command.store.js';
import { reopenRefused } from './session.store.js';

export interface DisconnectPolicy {
  /** UDP port for RFC 5176 requests; RouterOS listens on 3799. */
  readonly port: number;
  readonly timeoutMs: number;
  readonly tries: number;
}

export const defaultDisconnectPolicy: DisconnectPolicy = { port: 3799, timeoutMs: 3_000, tries: 5 };

export interface SessionDisconnectDeps {
  readonly db: Tx;
  readonly secretBox: SecretBox;
  readonly client: RadiusClient;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Makes RADIUS know of the customer what the database says. */
  readonly refreshSubject: (customerId: string) => Promise<void>;
  readonly policy?: DisconnectPolicy;
}

interface Verdict {
  readonly state: CommandOutcome;
  readonly errorCause: number | null;
}

/** Error-Cause Session-Context-Not-Found (RFC 5176 3.6): the NAS does not know the session any more. */
const SESSION_NOT_FOUND = 503;

/**
 * Carries out one disconnect command and writes down what the NAS said. The session's own state is left to accounting:
 * an acknowledgement is a promise, the Stop that follows is the proof. Running it again after the end does nothing.
 */
export function createSessionDisconnect(deps: SessionDisconnectDeps) {
  const { db, secretBox, client, clock, logger, policy = defaultDisconnectPolicy } = deps;

  return async (commandId: string, signal: AbortSignal): Promise<void> => {
    const work = await findCommandWork(db, commandId);
    if (work === undefined) return;
    // A phone logs in again at once: by then RADIUS must know why it was disconnected.
    if (work.customerId !== null) await deps.refreshSubject(work.customerId);
    if (!(await markSent(db, commandId))) return;
    const verdict = await carryOut(work, signal);
    if (verdict.state === 'refused' || verdict.state === 'unanswered') {
      logger.warn({ commandId, sessionId: work.sessionId, ...verdict }, 'a router did not end a session as ordered');
    }
    await finishCommand(db, commandId, { ...verdict, at: clock.now() });
    if (verdict.state === 'refused') await reopenRefused(db, work.sessionId);
  };

  async function carryOut(work: CommandWork, signal: AbortSignal): Promise<Verdict> {
    if (work.sessionState === 'closed') return { state: 'already_gone', errorCause: null };
    const nas = await findNasTarget(db, secretBox, work.routerId);
    if (nas === undefined || !isIPv4(nas.address)) return { state: 'unanswered', errorCause: null };
    const outcome = await client.exchange({
      host: nas.address,
      port: policy.port,
      secret: nas.secret,
      code: CODE.DISCONNECT_REQUEST,
      attributes: disconnectAttributes(work, nas),
      timeoutMs: policy.timeoutMs,
      tries: policy.tries,
      signal,
    });
    return verdictOf(outcome);
  }
}

/** What identifies a session to RouterOS (manual, RADIUS: Disconnect-Message by User-Name, address and Acct-Session-Id). */
function disconnectAttributes(work: CommandWork, nas: NasTarget): Attribute[] {
  return [
    ...(work.username === '' ? [] : [textAttr(ATTR.USER_NAME, work.username)]),
    ipv4Attr(ATTR.NAS_IP_ADDRESS, nas.address),
    ...(work.framedIpAddress === null ? [] : [ipv4Attr(ATTR.FRAMED_IP_ADDRESS, work.framedIpAddress)]),
    ...(work.acctSessionId === '' ? [] : [textAttr(ATTR.ACCT_SESSION_ID, work.acctSessionId)]),
  ];
}

function verdictOf(outcome: ExchangeOutcome): Verdict {
  if (outcome.kind !== 'reply') return { state: 'unanswered', errorCause: null };
  if (outcome.packet.code === CODE.DISCONNECT_ACK) return { state: 'acknowledged', errorCause: null };
  const errorCause = outcome.packet.integer(ATTR.ERROR_CAUSE) ?? null;
  return { state: errorCause === SESSION_NOT_FOUND ? 'already_gone' : 'refused', errorCause };
}
