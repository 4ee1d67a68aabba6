import { Connector } from 'node-routeros';
import { RosError } from './ros-error.js';
import { checkPin, pinnedTlsOptions } from './tls-pin.js';
import { encodeSentence, SentenceReader } from './wire.js';

export interface RosConnectorOptions {
  readonly host: string;
  readonly port: number;
  /** Pinned SHA-256 of the certificate; undefined: no TLS. */
  readonly fingerprint256: string | undefined;
}

export interface RosConnectorEvents {
  /** Connected, and with TLS the certificate is the pinned one. */
  readonly opened: () => void;
  readonly sentence: (words: string[]) => void;
  /** Once, whatever the cause. The socket is destroyed already. Not called after `shut`. */
  readonly lost: (error: RosError) => void;
}

const TCP_KEEPALIVE_MS = 30_000;
/** The package wants an idle timer; `connect` takes it away. */
const IDLE_TIMER_SECONDS = 0.1;
/** System calls that fail before a router has said anything. */
const DIALLING = new Set(['connect', 'getaddrinfo']);

/**
 * One connection of node-routeros with our own reading, writing and failing. Only the connector of the package is used:
 * its API, channel and stream objects lose replies, leave promises pending, throw inside socket events and send
 * commands of their own. A connector is never used twice.
 */
export class RosConnector extends Connector {
  readonly #pin: string | undefined;
  readonly #events: RosConnectorEvents;
  readonly #reader = new SentenceReader();
  #opened = false;
  #over = false;

  constructor(options: RosConnectorOptions, events: RosConnectorEvents) {
    const { host, port, fingerprint256 } = options;
    const tls = fingerprint256 === undefined ? undefined : { ...pinnedTlsOptions };
    super({ host, port, timeout: IDLE_TIMER_SECONDS, tls });
    this.#pin = fingerprint256;
    this.#events = events;
  }

  override connect(): this {
    super.connect();
    // It would end healthy sessions; dialling and commands have deadlines of their own.
    this.socket.setTimeout(0);
    this.socket.setNoDelay(true);
    this.socket.setKeepAlive(true, TCP_KEEPALIVE_MS);
    this.socket.once('close', () => this.fail(new RosError('connection-lost', 'the connection is closed')));
    return this;
  }

  get localAddress(): string {
    return this.socket.localAddress ?? '';
  }

  /** One sentence in one write. Throws RosError `connection-lost` when nothing can be sent any more. */
  override write(words: readonly string[]): this {
    if (this.#over || !this.socket.writable) throw new RosError('connection-lost', 'the connection is closed');
    this.socket.write(encodeSentence(words));
    return this;
  }

  /** Ends the connection at once and tells so; later calls do nothing. */
  fail(error: RosError): void {
    if (this.#over) return;
    this.#over = true;
    this.destroy();
    this.#events.lost(error);
  }

  /** Says goodbye and resolves when the socket is closed, after `graceMs` at the latest. */
  async shut(graceMs: number): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, graceMs);
      this.socket.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      this.socket.end();
    });
    this.destroy();
  }

  protected override onConnect(): void {
    super.onConnect();
    try {
      if (this.#pin !== undefined) checkPin(this.socket, this.#pin);
      this.#opened = true;
      this.#events.opened();
    } catch (error) {
      this.fail(toRosError(error));
    }
  }

  protected override onData(data: Buffer): void {
    if (this.#over) return;
    try {
      for (const words of this.#reader.push(data)) this.#receive(words);
    } catch (error) {
      this.fail(toRosError(error));
    }
  }

  #receive(words: string[]): void {
    if (this.#over) return;
    const [reply, ...reason] = words;
    if (reply === '!fatal') this.fail(new RosError('fatal', reason.join(' ') || 'the router gave no reason'));
    else this.#events.sentence(words);
  }

  protected override onEnd(): void {
    this.fail(new RosError('connection-lost', 'the router closed the connection'));
  }

  protected override onError(error: NodeJS.ErrnoException): void {
    const details = { code: error.code, cause: error };
    if (this.#opened) this.fail(new RosError('connection-lost', error.message, details));
    else if (isDialError(error)) this.fail(new RosError('connect', `cannot connect: ${describe(error)}`, details));
    else if (this.#pin !== undefined) this.fail(new RosError('tls', `no TLS session: ${describe(error)}`, details));
    else this.fail(new RosError('connect', `cannot connect: ${describe(error)}`, details));
  }
}

/** Several addresses that all fail come as an AggregateError without system call. */
function isDialError(error: NodeJS.ErrnoException): boolean {
  return error instanceof AggregateError || DIALLING.has(error.syscall ?? '');
}

function describe(error: NodeJS.ErrnoException): string {
  return error.message || error.code || error.name;
}

function toRosError(error: unknown): RosError {
  return error instanceof RosError ? error : new RosError('protocol', 'a reply could not be handled', { cause: error });
}
