import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Random } from './seeded-random.js';

/** What happens to datagrams, each direction for itself; shares are 0 to 1. */
export interface UdpFaults {
  readonly loss: number;
  /** Share that arrives twice. */
  readonly duplicate: number;
  /** Every datagram is late by a random time up to this, ms; those sent after it may overtake it. */
  readonly maxDelayMs: number;
}

export interface UdpProxyOptions {
  readonly target: { readonly host: string; readonly port: number };
  /** Source address towards the target: what the target takes the sender for. */
  readonly bindAddress: string;
  readonly toTarget: UdpFaults;
  readonly fromTarget: UdpFaults;
  readonly random: Random;
}

export interface UdpProxyCounts {
  readonly lost: number;
  readonly duplicated: number;
  readonly passed: number;
}

export interface UdpProxy {
  /** On 127.0.0.1. */
  readonly port: number;
  readonly counts: { readonly toTarget: UdpProxyCounts; readonly fromTarget: UdpProxyCounts };
  close(): Promise<void>;
}

const BUFFER_BYTES = 4 * 1024 * 1024;

/** A network between a NAS and a service that loses, doubles, delays and reorders, the same for the same seed. */
export async function startUdpProxy(options: UdpProxyOptions): Promise<UdpProxy> {
  const front = await open('127.0.0.1');
  const toTarget = createFaultyPath(options.toTarget, options.random);
  const fromTarget = createFaultyPath(options.fromTarget, options.random);
  const backs = new Map<string, Promise<Socket>>();

  // One socket towards the target for each socket of the sender, or identifiers of different sockets would meet.
  async function backOf(client: RemoteInfo): Promise<Socket> {
    const back = await open(options.bindAddress);
    back.connect(options.target.port, options.target.host);
    await once(back, 'connect');
    back.on('message', (reply) => fromTarget.carry(() => front.send(reply, client.port, client.address)));
    return back;
  }

  front.on('message', (request, client) => {
    const key = `${client.address}:${client.port}`;
    const back = backs.get(key) ?? backOf(client);
    backs.set(key, back);
    back.then(
      (socket) => toTarget.carry(() => socket.send(request)),
      () => undefined,
    );
  });

  return {
    port: front.address().port,
    counts: { toTarget: toTarget.counts, fromTarget: fromTarget.counts },
    async close() {
      toTarget.close();
      fromTarget.close();
      for (const socket of [front, ...(await Promise.all(backs.values()))]) socket.close();
    },
  };
}

async function open(address: string): Promise<Socket> {
  const socket = createSocket('udp4');
  // Nobody listening is one more way to lose a datagram.
  socket.on('error', () => undefined);
  socket.bind({ address, port: 0, exclusive: true });
  await once(socket, 'listening');
  socket.setRecvBufferSize(BUFFER_BYTES);
  socket.setSendBufferSize(BUFFER_BYTES);
  return socket;
}

function createFaultyPath(faults: UdpFaults, random: Random) {
  const counts = { lost: 0, duplicated: 0, passed: 0 };
  const pending = new Set<NodeJS.Timeout>();
  let closed = false;

  function later(send: () => void): void {
    if (faults.maxDelayMs === 0) {
      send();
      return;
    }
    const timer = setTimeout(() => {
      pending.delete(timer);
      if (!closed) send();
    }, random() * faults.maxDelayMs);
    pending.add(timer);
  }

  return {
    counts,
    carry(send: () => void): void {
      if (closed) return;
      if (random() < faults.loss) {
        counts.lost += 1;
        return;
      }
      counts.passed += 1;
      later(send);
      if (random() >= faults.duplicate) return;
      counts.duplicated += 1;
      later(send);
    },
    close(): void {
      closed = true;
      for (const timer of pending) clearTimeout(timer);
    },
  };
}
