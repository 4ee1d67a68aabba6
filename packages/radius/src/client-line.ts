import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';

export type IpFamily = 4 | 6;

/** A request in flight. */
export interface Pending {
  readonly host: string;
  readonly port: number;
  /** A datagram came from where the request went, with its identifier. */
  onReply(reply: Buffer): void;
  onClose(reason: unknown): void;
}

/** One UDP socket and the requests in flight on it: at most 256, told apart by identifier (RFC 2865 3). */
export interface ClientLine {
  readonly family: IpFamily;
  /** Rejects when the local address cannot be bound. */
  readonly ready: Promise<unknown>;
  /** An identifier for `pending`, the one unused for longest; undefined while all are in flight. */
  take(pending: Pending): number | undefined;
  release(identifier: number, pending: Pending): void;
  /** Sends if it can: a datagram that cannot be sent is a lost one, and the sender's timer deals with those. */
  send(datagram: Buffer, pending: Pending): void;
  close(reason: unknown): Promise<void>;
}

const IDENTIFIERS = 256;
const BUFFER_BYTES = 4 * 1024 * 1024;

export function openClientLine(family: IpFamily, localAddress: string | undefined): ClientLine {
  const slots = new Array<Pending | undefined>(IDENTIFIERS).fill(undefined);
  let inFlight = 0;
  let nextIdentifier = 0;
  const socket = createSocket({
    type: family === 4 ? 'udp4' : 'udp6',
    recvBufferSize: BUFFER_BYTES,
    sendBufferSize: BUFFER_BYTES,
  });
  const ready = once(socket, 'listening');
  socket.on('error', () => undefined);
  socket.on('message', dispatch);
  socket.bind({ port: 0, address: localAddress, exclusive: true });

  function dispatch(reply: Buffer, remote: RemoteInfo): void {
    const pending = slots[reply[1] ?? 0];
    if (pending?.port === remote.port && pending.host === remote.address) pending.onReply(reply);
  }

  return {
    family,
    ready,
    take(pending) {
      if (inFlight === IDENTIFIERS) return undefined;
      while (slots[nextIdentifier] !== undefined) nextIdentifier = (nextIdentifier + 1) % IDENTIFIERS;
      const identifier = nextIdentifier;
      slots[identifier] = pending;
      inFlight += 1;
      nextIdentifier = (identifier + 1) % IDENTIFIERS;
      return identifier;
    },
    release(identifier, pending) {
      if (slots[identifier] !== pending) return;
      slots[identifier] = undefined;
      inFlight -= 1;
    },
    send(datagram, pending) {
      socket.send(datagram, pending.port, pending.host, () => undefined);
    },
    async close(reason) {
      for (const pending of slots) pending?.onClose(reason);
      await ready.catch(() => undefined);
      await new Promise<void>((resolve) => socket.close(resolve));
    },
  };
}
