import { ChannelTable } from './channel-table.js';
import { Keepalive } from './keepalive.js';
import { queryWords } from './query.js';
import { RosChannel, type ChannelPort, type RosAnswer } from './ros-channel.js';
import { RosConnector } from './ros-connector.js';
import { RosError } from './ros-error.js';
import type { RosAttributes, RosCallOptions, RosPrintOptions, RosRow, RosSession, RosTarget } from './ros-session.js';
import { attributeWord, attributeWords, commandWord, proplistWord, rosIdValue } from './words.js';

export interface SessionLimits {
  /** TCP, TLS and login together. */
  readonly connectTimeoutMs: number;
  /** For calls that name no timeout of their own. */
  readonly commandTimeoutMs: number;
  /** How long a router may be silent before it is asked for a sign of life. */
  readonly keepaliveMs: number;
  /** How long a router may take to end a command it was told to cancel. */
  readonly tombstoneMs: number;
  /** Commands sent and not yet answered; more of them wait. Streams do not count. */
  readonly maxInFlight: number;
  /** How long `close` waits for the router to hang up. */
  readonly closeGraceMs: number;
}

const DEFAULT_MAX_ROWS = 10_000;

interface Call extends RosCallOptions {
  readonly maxRows?: number | undefined;
  readonly onRow?: (row: RosRow) => void;
}

/** `RosSession` over one connection of node-routeros. Made by `createDialer`, which opens it and logs in. */
export class NodeRouterosSession implements RosSession {
  readonly closed: Promise<RosError>;
  readonly #limits: SessionLimits;
  readonly #connector: RosConnector;
  readonly #channels: ChannelTable;
  readonly #port: ChannelPort;
  #keepalive: Keepalive | undefined;
  #nextTag = 1;
  #localAddress = '';
  #end: RosError | undefined;
  #closing: Promise<void> | undefined;
  #settleClosed: (reason: RosError) => void = () => undefined;
  #settleOpened: { resolve: () => void; reject: (error: RosError) => void } | undefined;

  constructor(target: RosTarget, limits: SessionLimits) {
    this.#limits = limits;
    this.#channels = new ChannelTable(limits.maxInFlight);
    this.closed = new Promise((resolve) => {
      this.#settleClosed = resolve;
    });
    const { host, port, tls } = target;
    this.#connector = new RosConnector(
      { host, port, fingerprint256: tls?.fingerprint256 },
      {
        opened: () => this.#settleOpened?.resolve(),
        sentence: (words) => this.#receive(words),
        lost: (error) => this.#lose(error),
      },
    );
    this.#port = {
      send: (words) => void this.#connector.write(words),
      cancel: (tag) => this.#cancel(tag),
      release: (channel) => this.#channels.release(channel),
      stuck: (error) => this.kill(error),
    };
  }

  get localAddress(): string {
    return this.#localAddress;
  }

  /** Connects, and checks the pin. Has no deadline of its own: `kill` ends it. */
  async open(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#settleOpened = { resolve, reject };
      this.#connector.connect();
    });
    this.#localAddress = this.#connector.localAddress;
  }

  /** Plain login of RouterOS 6.43 and later. The MD5 one of older routers is refused: it gives the password away. */
  async login({ username, password }: Pick<RosTarget, 'username' | 'password'>): Promise<void> {
    if (this.#end !== undefined) throw this.#end;
    const words = ['/login', attributeWord('name', username), attributeWord('password', password.reveal())];
    const { rows, ret } = await this.#start(words, {}).catch((error: unknown) => Promise.reject(asLoginError(error)));
    if (ret !== undefined) throw new RosError('login', 'the router is older than RouterOS 6.43', { command: '/login' });
    if (rows.length > 0) throw new RosError('protocol', 'the login was answered with rows', { command: '/login' });
    this.#startKeepalive();
  }

  /** Ends the session at once, for the given reason. */
  kill(reason: RosError): void {
    this.#connector.fail(reason);
  }

  async exec(command: string, attributes: RosAttributes = {}, options: RosCallOptions = {}): Promise<RosAnswer> {
    return this.#call([commandWord(command), ...attributeWords(attributes)], options);
  }

  async print(path: string, options: RosPrintOptions = {}): Promise<RosRow[]> {
    const { where = {}, proplist } = options;
    const wanted = proplist === undefined ? [] : [proplistWord(proplist)];
    const { rows } = await this.#call([commandWord(`${path}/print`), ...wanted, ...queryWords(where)], options);
    return rows;
  }

  async add(path: string, attributes: RosAttributes, options: RosCallOptions = {}): Promise<string> {
    const { ret } = await this.exec(`${path}/add`, attributes, options);
    if (ret === undefined) throw new RosError('protocol', 'the router gave no id', { command: `${path}/add` });
    return ret;
  }

  async set(
    path: string,
    rosId: string | undefined,
    attributes: RosAttributes,
    options?: RosCallOptions,
  ): Promise<void> {
    const target = rosId === undefined ? {} : { '.id': rosIdValue(rosId) };
    await this.exec(`${path}/set`, { ...attributes, ...target }, options);
  }

  async unset(path: string, rosId: string, property: string, options?: RosCallOptions): Promise<void> {
    await this.exec(`${path}/unset`, { '.id': rosIdValue(rosId), 'value-name': property }, options);
  }

  async remove(path: string, rosId: string, options?: RosCallOptions): Promise<void> {
    await this.exec(`${path}/remove`, { '.id': rosIdValue(rosId) }, options);
  }

  stream(
    command: string,
    attributes: RosAttributes,
    onRow: (row: RosRow) => void,
  ): { done: Promise<void>; stop(): Promise<void> } {
    const words = [commandWord(command), ...attributeWords(attributes)];
    this.#checkOpen(words[0]);
    const channel = this.#channel(words, { onRow });
    const done = channel.answer.then(() => undefined);
    // A caller that only stops the stream must not crash on the end of the session.
    done.catch(() => undefined);
    this.#channels.startNow(channel);
    return {
      done,
      stop: () => {
        channel.stop();
        return done;
      },
    };
  }

  async close(): Promise<void> {
    this.#closing ??= this.#shut();
    await this.#closing;
  }

  async #shut(): Promise<void> {
    if (this.#end !== undefined) return;
    this.#lose(new RosError('closed', 'the session was closed'));
    await this.#connector.shut(this.#limits.closeGraceMs);
  }

  async #call(words: readonly string[], call: Call): Promise<RosAnswer> {
    this.#checkOpen(words[0], call.signal);
    const timeoutMs = call.timeoutMs ?? this.#limits.commandTimeoutMs;
    const channel = this.#channel(words, { ...call, timeoutMs });
    this.#channels.enqueue(channel);
    return channel.answer;
  }

  async #start(words: readonly string[], call: Call): Promise<RosAnswer> {
    const channel = this.#channel(words, call);
    this.#channels.startNow(channel);
    return channel.answer;
  }

  #channel(words: readonly string[], { timeoutMs, signal, onRow, maxRows = DEFAULT_MAX_ROWS }: Call): RosChannel {
    const tag = `t${this.#nextTag}`;
    this.#nextTag += 1;
    const { tombstoneMs } = this.#limits;
    return new RosChannel({ tag, words, timeoutMs, signal, onRow, maxRows, tombstoneMs }, this.#port);
  }

  #checkOpen(command: string | undefined, signal?: AbortSignal): void {
    if (this.#end !== undefined) {
      throw new RosError('closed', `the session is over: ${this.#end.message}`, { command, cause: this.#end });
    }
    if (signal?.aborted === true)
      throw new RosError('aborted', 'aborted before it was sent', { command, cause: signal.reason });
  }

  #receive(words: readonly string[]): void {
    this.#keepalive?.heard();
    this.#channels.dispatch(words);
  }

  /** The answers to /cancel and to the keepalive come under tags nobody listens to. */
  #cancel(tag: string): void {
    this.#sendUnasked(['/cancel', `=tag=${tag}`, `.tag=cancel-${tag}`]);
  }

  #startKeepalive(): void {
    this.#keepalive = new Keepalive({
      intervalMs: this.#limits.keepaliveMs,
      probe: () => this.#sendUnasked(['/system/identity/print', '=.proplist=name', '.tag=keepalive']),
      dead: () => this.kill(new RosError('connection-lost', 'the router has fallen silent')),
    });
  }

  #sendUnasked(words: readonly string[]): void {
    try {
      this.#connector.write(words);
    } catch (error) {
      this.kill(new RosError('connection-lost', 'the connection is closed', { cause: error }));
    }
  }

  #lose(reason: RosError): void {
    if (this.#end !== undefined) return;
    this.#end = reason;
    this.#keepalive?.stop();
    this.#channels.failAll(reason);
    this.#settleOpened?.reject(reason);
    this.#settleClosed(reason);
  }
}

function asLoginError(error: unknown): unknown {
  if (!(error instanceof RosError) || error.kind !== 'trap') return error;
  return new RosError('login', error.message, { command: '/login', traps: error.traps, cause: error });
}
