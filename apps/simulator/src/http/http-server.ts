import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';

const MAX_BODY_BYTES = 64 * 1024;
const HOST = '127.0.0.1';

export interface HttpQuestion {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The body as it came. */
  readonly text: string;
}

export interface HttpAnswer {
  readonly status: number;
  /** Sent as JSON, or as it is where `contentType` says what it is. */
  readonly body: unknown;
  readonly contentType?: string;
}

/** `hang up` ends the connection without an answer. It must not throw. */
export type Answer = (question: HttpQuestion) => Promise<HttpAnswer | 'hang up'>;

export interface HttpServer {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** The body as text; undefined when it is larger than 64 KiB. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  const incoming: AsyncIterable<Buffer> = request;
  for await (const bytes of incoming) {
    size += bytes.length;
    if (size <= MAX_BODY_BYTES) chunks.push(bytes);
  }
  return size > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks).toString('utf8');
}

async function serve(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
  const text = await readBody(request);
  const { pathname, searchParams } = new URL(request.url ?? '/', `http://${HOST}`);
  const { headers, method = 'GET' } = request;
  const result =
    text === undefined
      ? { status: 413, body: { error: 'the body is too large' } }
      : await answer({ method, path: pathname, query: searchParams, headers, text });
  if (result === 'hang up') {
    request.socket.destroy();
    return;
  }
  const { status, body, contentType } = result;
  response.writeHead(status, { 'content-type': contentType ?? 'application/json' });
  response.end(contentType === undefined ? JSON.stringify(body) : String(body));
}

function listen(server: Server, name: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE' ? `port ${port} on ${HOST} is taken by another program` : error.message;
      reject(new Error(`cannot start ${name}: ${taken}`, { cause: error }));
    });
    server.listen(port, HOST, () => {
      const address = server.address();
      resolve(address !== null && typeof address === 'object' ? address.port : port);
    });
  });
}

/** Serves on the loopback address; port 0 takes a free one. Rejects with a plain sentence when the port is taken. */
export async function startHttpServer(name: string, port: number, answer: Answer): Promise<HttpServer> {
  const server = createServer((request, response) => {
    // Whoever asked has gone, or what it sent is no HTTP: there is nobody to tell.
    serve(request, response, answer).catch(() => request.socket.destroy());
  });
  const bound = await listen(server, name, port);
  return {
    url: `http://${HOST}:${bound}`,
    port: bound,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
