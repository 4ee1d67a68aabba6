import { giveUpWhen } from './give-up.js';
import { RosError, type RosTrap } from './ros-error.js';
import { isInterruption, parseTrap, type RosReply } from './ros-reply.js';
import type { RosRow } from './ros-session.js';

export interface RosAnswer {
  readonly rows: RosRow[];
  readonly ret: string | undefined;
}

/** What a channel needs of its session. */
export interface ChannelPort {
  /** Throws RosError when the link is gone. */
  send(words: readonly string[]): void;
  cancel(tag: string): void;
  /** The router has finished with the tag, or has never heard of it. */
  release(channel: RosChannel): void;
  /** Nothing can be sent, or the router does not end a command it was told to cancel: the session is of no more use. */
  stuck(error: RosError): void;
}

export interface ChannelOptions {
  readonly tag: string;
  /** Without the tag. */
  readonly words: readonly string[];
  /** Counts from now, also while the channel waits for its turn. undefined: for ever. */
  readonly timeoutMs: number | undefined;
  readonly signal: AbortSignal | undefined;
  readonly maxRows: number;
  readonly tombstoneMs: number;
  /** Takes each row; `rows` of the answer stays empty. */
  readonly onRow?: ((row: RosRow) => void) | undefined;
}

/** Text of all rows of one answer; many long rows must not fill our memory either. */
const MAX_ANSWER_CHARS = 32 * 1024 * 1024;

/**
 * One command from its call to the last word of the router. When the caller gives up before the router has finished,
 * the router is told to cancel and the channel stays as a tombstone: it swallows what still comes under its tag.
 */
export class RosChannel {
  readonly tag: string;
  readonly answer: Promise<RosAnswer>;
  readonly #command: string;
  readonly #options: ChannelOptions;
  readonly #port: ChannelPort;
  readonly #disarm: () => void;
  readonly #rows: RosRow[] = [];
  readonly #traps: RosTrap[] = [];
  #chars = 0;
  #started = false;
  #settled = false;
  #stopping = false;
  #tombstone: NodeJS.Timeout | undefined;
  #resolve: (answer: RosAnswer) => void = () => undefined;
  #reject: (error: RosError) => void = () => undefined;

  constructor(options: ChannelOptions, port: ChannelPort) {
    this.tag = options.tag;
    this.#command = options.words[0] ?? '';
    this.#options = options;
    this.#port = port;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    const { timeoutMs, signal } = options;
    this.#disarm = giveUpWhen({ what: this.#command, command: this.#command, timeoutMs, signal }, (error) =>
      this.giveUp(error),
    );
  }

  start(): void {
    this.#started = true;
    try {
      this.#port.send([...this.#options.words, `.tag=${this.tag}`]);
    } catch (error) {
      const lost = this.#wrap('connection-lost', 'the command was not sent', error);
      this.fail(lost);
      this.#port.stuck(lost);
    }
  }

  accept({ reply, row }: RosReply): void {
    if (reply === '!done') this.#finish(row['ret']);
    else if (reply === '!trap') this.#addTrap(row);
    else if (reply === '!re' && !this.#settled) this.#addRow(row);
  }

  /** Asks the router to end the command; the answer then comes as usual. */
  stop(): void {
    if (this.#stopping || this.#settled) return;
    this.#stopping = true;
    this.#bury();
  }

  giveUp(error: RosError): void {
    if (!this.#settle()) return;
    this.#reject(error);
    if (!this.#started) this.#port.release(this);
    else if (!this.#stopping) this.#bury();
  }

  /** Settles the caller and forgets the router's side, which is gone. */
  fail(error: RosError): void {
    clearTimeout(this.#tombstone);
    if (this.#settle()) this.#reject(error);
  }

  #bury(): void {
    const message = `the router did not end ${this.#command} when told to`;
    this.#tombstone = setTimeout(
      () => this.#port.stuck(new RosError('connection-lost', message, { command: this.#command })),
      this.#options.tombstoneMs,
    );
    this.#port.cancel(this.tag);
  }

  #addRow(row: RosRow): void {
    const { onRow, maxRows } = this.#options;
    if (onRow !== undefined) {
      this.#hand(row, onRow);
      return;
    }
    for (const name in row) this.#chars += name.length + (row[name]?.length ?? 0);
    if (this.#rows.length < maxRows && this.#chars <= MAX_ANSWER_CHARS) this.#rows.push(row);
    else this.giveUp(new RosError('protocol', 'the answer has too many rows', { command: this.#command }));
  }

  #hand(row: RosRow, onRow: (row: RosRow) => void): void {
    try {
      onRow(row);
    } catch (error) {
      this.giveUp(this.#wrap('usage', 'the row handler threw', error));
    }
  }

  #addTrap(row: RosRow): void {
    // A router sends two at most; the bound is for hostile ones.
    if (this.#traps.length < 16) this.#traps.push(parseTrap(row));
  }

  #finish(ret: string | undefined): void {
    clearTimeout(this.#tombstone);
    this.#port.release(this);
    const error = this.#trapError();
    if (!this.#settle()) return;
    if (error === undefined) this.#resolve({ rows: this.#rows, ret });
    else this.#reject(error);
  }

  #trapError(): RosError | undefined {
    if (this.#traps.length === 0 || (this.#stopping && this.#traps.every(isInterruption))) return undefined;
    const message = this.#traps.map((trap) => trap.message).join(', ');
    return new RosError('trap', message, { command: this.#command, traps: this.#traps });
  }

  /** True the first time. */
  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.#disarm();
    return true;
  }

  #wrap(kind: 'connection-lost' | 'usage', message: string, cause: unknown): RosError {
    return cause instanceof RosError && cause.kind === kind
      ? cause
      : new RosError(kind, message, { command: this.#command, cause });
  }
}
