/**
 * Seeded pseudo-random numbers (sfc32, by Chris Doty-Humphrey). Not for secrets: its point is that the same seed gives the
 * same packets on every machine.
 */
export class Random {
  #a = 0;
  #b = 0;
  #c = 0;
  #counter = 1;

  constructor(seed: number, stream = 0) {
    this.reseed(seed, stream);
  }

  /** Starts the sequence `stream` of `seed`, for example one a packet, so that each can be made again alone. */
  reseed(seed: number, stream: number): void {
    this.#a = seed >>> 0;
    this.#b = stream >>> 0;
    this.#c = Math.floor(stream / 0x1_0000_0000) ^ 0x9e3779b9;
    this.#counter = 1;
    for (let i = 0; i < 12; i += 1) this.next();
  }

  /** 0 to 2^32 - 1. */
  next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** 0 to `limit` - 1; 0 for a limit below 1. */
  below(limit: number): number {
    return limit < 1 ? 0 : Math.floor((this.next() / 0x1_0000_0000) * limit);
  }

  /** `from` to `to`, both included. */
  between(from: number, to: number): number {
    return from + this.below(to - from + 1);
  }

  chance(probability: number): boolean {
    return this.next() < probability * 0x1_0000_0000;
  }

  pick<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[this.below(items.length)] ?? items[0];
  }

  fill(target: Buffer, from: number, to: number): void {
    let at = from;
    for (; at + 4 <= to; at += 4) target.writeUInt32LE(this.next(), at);
    for (; at < to; at += 1) target[at] = this.next();
  }

  bytes(size: number): Buffer {
    const made = Buffer.allocUnsafe(size);
    this.fill(made, 0, size);
    return made;
  }
}
