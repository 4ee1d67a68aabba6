import { createServer, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import { Server as NetServer } from 'node:net';
import { finishes } from '@turnpike/core/finishes.js';

export interface HttpServerOptions {
  readonly host: string;
  readonly port: number;
  /** Longest a caller may take to send the headers, and the whole request. Answers may take as long as they like. */
  readonly headersTimeoutMs?: number;
  readonly requestTimeoutMs?: number;
  /** How often those two are looked at. */
  readonly checkEveryMs?: number;
  /** How long a stopping server still answers, telling each caller to connect anew (elsewhere). */
  readonly lameMs?: number;
  /** How long it waits, after that, for the requests of connections that were taken last; default half of `lameMs`. */
  readonly settleMs?: number;
  /** Longest wait for running requests and streams after that. */
  readonly drainMs?: number;
}

export interface HttpServer {
  readonly port: number;
  /**
   * Stops taking connections, lets running requests finish and cuts what is left after `lameMs` + `settleMs` + `drainMs`.
   * `endStreams` is called when streams have to end.
   */
  stop(endStreams: () => void): Promise<void>;
}

/** Longer than the 60 s after which reverse proxies drop an idle connection, so that they never use one we just closed. */
const KEEP_ALIVE_MS = 65_000;

/** Rejects when the port is taken (`EADDRINUSE`). */
export async function startHttpServer(handle: RequestListener, options: HttpServerOptions): Promise<HttpServer> {
  const { lameMs = 1_000, settleMs = lameMs / 2, drainMs = 4_000 } = options;
  let stopping = false;
  const server = createServer(
    {
      headersTimeout: options.headersTimeoutMs ?? 10_000,
      requestTimeout: options.requestTimeoutMs ?? 30_000,
      connectionsCheckingInterval: options.checkEveryMs ?? 2_000,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: 16_384,
    },
    (request, response) => {
      if (stopping) response.setHeader('Connection', 'close');
      handle(request, response);
    },
  );
  server.maxHeadersCount = 100;
  server.listen({ host: options.host, port: options.port });
  await once(server, 'listening');
  return {
    port: portOf(server),
    stop: async (endStreams) => {
      stopping = true;
      await delay(lameMs);
      endStreams();
      await close(server, settleMs, drainMs);
    },
  };
}

async function close(server: Server, settleMs: number, drainMs: number): Promise<void> {
  const closed = once(server, 'close');
  // Node's own close cuts every connection without a request, also those that were taken a moment ago and whose first request is on
  // its way: at first nothing but the listening ends.
  NetServer.prototype.close.call(server);
  await finishes(closed, settleMs);
  server.close();
  // Connections that were busy when the server closed become idle one by one.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const cut = setTimeout(() => server.closeAllConnections(), drainMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}
