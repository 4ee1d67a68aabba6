import { isIP } from 'node:net';
import { SpanKind } from '@opentelemetry/api';
import type { Clock } from '@turnpike/core/clock.js';
import { messageOf } from '@turnpike/core/app-error.js';
import { noTracing, type Tracing } from '@turnpike/runtime/tracing/tracing.js';
import { CODE, type Attribute } from '@turnpike/radius/attributes.js';
import type { RadiusPacket } from '@turnpike/radius/packet.js';
import type { RetrySchedule } from '@turnpike/radius/retry-schedule.js';
import type { ExchangeOutcome, RadiusClient } from '@turnpike/radius/udp-client.js';
import type { NasTarget } from '../nas/nas-target.js';
import { createPacer, type Pace } from './pacer.js';

export interface CoaRequest {
  readonly nas: NasTarget;
  /** Disconnect-Request or CoA-Request. */
  readonly code: number;
  readonly attributes: readonly Attribute[];
  readonly signal: AbortSignal;
  /** Told of each transmission with the first secret, with how many there were. */
  readonly onTransmission?: (count: number) => void;
}

export type CoaAnswer =
  | { readonly kind: 'reply'; readonly packet: RadiusPacket }
  /** `detail`: what there was instead of an answer, for people. */
  | { readonly kind: 'none'; readonly detail: string };

export interface CoaExchangeOptions {
  readonly client: RadiusClient;
  /** UDP port for RFC 5176 requests; RouterOS listens on 3799. */
  readonly port: number;
  readonly retry: RetrySchedule;
  readonly clock: Clock;
  /** New requests to one NAS; by default what a receive buffer of 256 packets and a small router bear. */
  readonly pace?: Pace;
  /** Default: nothing is traced. */
  readonly tracing?: Tracing | undefined;
}

const REPLIES: Readonly<Record<number, string>> = {
  [CODE.DISCONNECT_ACK]: 'Disconnect-ACK',
  [CODE.DISCONNECT_NAK]: 'Disconnect-NAK',
  [CODE.COA_ACK]: 'CoA-ACK',
  [CODE.COA_NAK]: 'CoA-NAK',
};

const PACE: Pace = { perSecond: 500, burst: 100 };

/**
 * Asks a NAS (RFC 5176), sending the same bytes again by the schedule. A NAS drops a request made with a secret that it does
 * not have: while it has two, the one it was last seen to use goes first and the other joins in when that is not
 * answered at once. The first trusted reply counts.
 */
export function createCoaExchange({
  client,
  port,
  retry,
  clock,
  pace = PACE,
  tracing = noTracing,
}: CoaExchangeOptions) {
  const pacer = createPacer(pace, clock);

  return (request: CoaRequest): Promise<CoaAnswer> => {
    if (!tracing.isOn) return ask(request);
    const { nas, code } = request;
    const name = code === CODE.DISCONNECT_REQUEST ? 'Disconnect-Request' : 'CoA-Request';
    const attributes = { 'server.address': nas.address, 'server.port': port };
    return tracing.within(`RADIUS ${name}`, { kind: SpanKind.CLIENT, attributes }, async (span) => {
      const answer = await ask(request);
      span.setAttribute(
        'turnpike.radius.reply',
        answer.kind === 'none' ? 'none' : (REPLIES[answer.packet.code] ?? 'other'),
      );
      return answer;
    });
  };

  async function ask(request: CoaRequest): Promise<CoaAnswer> {
    const { nas, signal } = request;
    if (isIP(nas.address) === 0) return { kind: 'none', detail: `${nas.address} is no IP address` };
    await pacer.turn(nas.address, signal);
    const answered = new AbortController();
    const first = latch();
    const exchanges = nas.secrets.map((secret, index) => {
      if (index === 0) return exchange(secret, first.open).then(openUnlessReply, openAndThrow);
      return first.opened.then(() => exchange(secret, () => undefined));
    });
    try {
      return await Promise.any(exchanges.map(replyOnly));
    } catch (error) {
      signal.throwIfAborted();
      return { kind: 'none', detail: explain(error) };
    } finally {
      answered.abort();
    }

    function openUnlessReply(outcome: ExchangeOutcome): ExchangeOutcome {
      if (outcome.kind !== 'reply') first.open();
      return outcome;
    }

    function openAndThrow(error: unknown): never {
      first.open();
      throw error;
    }

    function exchange(secret: Buffer, onSilence: () => void): Promise<ExchangeOutcome> {
      return client.exchange({
        host: nas.address,
        port,
        secret,
        code: request.code,
        attributes: request.attributes,
        retry,
        signal: AbortSignal.any([signal, answered.signal]),
        onTransmission: (count) => {
          if (secret === nas.secrets[0]) request.onTransmission?.(count);
          if (count > 1) onSilence();
        },
      });
    }
  }
}

async function replyOnly(exchange: Promise<ExchangeOutcome>): Promise<CoaAnswer> {
  const outcome = await exchange;
  if (outcome.kind === 'reply') return { kind: 'reply', packet: outcome.packet };
  throw new Error(
    outcome.kind === 'timeout'
      ? 'the router does not answer RADIUS orders'
      : 'the router answers with another RADIUS secret',
  );
}

/** A wrong secret says more than silence. */
function explain(error: unknown): string {
  if (!(error instanceof AggregateError)) return messageOf(error);
  const details = error.errors.map(messageOf);
  return details.find((detail) => detail.includes('secret')) ?? details[0] ?? 'the router has no RADIUS secret';
}

function latch(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
