import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

export type Protocol = 'tcp' | 'udp';

export interface Endpoint {
  readonly protocol: Protocol;
  readonly host: string;
  readonly port: number;
}

type Taken = 'taken' | undefined;

function bindTcp(host: string, port: number): Promise<number | Taken> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve('taken'));
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}

function bindUdp(host: string, port: number): Promise<number | Taken> {
  return new Promise((resolve) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    socket.once('error', () => {
      socket.close();
      resolve('taken');
    });
    socket.bind({ address: host, port, exclusive: true }, () => {
      const bound = socket.address().port;
      socket.close(() => resolve(bound));
    });
  });
}

/** Whether this address can be listened on now. */
export async function isPortFree({ protocol, host, port }: Endpoint): Promise<boolean> {
  const bound = await (protocol === 'tcp' ? bindTcp(host, port) : bindUdp(host, port));
  return typeof bound === 'number';
}

/** A port of 127.0.0.1 that nobody listens on, chosen by the kernel. */
export async function anyFreePort(): Promise<number> {
  const port = await bindTcp('127.0.0.1', 0);
  if (typeof port !== 'number') throw new Error('the kernel gave no free port');
  return port;
}

/** The first free port from `endpoint.port` upwards that is not in `avoid`; looks at 200 of them. */
export async function nextFreePort(endpoint: Endpoint, avoid: ReadonlySet<number>): Promise<number> {
  for (let port = endpoint.port; port < Math.min(endpoint.port + 200, 65_536); port += 1) {
    if (!avoid.has(port) && (await isPortFree({ ...endpoint, port }))) return port;
  }
  throw new Error(`no free ${endpoint.protocol} port from ${endpoint.port} upwards`);
}
