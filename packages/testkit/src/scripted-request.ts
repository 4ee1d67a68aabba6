import type { Socket } from 'node:net';
import { encodeSentence } from '@turnpike/routeros/wire.js';

type Attributes = Readonly<Record<string, string>>;

/** Sends bytes in the segments the router was told to use. */
export type SendBytes = (bytes: Buffer) => void;

/** One sentence a client sent to a `ScriptedRouter`, and the means to answer it. */
export class ScriptedRequest {
  readonly words: readonly string[];
  readonly command: string;
  readonly attributes: Attributes;
  readonly queries: readonly string[];
  /** All tags of the sentence; a correct client sends exactly one. */
  readonly tags: readonly string[];
  readonly socket: Socket;
  readonly #send: SendBytes;
  readonly #tagLast: boolean;

  constructor(words: readonly string[], connection: { socket: Socket; send: SendBytes; tagLast: boolean }) {
    this.words = words;
    this.command = words[0] ?? '';
    this.attributes = Object.fromEntries(words.filter((word) => word.startsWith('=')).map(splitAttribute));
    this.queries = words.filter((word) => word.startsWith('?'));
    this.tags = words.filter((word) => word.startsWith('.tag=')).map((word) => word.slice('.tag='.length));
    this.socket = connection.socket;
    this.#send = connection.send;
    this.#tagLast = connection.tagLast;
  }

  /** The reply as it goes over the wire, under the tag of the request or another one. */
  encode(reply: string, attributes: Attributes = {}, tag = this.tags[0]): Buffer {
    const body = Object.entries(attributes).map(([name, value]) => `=${name}=${value}`);
    const tagWords = tag === undefined ? [] : [`.tag=${tag}`];
    return encodeSentence(this.#tagLast ? [reply, ...body, ...tagWords] : [reply, ...tagWords, ...body]);
  }

  reply(reply: string, attributes: Attributes = {}, tag = this.tags[0]): void {
    this.#send(this.encode(reply, attributes, tag));
  }

  bytes(bytes: Buffer): void {
    this.#send(bytes);
  }

  row(attributes: Attributes = {}): void {
    this.reply('!re', attributes);
  }

  done(attributes: Attributes = {}): void {
    this.reply('!done', attributes);
  }

  trap(message: string, category?: number): void {
    this.reply('!trap', category === undefined ? { message } : { category: String(category), message });
  }

  /** The rows and the end, as RouterOS 7.18 and later answers a print. */
  rows(...rows: readonly Attributes[]): void {
    if (rows.length === 0) this.reply('!empty');
    for (const row of rows) this.row(row);
    this.done();
  }

  fatal(reason: string): void {
    this.#send(encodeSentence(['!fatal', reason]));
    this.socket.end();
  }
}

function splitAttribute(word: string): [string, string] {
  const equals = word.indexOf('=', 1);
  return equals < 0 ? [word.slice(1), ''] : [word.slice(1, equals), word.slice(equals + 1)];
}
