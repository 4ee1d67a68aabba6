import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** A bare UDP socket for tests that send odd bytes and want to see every datagram that comes back. */
export interface UdpProbe {
  readonly port: number;
  send(datagram: Buffer, port: number, host?: string): Promise<void>;
  /** The next datagram, in order of arrival; rejects after `timeoutMs` (default 5 s). */
  next(timeoutMs?: number): Promise<Buffer>;
  /** Datagrams that arrived and were not taken yet. */
  readonly waiting: number;
  close(): Promise<void>;
}

export async function openUdpProbe(localAddress = '127.0.0.1'): Promise<UdpProbe> {
  const socket = createSocket('udp4');
  const arrived: Buffer[] = [];
  const takers: ((datagram: Buffer) => void)[] = [];
  socket.on('message', (datagram) => {
    const taker = takers.shift();
    if (taker === undefined) arrived.push(datagram);
    else taker(datagram);
  });
  socket.bind(0, localAddress);
  await once(socket, 'listening');

  return {
    port: socket.address().port,
    send: (datagram, port, host = '127.0.0.1') =>
      new Promise((resolve, reject) => {
        socket.send(datagram, port, host, (error) => (error === null ? resolve() : reject(error)));
      }),
    next(timeoutMs = 5_000) {
      const first = arrived.shift();
      if (first !== undefined) return Promise.resolve(first);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          takers.splice(takers.indexOf(taker), 1);
          reject(new Error(`no datagram within ${timeoutMs} ms`));
        }, timeoutMs);
        const taker = (datagram: Buffer): void => {
          clearTimeout(timer);
          resolve(datagram);
        };
        takers.push(taker);
      });
    },
    get waiting() {
      return arrived.length;
    },
    close: () => new Promise((resolve) => socket.close(resolve)),
  };
}
