/** Many packets in one block of memory, so that the collector has nothing to look at. */
export class PacketSlab {
  readonly buffer: Buffer;
  readonly #offsets: Uint32Array;
  readonly #lengths: Uint16Array;
  #count = 0;
  #end = 0;

  constructor(packets: number, bytesEach: number) {
    this.buffer = Buffer.allocUnsafe(packets * bytesEach);
    this.#offsets = new Uint32Array(packets);
    this.#lengths = new Uint16Array(packets);
  }

  get count(): number {
    return this.#count;
  }

  /** `write` puts a packet at the offset it is given and says how long it is. */
  add(write: (into: Buffer, at: number) => number): void {
    const length = write(this.buffer, this.#end);
    this.#offsets[this.#count] = this.#end;
    this.#lengths[this.#count] = length;
    this.#count += 1;
    this.#end += length;
  }

  offsetOf(packet: number): number {
    return this.#offsets[packet] ?? 0;
  }

  lengthOf(packet: number): number {
    return this.#lengths[packet] ?? 0;
  }
}
