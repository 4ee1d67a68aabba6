import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { append, createDraft } from './generate.js';
import type { Random } from './random.js';
import { sign } from './signatures.js';

/** What a server did with a packet: the code of its reply, or nothing. */
export type Verdict = number | 'silent';

export interface VerdictAsker {
  /** Sends the packet and waits until it is certain that a reply comes or that none does. Rejects when the server is gone. */
  ask(host: string, port: number, packet: Buffer): Promise<Verdict>;
  close(): Promise<void>;
}

/** Waits for a server that answers at once; longer means that a datagram was lost. */
const PATIENCE_MS = 1_000;
const MOST_TRIES = 8;
const ZERO = Buffer.alloc(16);

/**
 * Learns whether a server answers a packet without waiting for silence: behind each packet goes a Status-Server
 * (RFC 5997), which both servers answer and which overtakes nothing. Its reply without one before it means silence; that
 * is asked twice. One packet at a time.
 */
export async function openVerdictAsker(sourceAddress: string, secret: Buffer, random: Random): Promise<VerdictAsker> {
  const socket = createSocket('udp4');
  socket.bind(0, sourceAddress);
  await once(socket, 'listening');

  async function ask(host: string, port: number, packet: Buffer): Promise<Verdict> {
    const first = await round(host, port, packet);
    return first === 'silent' ? round(host, port, packet) : first;
  }

  async function round(host: string, port: number, packet: Buffer): Promise<Verdict> {
    const identifier = packet[1] ?? 0;
    const barrier = statusServer(random, (identifier + 1 + random.below(250)) & 0xff, secret);
    let verdict: Verdict = 'silent';
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const passed = await until(
        socket,
        PATIENCE_MS,
        (reply, from) => {
          if (from !== port || reply.length < 20) return false;
          if (reply[1] === identifier) verdict = reply[0] ?? 0;
          return reply[1] === barrier[1];
        },
        () => {
          socket.send(packet, port, host);
          socket.send(barrier, port, host);
        },
      );
      if (passed) return verdict;
    }
    throw new Error(`the server at ${host}:${port} does not answer any more`);
  }

  return {
    ask,
    close: () => new Promise<void>((resolve) => socket.close(resolve)),
  };
}

/** Does `act` and waits until a datagram comes for which `isEnough` says so; false after `patienceMs`. */
function until(
  socket: Socket,
  patienceMs: number,
  isEnough: (datagram: Buffer, fromPort: number) => boolean,
  act: () => void,
): Promise<boolean> {
  return new Promise((resolve) => {
    const finish = (passed: boolean): void => {
      clearTimeout(timer);
      socket.off('message', listen);
      resolve(passed);
    };
    const listen = (datagram: Buffer, { port }: { port: number }): void => {
      if (isEnough(datagram, port)) finish(true);
    };
    const timer = setTimeout(() => finish(false), patienceMs);
    socket.on('message', listen);
    act();
  });
}

function statusServer(random: Random, identifier: number, secret: Buffer): Buffer {
  const draft = createDraft();
  draft.length = 20;
  draft.bytes[0] = 12;
  draft.bytes[1] = identifier;
  random.fill(draft.bytes, 4, 20);
  append(draft, 80, ZERO);
  draft.bytes.writeUInt16BE(draft.length, 2);
  const packet = Buffer.from(draft.bytes.subarray(0, draft.length));
  sign(packet, secret);
  return packet;
}
