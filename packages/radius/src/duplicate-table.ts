import { RowOrder } from './row-order.js';
import { createReplyCells, type ReplyCells } from './reply-cells.js';

/** What a remembered request is found by: source address (as a number), port, code and identifier. */
export interface Slot {
  readonly source: number;
  /** Port, code and identifier in 32 bits. */
  readonly rest: number;
}

const NONE = -1;
const FIRST_ROWS = 4_096;
// Requests that are over and forgotten when one comes.
const AT_ONCE = 32;
const AUTHENTICATOR_AT = 4;
const WORDS = 4;

/**
 * Requests, each found by its slot and at most one to a slot. A request is a row of typed arrays: hundreds of thousands
 * cost some 60 bytes each beside their replies, and no garbage collection walks them. It grows while rows are needed,
 * up to `maxRows`; then the oldest goes early. Rows keep their number until they are forgotten.
 */
export class DuplicateTable {
  private readonly maxRows: number;
  private readonly replies: ReplyCells = createReplyCells();
  private readonly order = new RowOrder();
  private capacity: number;
  private source: Int32Array;
  private rest: Int32Array;
  /** Four to a row: the request authenticator. */
  private authenticator: Int32Array;
  private expiry: Float64Array;
  private serials: Float64Array;
  private latestSerial = 0;
  /** The next row with the same hash, and the first row of each hash; -1 for none. */
  private next: Int32Array;
  private first: Int32Array;

  constructor(maxRows: number) {
    this.maxRows = maxRows;
    this.capacity = Math.min(maxRows, FIRST_ROWS);
    this.source = new Int32Array(this.capacity);
    this.rest = new Int32Array(this.capacity);
    this.authenticator = new Int32Array(this.capacity * WORDS);
    this.expiry = new Float64Array(this.capacity);
    this.serials = new Float64Array(this.capacity);
    this.next = new Int32Array(this.capacity);
    this.first = emptyHeads(this.capacity);
    this.order.extend(this.capacity);
  }

  /** Requests remembered. */
  get size(): number {
    return this.order.size;
  }

  /** The row of the request in a slot, or -1. */
  find({ source, rest }: Slot): number {
    let row = this.first[this.hashOf(source, rest)] ?? NONE;
    while (row !== NONE && (this.source[row] !== source || this.rest[row] !== rest)) row = this.next[row] ?? NONE;
    return row;
  }

  /** Whether the request of a row has the authenticator of the packet `raw`. */
  hasAuthenticator(row: number, raw: Buffer): boolean {
    for (let word = 0; word < WORDS; word += 1) {
      if (this.authenticator[row * WORDS + word] !== raw.readInt32LE(AUTHENTICATOR_AT + word * WORDS)) return false;
    }
    return true;
  }

  expiresAtMs(row: number): number {
    return this.expiry[row] ?? 0;
  }

  /** Tells the requests apart that a row held one after another. */
  serial(row: number): number {
    return this.serials[row] ?? 0;
  }

  /** A copy; undefined while the request is in work. */
  reply(row: number): Buffer | undefined {
    return this.replies.get(row);
  }

  setReply(row: number, reply: Buffer): void {
    this.replies.set(row, reply);
  }

  /** Remembers the request of the packet `raw` in a slot that is free; gives its serial number. */
  add({ source, rest }: Slot, raw: Buffer, expiresAtMs: number, nowMs: number): number {
    this.makeRoom(nowMs);
    const row = this.order.take();
    const hash = this.hashOf(source, rest);
    this.source[row] = source;
    this.rest[row] = rest;
    this.next[row] = this.first[hash] ?? NONE;
    this.first[hash] = row;
    return this.fill(row, raw, expiresAtMs);
  }

  /** Forgets the request of a row for that of the packet `raw`, which has the same slot; gives its serial number. */
  replace(row: number, raw: Buffer, expiresAtMs: number): number {
    this.replies.clear(row);
    this.order.renew(row);
    return this.fill(row, raw, expiresAtMs);
  }

  /** Forgets the request of a row. */
  remove(row: number): void {
    const hash = this.hashOf(this.source[row] ?? 0, this.rest[row] ?? 0);
    const following = this.next[row] ?? NONE;
    let before = this.first[hash] ?? NONE;
    if (before === row) {
      this.first[hash] = following;
    } else {
      while (before !== NONE && this.next[before] !== row) before = this.next[before] ?? NONE;
      this.next[before] = following;
    }
    this.replies.clear(row);
    this.order.release(row);
  }

  private fill(row: number, raw: Buffer, expiresAtMs: number): number {
    for (let word = 0; word < WORDS; word += 1) {
      this.authenticator[row * WORDS + word] = raw.readInt32LE(AUTHENTICATOR_AT + word * WORDS);
    }
    this.expiry[row] = expiresAtMs;
    this.latestSerial += 1;
    this.serials[row] = this.latestSerial;
    return this.latestSerial;
  }

  /** Forgets what is over, a little at a time, so that no single request pays for a long pause. */
  private makeRoom(nowMs: number): void {
    for (let forgotten = 0; forgotten < AT_ONCE; forgotten += 1) {
      const { oldest } = this.order;
      if (oldest === NONE || this.expiresAtMs(oldest) > nowMs) break;
      this.remove(oldest);
    }
    if (this.order.hasRoom) return;
    if (this.capacity < this.maxRows) this.grow();
    else this.remove(this.order.oldest);
  }

  private grow(): void {
    const capacity = Math.min(this.maxRows, this.capacity * 2);
    this.source = widened(this.source, new Int32Array(capacity));
    this.rest = widened(this.rest, new Int32Array(capacity));
    this.authenticator = widened(this.authenticator, new Int32Array(capacity * WORDS));
    this.expiry = widened(this.expiry, new Float64Array(capacity));
    this.serials = widened(this.serials, new Float64Array(capacity));
    this.next = new Int32Array(capacity);
    this.first = emptyHeads(capacity);
    // There is no room, so every row is in use.
    for (let row = 0; row < this.capacity; row += 1) {
      const hash = this.hashOf(this.source[row] ?? 0, this.rest[row] ?? 0);
      this.next[row] = this.first[hash] ?? NONE;
      this.first[hash] = row;
    }
    this.capacity = capacity;
    this.order.extend(capacity);
  }

  private hashOf(source: number, rest: number): number {
    const mixed = Math.imul(rest ^ Math.imul(source, 0x9e3779b1), 0x85ebca6b);
    return (mixed ^ (mixed >>> 15)) & (this.first.length - 1);
  }
}

function emptyHeads(capacity: number): Int32Array {
  return new Int32Array(2 ** Math.ceil(Math.log2(capacity))).fill(NONE);
}

function widened<Column extends Int32Array | Float64Array>(from: Column, to: Column): Column {
  to.set(from);
  return to;
}
