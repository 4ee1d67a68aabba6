import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import type { Clock } from '@turnpike/core/clock.js';
import { CODE, type Attribute } from './attributes.js';
import { verifyRequest } from './authenticators.js';
import { createDelayLine } from './delay-line.js';
import {
  createDuplicateCache,
  type DuplicateCacheOptions,
  type RequestSource,
  type Ticket,
} from './duplicate-cache.js';
import { encodeReply } from './encode.js';
import { parsePacket, type RadiusPacket } from './packet.js';
import type { NasProfile } from './nas-profile.js';
import { guarded, type DropReason, type RadiusObserver } from './radius-observer.js';
import { createDuplicateShare, duplicateKey, type SharedDuplicates } from './shared-duplicates.js';

export type { NasProfile } from './nas-profile.js';

export interface RadiusRequest {
  readonly nas: NasProfile;
  readonly packet: RadiusPacket;
  /** The secret the packet was made with: what User-Password is hidden with. */
  readonly secret: Buffer;
  /** Which of `nas.secrets` that is. */
  readonly secretIndex: number;
  /** Whether it holds a valid Message-Authenticator. */
  readonly signed: boolean;
  /** False for an Access-Request without Message-Authenticator: garbled passwords may then mean a wrong secret. */
  readonly secretProven: boolean;
  readonly source: RequestSource;
  readonly receivedAt: Date;
}

export interface RadiusAnswer {
  readonly code: number;
  readonly attributes: readonly Attribute[];
  /** Wait before sending; by default `rejectDelayMs` for an Access-Reject, else none. */
  readonly delayMs?: number;
}

/** Instead of an answer: the password is noise and nothing signs the request, so the NAS's secret is to blame. */
export const DROP_SECRET_SUSPECT = 'secret-suspect';

export interface RadiusServerOptions {
  /** `auth` takes Access-Request, `acct` Accounting-Request; both take Status-Server. */
  readonly role: 'auth' | 'acct';
  /** Address to bind. */
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Kernel receive buffer, at least 4 MiB (the default): it must hold what arrives while the event loop is busy. */
  readonly recvBufferBytes?: number;
  readonly lookupNas: (sourceAddress: string) => NasProfile | undefined;
  /**
   * Decides one request. Undefined, or an error, sends no reply and lets a retransmission be handled afresh: an
   * internal error never becomes an Access-Reject. It must settle within a deadline of its own.
   */
  readonly handle: (request: RadiusRequest) => Promise<RadiusAnswer | typeof DROP_SECRET_SUSPECT | undefined>;
  readonly observe: RadiusObserver;
  readonly clock: Clock;
  /** Slows down password guessing (RFC 2865 has none; usual practice). Default 1,000 ms. */
  readonly rejectDelayMs?: number;
  /** Whether Status-Server is answered (RFC 5997): false while this port cannot do its work. Default always. */
  readonly isHealthy?: () => boolean;
  /** Requests in `handle` at once; more are dropped, and the NAS asks again. Default 10,000. */
  readonly maxInFlight?: number;
  readonly duplicates?: DuplicateCacheOptions;
  /** Retransmissions that may reach other processes; asked about what this one has not seen itself. */
  readonly sharedDuplicates?: SharedDuplicates;
}

export interface RadiusServer {
  /** Binds the socket. `recvBufferBytes` is what the kernel granted (Linux doubles what it is asked for). */
  start(): Promise<{ port: number; recvBufferBytes: number }>;
  /** Sends waiting replies at once, lets requests in work finish within `drainMs`, then closes the socket. */
  stop(options: { drainMs: number }): Promise<void>;
}

const MIN_BUFFER_BYTES = 4 * 1024 * 1024;
const NO_ATTRIBUTES: readonly Attribute[] = [];

/** A request on its way to a reply. */
interface Job {
  readonly request: RadiusRequest;
  readonly replyTo: RequestSource;
  readonly arrivedMs: number;
  readonly ticket: Ticket;
  /** Its name among the processes; undefined where there is only this one. */
  readonly sharedKey: string | undefined;
}

/** A RADIUS port: datagram -> NAS -> walk -> authenticators -> duplicate cache -> `handle` -> reply. Never throws. */
export function createRadiusServer(options: RadiusServerOptions): RadiusServer {
  const { clock, handle, lookupNas, rejectDelayMs = 1_000, maxInFlight = 10_000 } = options;
  const observe = guarded(options.observe);
  const roleCode = options.role === 'auth' ? CODE.ACCESS_REQUEST : CODE.ACCOUNTING_REQUEST;
  const statusReply = options.role === 'auth' ? CODE.ACCESS_ACCEPT : CODE.ACCOUNTING_RESPONSE;
  const bufferBytes = Math.max(MIN_BUFFER_BYTES, options.recvBufferBytes ?? 0);
  const socket = openSocket(options.host, bufferBytes);
  const duplicates = createDuplicateCache(options.duplicates);
  const share = options.sharedDuplicates && createDuplicateShare(options.sharedDuplicates, finishDraining);
  const delayed = createDelayLine();
  let inFlight = 0;
  // Closing the socket would lose what was handed to it but not sent.
  let sending = 0;
  let draining: (() => void) | undefined;
  let stopped: Promise<void> | undefined;

  socket.on('error', (error) => observe.socketError(error));
  socket.on('message', (datagram, remote) => {
    try {
      receive(datagram, remote);
    } catch (error) {
      observe.handlerError(error);
    }
  });

  function receive(datagram: Buffer, remote: RemoteInfo): void {
    const arrivedMs = clock.monotonicMs();
    observe.received();
    const address = plainAddress(remote);
    const nas = lookupNas(address);
    if (nas === undefined) return observe.dropped('unknown-nas', address, undefined);
    const drop = (reason: DropReason): void => observe.dropped(reason, address, nas.id);
    if (nas.bucket?.take(arrivedMs) === false) return drop('throttled');

    const parsed = parsePacket(datagram);
    if (!parsed.ok) return drop(parsed.reason);
    const { packet } = parsed;
    if (packet.code !== roleCode && packet.code !== CODE.STATUS_SERVER) return drop('wrong-code');
    const verified = verifyRequest(packet, nas.secrets, nas);
    if (!verified.ok) return drop(verified.reason);
    const { secret, secretIndex, signed } = verified;
    observe.verified(nas, { secretIndex, signed, code: packet.code });

    if (packet.code === CODE.STATUS_SERVER) {
      if (options.isHealthy?.() === false) return drop('status-withheld');
      return send(encodeReply(packet, statusReply, NO_ATTRIBUTES, secret), remote, statusReply, arrivedMs);
    }
    const sighting = duplicates.see(remote, packet, arrivedMs);
    if (sighting.kind !== 'new') {
      observe.duplicate(sighting.kind);
      if (sighting.kind === 'answered') transmit(sighting.reply, remote);
      return;
    }
    if (inFlight >= maxInFlight) {
      sighting.ticket.unanswered();
      return drop('overloaded');
    }
    const request: RadiusRequest = {
      nas,
      packet,
      secret,
      secretIndex,
      signed,
      secretProven: verified.proven,
      source: { address, port: remote.port },
      receivedAt: clock.now(),
    };
    const sharedKey = share && duplicateKey(request.source, packet);
    void work({ request, replyTo: remote, arrivedMs, ticket: sighting.ticket, sharedKey });
  }

  async function work(job: Job): Promise<void> {
    inFlight += 1;
    try {
      if (job.sharedKey === undefined || (await isOurs(job, job.sharedKey))) reply(job, await handle(job.request));
    } catch (error) {
      forget(job);
      observe.handlerError(error);
    } finally {
      inFlight -= 1;
      finishDraining();
    }
  }

  /** False when another process has the request: its reply goes out once more, or nothing while it works on it. */
  async function isOurs(job: Job, key: string): Promise<boolean> {
    const claim = share === undefined ? undefined : await share.claim(key);
    if (claim === undefined || claim.kind === 'mine') return true;
    observe.duplicate(claim.kind);
    if (claim.kind === 'answered') {
      job.ticket.answered(claim.reply);
      transmit(claim.reply, job.replyTo);
    } else {
      job.ticket.unanswered();
    }
    return false;
  }

  function remember(job: Job, datagram: Buffer): void {
    job.ticket.answered(datagram);
    if (job.sharedKey !== undefined) share?.settle(job.sharedKey, datagram);
  }

  function forget(job: Job): void {
    job.ticket.unanswered();
    if (job.sharedKey !== undefined) share?.settle(job.sharedKey, undefined);
  }

  function reply(job: Job, answer: RadiusAnswer | typeof DROP_SECRET_SUSPECT | undefined): void {
    if (answer === undefined || answer === DROP_SECRET_SUSPECT) {
      forget(job);
      return observe.dropped(answer ?? 'no-answer', job.request.source.address, job.request.nas.id);
    }
    const { packet, secret } = job.request;
    const datagram = encodeReply(packet, answer.code, answer.attributes, secret);
    const deliver = (): void => {
      remember(job, datagram);
      send(datagram, job.replyTo, answer.code, job.arrivedMs);
    };
    const delayMs = answer.delayMs ?? (answer.code === CODE.ACCESS_REJECT ? rejectDelayMs : 0);
    if (delayMs > 0 && draining === undefined) delayed.add(deliver, delayMs);
    else deliver();
  }

  function send(datagram: Buffer, to: RequestSource, code: number, arrivedMs: number): void {
    transmit(datagram, to);
    observe.replied(code, (clock.monotonicMs() - arrivedMs) / 1000);
  }

  function transmit(datagram: Buffer, to: RequestSource): void {
    try {
      socket.send(datagram, to.port, to.address, onSent);
      sending += 1;
    } catch (error) {
      // A forged source port of 0 and a socket closed meanwhile are thrown, not called back.
      observe.socketError(error);
    }
  }

  function onSent(error: Error | null): void {
    sending -= 1;
    if (error !== null) observe.socketError(error);
    finishDraining();
  }

  function finishDraining(): void {
    if (inFlight === 0 && sending === 0 && (share?.settling ?? 0) === 0) draining?.();
  }

  async function drain(drainMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, drainMs);
      draining = () => {
        clearTimeout(timer);
        resolve();
      };
      delayed.flush();
      finishDraining();
    });
    await new Promise<void>((resolve) => socket.close(resolve));
  }

  return {
    async start() {
      socket.bind(options.port, options.host);
      await once(socket, 'listening');
      return { port: socket.address().port, recvBufferBytes: socket.getRecvBufferSize() };
    },
    // Under PM2's cluster mode the socket is shared, so requests that still arrive here are served, not thrown away.
    stop({ drainMs }) {
      stopped ??= drain(drainMs);
      return stopped;
    },
  };
}

function openSocket(host: string, bufferBytes: number): Socket {
  return createSocket({
    type: isIPv6(host) ? 'udp6' : 'udp4',
    recvBufferSize: bufferBytes,
    sendBufferSize: bufferBytes,
  });
}

/** The peer's address; an IPv4 peer of an IPv6 socket without the mapping prefix. */
function plainAddress(remote: RemoteInfo): string {
  return remote.family === 'IPv6' && remote.address.startsWith('::ffff:') ? remote.address.slice(7) : remote.address;
}
