import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A TCP relay in front of a store, with which a test takes the store away. */
export interface StoreProxy {
  /** The store's URL, by way of the proxy. */
  readonly url: string;
  /** Breaks connections and refuses new ones, as a killed server does. */
  cut(): void;
  /** Accepts, but lets nothing through, as a stopped process does. */
  hang(): void;
  restore(): void;
  close(): Promise<void>;
}

export async function openStoreProxy(storeUrl: string): Promise<StoreProxy> {
  const target = new URL(storeUrl);
  const pairs = new Set<readonly [Socket, Socket]>();
  let mode: 'open' | 'cut' | 'hung' = 'open';
  const server = createServer((client) => {
    if (mode === 'cut') {
      client.destroy();
      return;
    }
    const upstream = connect(Number(target.port), target.hostname);
    const pair = [client, upstream] as const;
    pairs.add(pair);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.on('data', (chunk) => void (mode === 'hung' ? undefined : to.write(chunk)));
      from.on('error', () => undefined);
      from.on('close', () => {
        to.destroy();
        pairs.delete(pair);
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  const url = new URL(storeUrl);
  url.hostname = '127.0.0.1';
  url.port = String(address.port);
  const breakAll = (): void => pairs.forEach((pair) => pair.forEach((socket) => socket.destroy()));

  return {
    url: url.href,
    cut() {
      mode = 'cut';
      breakAll();
    },
    hang() {
      mode = 'hung';
    },
    // What was swallowed while hung leaves the streams out of step: those connections start over.
    restore() {
      if (mode === 'hung') breakAll();
      mode = 'open';
    },
    async close() {
      breakAll();
      server.close();
      await once(server, 'close');
    },
  };
}
