import { createSocket, type Socket } from 'node:dgram';

export const COA_PORT = 3799;
const TRIES = 200;

export interface ReservedAddress {
  readonly address: string;
  /** Bound to the address and UDP 3799: holding it keeps other fleets off the address. */
  readonly socket: Socket;
}

/** Binds a UDP socket or rejects with the system's error. */
export function bindUdp(address: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    const fail = (error: Error): void => {
      socket.close();
      reject(error);
    };
    socket.once('error', fail);
    socket.bind({ address, port, exclusive: true }, () => {
      socket.off('error', fail);
      // An unreachable port of an earlier answer comes back as an error of the socket; nothing to be done about it.
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}

let lastOffset = 0;

/** Addresses 127.64.0.1 .. 127.127.255.254, each process from a place of its own. */
function candidate(attempt: number): string {
  lastOffset += 1;
  const number = (process.pid * 131 + lastOffset + attempt * 977) % (64 * 256 * 254);
  const host = 1 + (number % 254);
  const rest = Math.floor(number / 254);
  return `127.${64 + (Math.floor(rest / 256) % 64)}.${rest % 256}.${host}`;
}

/** Takes the wanted loopback address, or any free one, by binding UDP 3799 on it. */
export async function reserveNasAddress(wanted: string | undefined): Promise<ReservedAddress> {
  if (wanted !== undefined) {
    try {
      return { address: wanted, socket: await bindUdp(wanted, COA_PORT) };
    } catch (error) {
      throw new Error(`cannot serve CoA on ${wanted}:${COA_PORT}: the address is taken or not of this machine`, {
        cause: error,
      });
    }
  }
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const address = candidate(attempt);
    try {
      return { address, socket: await bindUdp(address, COA_PORT) };
    } catch {
      continue;
    }
  }
  throw new Error(`no free loopback address with UDP ${COA_PORT} was found`);
}
