import { isIP } from 'node:net';
import { AppError } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import { createAbortGroup, type AbortGroup } from './abort-group.js';
import type { Attribute } from './attributes.js';
import { openClientLine, type ClientLine, type IpFamily, type Pending } from './client-line.js';
import { encodeRequest, verifyReply, type ReplyFailure } from './encode.js';
import type { RadiusPacket } from './packet.js';
import { checkRetrySchedule, nextWaitMs, type RetrySchedule } from './retry-schedule.js';

export interface RadiusClientOptions {
  /** Source address, for example of a simulated NAS; any by default. */
  readonly localAddress?: string;
  readonly clock: Clock;
  /** 0 <= x < 1, spreads retransmissions; Math.random by default. */
  readonly random?: () => number;
  /** Sockets opened as needed, each good for 256 requests in flight. Default 16. */
  readonly maxSockets?: number;
  /** Does `action` after `delayMs` unless the returned function is called before; setTimeout by default. */
  readonly later?: (action: () => void, delayMs: number) => () => void;
}

/** One of both says how often and how long apart the same bytes are sent. */
export type ExchangeTiming =
  | {
      /** Equal waits after each transmission, varied by 10 %. */
      readonly timeoutMs: number;
      /** Transmissions in all. */
      readonly tries: number;
      readonly retry?: undefined;
    }
  | { readonly retry: RetrySchedule; readonly timeoutMs?: undefined; readonly tries?: undefined };

export type RadiusExchange = ExchangeRequest & ExchangeTiming;

export interface ExchangeRequest {
  /** IP address of the server (or of the NAS for CoA and Disconnect). */
  readonly host: string;
  readonly port: number;
  readonly secret: Buffer;
  readonly code: number;
  readonly attributes: readonly Attribute[];
  /** Sent hidden as User-Password. */
  readonly password?: Buffer;
  /** Signs the request with Message-Authenticator; default true. */
  readonly messageAuthenticator?: boolean;
  /** Authenticator of an Access-Request where the caller made a CHAP response with it; random by default. */
  readonly authenticator?: Buffer;
  /** Accepts an Access-* reply without Message-Authenticator, from a server older than CVE-2024-3596. */
  readonly unsignedAllowed?: boolean;
  /** Told of each transmission, with how many there were; what it throws is swallowed. */
  readonly onTransmission?: (count: number) => void;
  readonly signal: AbortSignal;
}

/** `bad-reply`: no reply could be trusted, but something answered; the usual cause is a wrong secret. */
export type ExchangeOutcome =
  | { readonly kind: 'reply'; readonly packet: RadiusPacket; readonly rttMs: number; readonly transmissions: number }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'bad-reply'; readonly reason: ReplyFailure };

export interface RadiusClient {
  /**
   * Sends a request until a trusted reply comes or the tries are used up. Rejects with the signal's reason when
   * aborted, with AppError `unavailable` when the client is closed or has no identifier free, with RangeError on a
   * request that cannot be encoded or a schedule that makes no sense.
   */
  exchange(exchange: RadiusExchange): Promise<ExchangeOutcome>;
  /** Closes the sockets; exchanges under way reject. */
  close(): Promise<void>;
}

const EQUAL_WAIT_JITTER = 0.1;

export function createRadiusClient(options: RadiusClientOptions): RadiusClient {
  const { clock, random = Math.random, maxSockets = 16, later = afterTimeout } = options;
  const aborts = createAbortGroup();
  const lines = new Set<ClientLine>();
  let closed = false;

  function openLine(family: IpFamily): ClientLine {
    if (lines.size >= maxSockets) throw new AppError('unavailable', 'every RADIUS identifier is in flight');
    const line = openClientLine(family, options.localAddress);
    lines.add(line);
    // A line that cannot be bound is closed and forgotten; its requests hear of it from `ready`.
    line.ready.catch((error: unknown) => {
      return lines.delete(line) ? line.close(error) : undefined;
    });
    return line;
  }

  function reserve(family: IpFamily, pending: Pending): Place {
    for (const line of lines) {
      const identifier = line.family === family ? line.take(pending) : undefined;
      if (identifier !== undefined) return { line, identifier };
    }
    const line = openLine(family);
    return { line, identifier: line.take(pending) ?? 0 };
  }

  return {
    async exchange(request) {
      request.signal.throwIfAborted();
      if (closed) throw new AppError('unavailable', 'the RADIUS client is closed');
      const family = familyOf(request);
      const schedule = scheduleOf(request);
      checkRetrySchedule(schedule);
      const around = { reserve: (pending: Pending) => reserve(family, pending), aborts, clock, random, later };
      return runExchange(request, schedule, around);
    },
    async close() {
      closed = true;
      const reason = new AppError('unavailable', 'the RADIUS client was closed');
      const open = [...lines];
      lines.clear();
      await Promise.all(open.map((line) => line.close(reason)));
    },
  };
}

interface Place {
  readonly line: ClientLine;
  readonly identifier: number;
}

interface Surroundings {
  readonly reserve: (pending: Pending) => Place;
  readonly aborts: AbortGroup;
  readonly clock: Clock;
  readonly random: () => number;
  readonly later: (action: () => void, delayMs: number) => () => void;
}

function runExchange(
  request: ExchangeRequest,
  schedule: RetrySchedule,
  around: Surroundings,
): Promise<ExchangeOutcome> {
  const { clock, random, later } = around;
  return new Promise<ExchangeOutcome>((resolve, reject) => {
    const startedMs = clock.monotonicMs();
    let cancelWait = (): void => undefined;
    let waitMs: number | undefined;
    let transmissions = 0;
    let settled = false;
    let badReply: ReplyFailure | undefined;

    const pending: Pending = { host: request.host, port: request.port, onReply, onClose: fail };
    const { line, identifier } = around.reserve(pending);
    const sent = encodeOrRelease();
    const leave = around.aborts.join(request.signal, () => fail(request.signal.reason));
    line.ready.then(transmit, fail);

    function encodeOrRelease(): { datagram: Buffer; authenticator: Buffer } {
      try {
        return encodeRequest({ ...request, identifier, messageAuthenticator: request.messageAuthenticator ?? true });
      } catch (error) {
        line.release(identifier, pending);
        throw error;
      }
    }

    function transmit(): void {
      if (settled) return;
      if (transmissions >= schedule.tries) {
        return finish(badReply === undefined ? { kind: 'timeout' } : { kind: 'bad-reply', reason: badReply });
      }
      transmissions += 1;
      line.send(sent.datagram, pending);
      waitMs = nextWaitMs(schedule, waitMs, random());
      cancelWait = later(transmit, waitMs);
      tell(transmissions);
    }

    function tell(count: number): void {
      try {
        request.onTransmission?.(count);
      } catch {
        return;
      }
    }

    // A reply that cannot be trusted is passed over, as anybody may send one: the genuine one may still come.
    function onReply(reply: Buffer): void {
      const { code, secret } = request;
      const result = verifyReply(reply, { code, identifier, authenticator: sent.authenticator }, secret, request);
      if (!result.ok) badReply = result.reason;
      else finish({ kind: 'reply', packet: result.packet, rttMs: clock.monotonicMs() - startedMs, transmissions });
    }

    function finish(outcome: ExchangeOutcome): void {
      release();
      resolve(outcome);
    }

    function fail(error: unknown): void {
      release();
      reject(error);
    }

    function release(): void {
      settled = true;
      cancelWait();
      leave();
      line.release(identifier, pending);
    }
  });
}

/** Equal waits are a schedule that does not grow. */
function scheduleOf({ retry, timeoutMs, tries }: ExchangeTiming): RetrySchedule {
  return retry ?? { firstMs: timeoutMs, factor: 1, maxMs: timeoutMs, tries, jitter: EQUAL_WAIT_JITTER };
}

function afterTimeout(action: () => void, delayMs: number): () => void {
  const timer = setTimeout(action, delayMs);
  return () => clearTimeout(timer);
}

function familyOf({ host, port }: RadiusExchange): IpFamily {
  const family = isIP(host);
  if (family !== 4 && family !== 6) throw new RangeError(`${host} is no IP address`);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new RangeError(`${port} is no UDP port`);
  return family;
}
