import { type Agent, request } from 'node:http';
import type { Socket } from 'node:net';

export interface HttpQuestion {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Address of this machine that it comes from. */
  readonly localAddress?: string;
  /** Keeps connections; default: one of its own for each request. */
  readonly agent?: Agent;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  readonly tookMs: number;
}

/** What went over the connections of many requests, headers included, without those of TCP. */
export class TrafficCount {
  readonly #sockets = new Set<Socket>();

  add(socket: Socket): void {
    this.#sockets.add(socket);
  }

  get bytes(): number {
    let sum = 0;
    for (const { bytesRead, bytesWritten } of this.#sockets) sum += bytesRead + bytesWritten;
    return sum;
  }
}

/** A kept connection was closed before the answer: the server may have ended it just when the request was on its way. */
export class KeptConnectionLost extends Error {}

/** Rejects when there is no whole answer; with KeptConnectionLost where RFC 9112 section 9.3.1 lets a client ask again. */
export function askHttp(question: HttpQuestion, traffic?: TrafficCount): Promise<HttpAnswer> {
  const { url, method = 'GET', body, localAddress, agent = false, signal } = question;
  return new Promise((resolve, reject) => {
    const startedMs = performance.now();
    const content = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      ...question.headers,
      ...(content === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(content)) }),
    };
    const given = localAddress === undefined ? {} : { localAddress };
    const asked = request(url, { method, headers, agent, signal, ...given }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, text, tookMs: performance.now() - startedMs });
      });
    });
    asked.once('socket', (socket) => traffic?.add(socket));
    asked.once('error', (cause: NodeJS.ErrnoException) => {
      const lost = asked.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(cause.code ?? '');
      reject(lost ? new KeptConnectionLost(cause.message, { cause }) : cause);
    });
    asked.end(content);
  });
}
