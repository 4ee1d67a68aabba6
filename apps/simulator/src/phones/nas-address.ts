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

const HOSTS = 254;

let handedOut = 0;

/** Addresses 127.0.1.1 .. 127.0.254.254: the same ones for the same seed, unless another fleet has them. */
function candidate(seed: number, ordinal: number, attempt: number): string {
  const number = (seed + ordinal + attempt * 977) % (HOSTS * HOSTS);
  return `127.0.${1 + Math.floor(number / HOSTS)}.${1 + (number % HOSTS)}`;
}

/** Takes the wanted loopback address, or any free one, by binding UDP 3799 on it. */
export async function reserveNasAddress(wanted: string | undefined, seed: number): Promise<ReservedAddress> {
  if (wanted !== undefined) {
    try {
      return { address: wanted, socket: await bindUdp(wanted, COA_PORT) };
    } catch (error) {
      throw new Error(`cannot serve CoA on ${wanted}:${COA_PORT}: the address is taken or not of this machine`, {
        cause: error,
      });
    }
  }
  handedOut += 1;
  const ordinal = handedOut;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const address = candidate(seed, ordinal, attempt);
    try {
      return { address, socket: await bindUdp(address, COA_PORT) };
    } catch {
      continue;
    }
  }
  throw new Error(`no free loopback address with UDP ${COA_PORT} was found`);
}
