import { RosError } from './ros-error.js';

/**
 * Words and sentences of the RouterOS API (manual: "API", section "Protocol").
 * A word is a length prefix of 1 to 5 bytes and that many bytes of text; a sentence is words ended by a word of length zero.
 */

/** No answer we ask for comes near this; a longer word means that the stream is broken or hostile. */
export const MAX_WORD_BYTES = 4 * 1024 * 1024;
export const MAX_SENTENCE_BYTES = 16 * 1024 * 1024;
/** Rows have some tens of words; a sentence of millions of tiny ones would fill the memory below the byte limit. */
export const MAX_SENTENCE_WORDS = 10_000;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
// WinBox 3 wrote names and comments in the Windows code page: this table is total, so no byte is lost.
const windows1252 = new TextDecoder('windows-1252');

export function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return windows1252.decode(bytes);
  }
}

export function encodeWord(word: string): Buffer {
  const body = Buffer.from(word, 'utf8');
  return Buffer.concat([encodeLength(body.length), body]);
}

export function encodeSentence(words: readonly string[]): Buffer {
  return Buffer.concat([...words.map(encodeWord), Buffer.of(0)]);
}

/** Length prefix, most significant byte first. */
export function encodeLength(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length);
  if (length < 0x4000) return Buffer.of((length >> 8) | 0x80, length & 0xff);
  if (length < 0x200000) return Buffer.of((length >> 16) | 0xc0, (length >> 8) & 0xff, length & 0xff);
  const long = Buffer.alloc(4);
  long.writeUInt32BE(length);
  if (length >= 0x10000000) return Buffer.concat([Buffer.of(0xf0), long]);
  long[0] = (long[0] ?? 0) | 0xe0;
  return long;
}

interface LengthPrefix {
  readonly size: number;
  readonly length: number;
}

/** undefined: more bytes are needed. */
function decodeLength(buffer: Buffer, offset: number): LengthPrefix | undefined {
  const first = buffer[offset];
  if (first === undefined) return undefined;
  if (first > 0xf0) throw new RosError('protocol', `reserved control byte 0x${first.toString(16)}`);
  const size = first < 0x80 ? 1 : first < 0xc0 ? 2 : first < 0xe0 ? 3 : first < 0xf0 ? 4 : 5;
  if (offset + size > buffer.length) return undefined;
  const masks = [0x7f, 0x3f, 0x1f, 0x0f, 0];
  let length = first & (masks[size - 1] ?? 0);
  for (let i = 1; i < size; i += 1) length = length * 256 + (buffer[offset + i] ?? 0);
  return { size, length };
}

/** Cuts a byte stream, however TCP segmented it, into sentences. Throws RosError `protocol` when it cannot go on. */
export class SentenceReader {
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  /** Bytes the next word needs before it is worth looking again (keeps reading large words linear). */
  #needed = 1;
  #words: string[] = [];
  #sentenceBytes = 0;

  push(chunk: Buffer): string[][] {
    this.#pending.push(chunk);
    this.#pendingBytes += chunk.length;
    if (this.#pendingBytes < this.#needed) return [];
    const buffer = this.#pending.length === 1 ? chunk : Buffer.concat(this.#pending);
    const sentences: string[][] = [];
    const offset = this.#readWords(buffer, sentences);
    const rest = buffer.subarray(offset);
    this.#pending = rest.length === 0 ? [] : [rest];
    this.#pendingBytes = rest.length;
    return sentences;
  }

  #readWords(buffer: Buffer, sentences: string[][]): number {
    let offset = 0;
    this.#needed = 1;
    for (;;) {
      const prefix = decodeLength(buffer, offset);
      if (prefix === undefined) return offset;
      if (prefix.length > MAX_WORD_BYTES) throw new RosError('protocol', `word of ${prefix.length} bytes`);
      const end = offset + prefix.size + prefix.length;
      if (end > buffer.length) {
        this.#needed = end - offset;
        return offset;
      }
      this.#take(buffer.subarray(offset + prefix.size, end), sentences);
      offset = end;
    }
  }

  #take(word: Buffer, sentences: string[][]): void {
    if (word.length > 0) {
      this.#sentenceBytes += word.length;
      if (this.#sentenceBytes > MAX_SENTENCE_BYTES || this.#words.length >= MAX_SENTENCE_WORDS) {
        throw new RosError('protocol', 'sentence is too long');
      }
      this.#words.push(decodeText(word));
      return;
    }
    if (this.#words.length > 0) sentences.push(this.#words);
    this.#words = [];
    this.#sentenceBytes = 0;
  }
}
