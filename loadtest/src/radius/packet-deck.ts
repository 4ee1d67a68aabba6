import { PacketSlab } from './packet-slab.js';
import type { Slot } from './slot.js';

export const IDENTIFIERS_PER_SLOT = 4;
const SLOTS_PER_SOCKET = 256 / IDENTIFIERS_PER_SLOT;

export interface PacketDeckOptions {
  /** Slots of the lane, and how many slots lie before its first one: identifiers follow from both. */
  readonly slots: number;
  readonly slotsBefore: number;
  /** How many packets at least; made up to whole rounds of all identifiers. */
  readonly count: number;
  readonly bytesEach: number;
  /** Writes packet `number` (its slot is `number % slots`); gives its length. */
  readonly write: (number: number, identifier: number, into: Buffer, at: number) => number;
  /** A packet is not sent again before this long; Infinity: never. */
  readonly restMs: number;
}

/** Packets made before the run; each slot walks through its own, so the order within a slot is the order of numbers. */
export class PacketDeck {
  readonly #slab: PacketSlab;
  readonly #slots: number;
  readonly #rounds: number;
  readonly #restMs: number;
  #lap = 0;
  #lapStartedMs = Number.NaN;

  constructor({ slots, slotsBefore, count, bytesEach, write, restMs }: PacketDeckOptions) {
    this.#slots = slots;
    this.#restMs = restMs;
    this.#rounds = Math.ceil(count / slots / IDENTIFIERS_PER_SLOT) * IDENTIFIERS_PER_SLOT;
    this.#slab = new PacketSlab(this.#rounds * slots, bytesEach);
    for (let number = 0; number < this.#rounds * slots; number += 1) {
      const place = (slotsBefore + (number % slots)) % SLOTS_PER_SOCKET;
      const turn = Math.floor(number / slots) % IDENTIFIERS_PER_SLOT;
      this.#slab.add((into, at) => write(number, place + turn * SLOTS_PER_SOCKET, into, at));
    }
  }

  /** Puts the slot's next packet into it; false when all were sent, too recently to be sent again. */
  load(slot: Slot): boolean {
    if (Number.isNaN(this.#lapStartedMs)) this.#lapStartedMs = performance.now();
    const lap = Math.floor(slot.rounds / this.#rounds);
    if (lap > this.#lap) {
      const nowMs = performance.now();
      if (nowMs - this.#lapStartedMs < this.#restMs) return false;
      this.#lap = lap;
      this.#lapStartedMs = nowMs;
    }
    slot.number = (slot.rounds % this.#rounds) * this.#slots + slot.index;
    slot.buffer = this.#slab.buffer;
    slot.offset = this.#slab.offsetOf(slot.number);
    slot.length = this.#slab.lengthOf(slot.number);
    return true;
  }
}
