import type { Socket } from 'node:net';
import { encodeSentence } from '@turnpike/routeros/wire.js';
import type { Faults } from './faults.js';

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Writes sentences in order, cut into segments the way the faults say. */
export class SentenceWriter {
  readonly #socket: Socket;
  readonly #faults: Faults;
  #tail: Promise<void> = Promise.resolve();
  #pending = 0;

  constructor(socket: Socket, faults: Faults) {
    this.#socket = socket;
    this.#faults = faults;
  }

  /** `first` is the reply word, `tag` undefined for an untagged command. */
  reply(first: string, tag: string | undefined, words: readonly string[]): void {
    const mark = tag === undefined || tag === '' ? [] : [`.tag=${tag}`];
    const last = this.#faults.settings.tagLast;
    this.send(last ? [first, ...words, ...mark] : [first, ...mark, ...words]);
  }

  send(words: readonly string[]): void {
    const bytes = encodeSentence(words);
    const segmentation = this.#faults.settings.segmentation;
    if (segmentation === 'none' && this.#pending === 0) {
      this.#write(bytes);
      return;
    }
    this.#pending += 1;
    this.#tail = this.#tail.then(() => this.#trickle(bytes, segmentation)).finally(() => (this.#pending -= 1));
  }

  /** Resolves when everything said so far has been handed to the socket. */
  flushed(): Promise<void> {
    return this.#tail;
  }

  async #trickle(bytes: Buffer, segmentation: 'none' | 'bytes' | 'before-final-zero'): Promise<void> {
    const cuts =
      segmentation === 'bytes'
        ? Array.from(bytes, (_byte, index) => bytes.subarray(index, index + 1))
        : segmentation === 'before-final-zero'
          ? [bytes.subarray(0, -1), bytes.subarray(-1)]
          : [bytes];
    for (const part of cuts) {
      this.#write(part);
      if (cuts.length > 1) await pause();
    }
  }

  #write(bytes: Buffer): void {
    if (!this.#socket.destroyed && this.#socket.writable) this.#socket.write(bytes);
  }
}
