const SENT = 1;
const ACKED = 2;

/** Which packets of a plan were sent and which were acknowledged: a byte each. */
export class AckBook {
  #states: Uint8Array;
  #acked = 0;
  #highest = -1;

  constructor(packets: number) {
    this.#states = new Uint8Array(Math.max(1024, packets));
  }

  sent(packet: number): void {
    this.#grow(packet);
    this.#states[packet] = (this.#states[packet] ?? 0) | SENT;
    if (packet > this.#highest) this.#highest = packet;
  }

  acked(packet: number): void {
    if (this.isAcked(packet)) return;
    this.#states[packet] = SENT | ACKED;
    this.#acked += 1;
  }

  isSent(packet: number): boolean {
    return ((this.#states[packet] ?? 0) & SENT) !== 0;
  }

  isAcked(packet: number): boolean {
    return ((this.#states[packet] ?? 0) & ACKED) !== 0;
  }

  /** Different packets that were acknowledged. */
  get ackedCount(): number {
    return this.#acked;
  }

  /** The highest packet number that was sent; -1: none. */
  get highest(): number {
    return this.#highest;
  }

  #grow(packet: number): void {
    if (packet < this.#states.length) return;
    const larger = new Uint8Array(Math.max(packet + 1, this.#states.length * 2));
    larger.set(this.#states);
    this.#states = larger;
  }
}
