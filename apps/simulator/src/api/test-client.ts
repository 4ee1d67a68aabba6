import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { encodeSentence, SentenceReader } from '@turnpike/routeros/wire.js';

/** A bare API client for tests of the simulator: sends words, hands back reply sentences as they came. */
export class TestClient {
  readonly #socket: Socket;
  readonly #reader = new SentenceReader();
  #waiting: ((sentence: string[] | undefined) => void)[] = [];
  readonly #arrived: string[][] = [];
  #closed = false;
  chunks = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.chunks += 1;
      for (const sentence of this.#reader.push(chunk)) this.#deliver(sentence);
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#closed = true;
      for (const wake of this.#waiting.splice(0)) wake(undefined);
    });
  }

  static async open(port: number): Promise<TestClient> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new TestClient(socket);
  }

  static async openTls(port: number): Promise<{ client: TestClient; fingerprint256: string }> {
    const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false });
    await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
    return { client: new TestClient(socket), fingerprint256: socket.getPeerCertificate().fingerprint256 };
  }

  static async login(port: number, username = 'admin', password = 'simulated'): Promise<TestClient> {
    const client = await TestClient.open(port);
    const reply = await client.ask('/login', `=name=${username}`, `=password=${password}`);
    if (reply[0]?.[0] !== '!done') throw new Error(`login refused: ${JSON.stringify(reply)}`);
    return client;
  }

  #deliver(sentence: string[]): void {
    const wake = this.#waiting.shift();
    if (wake === undefined) this.#arrived.push(sentence);
    else wake(sentence);
  }

  send(...words: readonly string[]): void {
    this.#socket.write(encodeSentence(words));
  }

  sendBytes(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  /** The next reply sentence; undefined when the router closed the connection. */
  next(): Promise<string[] | undefined> {
    const ready = this.#arrived.shift();
    if (ready !== undefined) return Promise.resolve(ready);
    if (this.#closed) return Promise.resolve(undefined);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** All replies of one untagged command, up to `!done`, `!fatal` or the end of the connection. */
  async ask(...words: readonly string[]): Promise<string[][]> {
    this.send(...words);
    const replies: string[][] = [];
    for (;;) {
      const sentence = await this.next();
      if (sentence === undefined) return replies;
      replies.push(sentence);
      if (sentence[0] === '!done' || sentence[0] === '!fatal') return replies;
    }
  }

  /** Rows of a print as records. */
  async print(path: string, ...words: readonly string[]): Promise<Record<string, string>[]> {
    const replies = await this.ask(`${path}/print`, ...words);
    return replies.filter((reply) => reply[0] === '!re').map(attributesOf);
  }

  /** The `=ret=` of a command, or its traps as `trap: a; b`. */
  async run(...words: readonly string[]): Promise<string> {
    const replies = await this.ask(...words);
    const traps = replies.filter((reply) => reply[0] === '!trap').map((reply) => attributesOf(reply)['message'] ?? '');
    if (traps.length > 0) return `trap: ${traps.join('; ')}`;
    return attributesOf(replies.at(-1) ?? [])['ret'] ?? '';
  }

  close(): void {
    this.#socket.destroy();
  }
}

export function attributesOf(sentence: readonly string[]): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const word of sentence) {
    const equals = word.indexOf('=', 1);
    if (word.startsWith('=') && equals > 0) attributes[word.slice(1, equals)] = word.slice(equals + 1);
  }
  return attributes;
}
