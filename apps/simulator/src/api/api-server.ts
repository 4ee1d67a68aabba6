import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { atLeast } from '../schema/version.js';
import { addressAllowed, ApiConnection, type ApiRouter, type ApiService } from './api-connection.js';
import type { SelfSigned } from './self-signed.js';

export interface ApiServer {
  readonly port: number;
  /** Cuts all open connections, as a reboot does. */
  dropAll(how: 'fin' | 'rst' | 'fatal'): void;
  /** While refused, connections are accepted and closed: the router is booting. */
  refuse(refused: boolean): void;
  stop(): Promise<void>;
}

interface OpenConnections {
  readonly sockets: Set<Socket>;
  readonly connections: Set<ApiConnection>;
  refused: boolean;
}

function turnedAway(router: ApiRouter, service: ApiService, socket: Socket, open: number): boolean {
  const { state, faults } = router;
  const row = state.table('/ip/service').rows.find((one) => one.props['name'] === service && !one.dynamic);
  const from = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  const limit = atLeast(state.version, '7.16') ? Number(row?.props['max-sessions'] ?? '20') : Infinity;
  return (
    faults.settings.acceptThenClose ||
    row?.props['disabled'] === 'true' ||
    !addressAllowed(row?.props['address'], from) ||
    open > limit
  );
}

function onConnection(router: ApiRouter, service: ApiService, open: OpenConnections, socket: Socket): void {
  socket.setNoDelay(true);
  open.sockets.add(socket);
  socket.on('close', () => open.sockets.delete(socket));
  socket.on('error', () => socket.destroy());
  if (open.refused || turnedAway(router, service, socket, open.sockets.size)) {
    socket.destroy();
    return;
  }
  if (router.faults.settings.silentAccept) {
    socket.resume();
    return;
  }
  const connection = new ApiConnection(socket, router, service);
  open.connections.add(connection);
  socket.on('close', () => open.connections.delete(connection));
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE' ? `port ${port} on ${host} is taken by another program` : error.message;
      reject(new Error(`cannot listen for the RouterOS API: ${taken}`, { cause: error }));
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(address !== null && typeof address === 'object' ? address.port : port);
    });
  });
}

/** Listens for API clients, with TLS when a certificate is given. Rejects when the port is taken. */
export async function startApiServer(
  router: ApiRouter,
  options: { host: string; port: number; tls?: SelfSigned | undefined },
): Promise<ApiServer> {
  const open: OpenConnections = { sockets: new Set(), connections: new Set(), refused: false };
  const service: ApiService = options.tls === undefined ? 'api' : 'api-ssl';
  const accept = (socket: Socket): void => onConnection(router, service, open, socket);
  const server =
    options.tls === undefined
      ? createServer(accept)
      : createTlsServer({ key: options.tls.key, cert: options.tls.certificate }, accept);
  server.on('tlsClientError', (_error: Error, socket: Socket) => socket.destroy());
  const port = await listen(server, options.host, options.port);
  return {
    port,
    dropAll: (how) => {
      for (const connection of open.connections) connection.cut(how, 'router is rebooting');
    },
    refuse: (refused) => {
      open.refused = refused;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open.sockets) socket.destroy();
      }),
  };
}
