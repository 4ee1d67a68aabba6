import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { messageOf } from '@turnpike/core/app-error.js';
import type { Registry } from 'prom-client';
import type { SimulatedRouter } from '../fleet.js';
import { type ControlAnswer, ControlError, handleControl } from './control-routes.js';
import { fleetMetrics } from './fleet-metrics.js';

const MAX_BODY_BYTES = 64 * 1024;
const HOST = '127.0.0.1';

export interface ControlServer {
  readonly url: string;
  stop(): Promise<void>;
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  const incoming: AsyncIterable<Buffer> = request;
  for await (const bytes of incoming) {
    size += bytes.length;
    if (size > MAX_BODY_BYTES) throw new ControlError(413, 'the body is too large');
    chunks.push(bytes);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new ControlError(400, 'the body is not JSON');
  }
}

async function answer(routers: readonly SimulatedRouter[], request: IncomingMessage): Promise<ControlAnswer> {
  try {
    const { pathname } = new URL(request.url ?? '/', `http://${HOST}`);
    const segments = pathname
      .split('/')
      .filter((part) => part !== '')
      .map(decodeURIComponent);
    return await handleControl(routers, request.method ?? 'GET', segments, await readBody(request));
  } catch (error) {
    if (error instanceof ControlError) return { status: error.status, body: { error: error.message } };
    return { status: 400, body: { error: messageOf(error) } };
  }
}

function send(response: ServerResponse, { status, body }: ControlAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

async function sendMetrics(response: ServerResponse, metrics: Registry): Promise<void> {
  response.writeHead(200, { 'content-type': metrics.contentType });
  response.end(await metrics.metrics());
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE' ? `port ${port} on ${HOST} is taken by another program` : error.message;
      reject(new Error(`cannot start the control endpoint: ${taken}`, { cause: error }));
    });
    server.listen(port, HOST, () => {
      const address = server.address();
      resolve(address !== null && typeof address === 'object' ? address.port : port);
    });
  });
}

/** JSON over HTTP on the loopback address, to steer phones and faults of a running fleet. */
export async function startControlServer(routers: readonly SimulatedRouter[], port: number): Promise<ControlServer> {
  const metrics = fleetMetrics(routers);
  const server = createServer((request, response) => {
    if (request.url === '/metrics') return void sendMetrics(response, metrics);
    // It listens only once every router does.
    if (request.url === '/healthz' || request.url === '/readyz')
      return void send(response, { status: 200, body: { ok: true } });
    return void answer(routers, request).then((result) => send(response, result));
  });
  const bound = await listen(server, port);
  return {
    url: `http://${HOST}:${bound}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
