import { once } from 'node:events';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createServer as createTlsServer } from 'node:tls';
import { SentenceReader } from '@turnpike/routeros/wire.js';
import { ScriptedRequest } from './scripted-request.js';
import type { SelfSignedCertificate } from './self-signed-certificate.js';

export type ScriptedHandler = (request: ScriptedRequest) => void;

export interface ScriptedRouterOptions {
  /** By command word. `/login` accepts anybody unless it is scripted too; any other command traps. */
  readonly handlers?: Readonly<Record<string, ScriptedHandler>>;
  /** Runs at each connection; `ignore` leaves the client without any answer. */
  readonly onConnect?: (socket: Socket) => 'serve' | 'ignore';
  readonly tls?: SelfSignedCertificate;
  /** Old routers put the tag last. */
  readonly tagLast?: boolean;
  /** Keeps its own side open when the client hangs up. */
  readonly allowHalfOpen?: boolean;
}

/** A peer on 127.0.0.1 that speaks the RouterOS API exactly as its script says, also wrongly. */
export class ScriptedRouter {
  /** All sentences of all connections, in order. */
  readonly requests: ScriptedRequest[] = [];
  /** Number of `data` events: how many segments the clients' sentences came in. */
  segmentsReceived = 0;
  /** How replies are cut into segments; as a whole by default. */
  segment: (bytes: Buffer) => readonly Buffer[] = (bytes) => [bytes];
  readonly sockets = new Set<Socket>();
  readonly #options: ScriptedRouterOptions;
  readonly #server: Server;
  readonly #watchers = new Set<() => void>();

  private constructor(options: ScriptedRouterOptions) {
    this.#options = options;
    const { tls, allowHalfOpen = false } = options;
    const serve = (socket: Socket): void => this.#serve(socket);
    this.#server =
      tls === undefined
        ? createTcpServer({ allowHalfOpen }, serve)
        : createTlsServer({ allowHalfOpen, key: tls.key, cert: tls.cert }, serve);
  }

  static async start(options: ScriptedRouterOptions = {}): Promise<ScriptedRouter> {
    const router = new ScriptedRouter(options);
    router.#server.listen(0, '127.0.0.1');
    await once(router.#server, 'listening');
    return router;
  }

  get port(): number {
    const address: AddressInfo | string | null = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the router does not listen');
    return address.port;
  }

  /** Requests with this command word. */
  received(command: string): ScriptedRequest[] {
    return this.requests.filter((request) => request.command === command);
  }

  /** Resolves when so many requests with this command have come, with the last of them. */
  async waitFor(command: string, count = 1): Promise<ScriptedRequest> {
    for (;;) {
      const request = this.received(command)[count - 1];
      if (request !== undefined) return request;
      await this.#change();
    }
  }

  /** Resolves when no client is connected any more. */
  async waitForNoSockets(): Promise<void> {
    while (this.sockets.size > 0) await this.#change();
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#watchers.add(resolve));
  }

  #changed(): void {
    for (const resolve of this.#watchers) resolve();
    this.#watchers.clear();
  }

  #serve(socket: Socket): void {
    this.sockets.add(socket);
    socket.setNoDelay(true);
    // Clients that cut the connection are part of the script.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.sockets.delete(socket);
      this.#changed();
    });
    if (this.#options.onConnect?.(socket) === 'ignore') socket.resume();
    else this.#read(socket);
  }

  #read(socket: Socket): void {
    const reader = new SentenceReader();
    const send = this.#sender(socket);
    const { tagLast = false } = this.#options;
    socket.on('data', (data: Buffer) => {
      this.segmentsReceived += 1;
      for (const words of parse(reader, data, socket)) {
        this.#handle(new ScriptedRequest(words, { socket, send, tagLast }));
      }
    });
  }

  /** One event-loop turn between segments, so that they do not travel as one. */
  #sender(socket: Socket): (bytes: Buffer) => void {
    let before = Promise.resolve();
    return (bytes) => {
      const segments = this.segment(bytes);
      if (segments.length === 1) socket.write(bytes);
      else before = before.then(() => writeSegments(socket, segments));
    };
  }

  #handle(request: ScriptedRequest): void {
    this.requests.push(request);
    this.#changed();
    const handler = this.#options.handlers?.[request.command];
    if (handler !== undefined) handler(request);
    else if (request.command === '/login') request.done();
    else {
      request.trap('no such command', 0);
      request.done();
    }
  }
}

/** Hangs up, as a router does, on a client that does not speak the protocol. */
function parse(reader: SentenceReader, data: Buffer, socket: Socket): string[][] {
  try {
    return reader.push(data);
  } catch {
    socket.destroy();
    return [];
  }
}

async function writeSegments(socket: Socket, segments: readonly Buffer[]): Promise<void> {
  for (const segment of segments) {
    if (socket.destroyed) return;
    socket.write(segment);
    await nextTurn();
    await nextTurn();
  }
}
