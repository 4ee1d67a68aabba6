import { CODE } from '@turnpike/radius/attributes.js';
import type { AccountingPackets } from './accounting-packets.js';
import type { AccountingPlan } from './accounting-plan.js';
import type { AckBook } from './ack-book.js';
import type { Feeder } from './generator.js';
import { LatencyHistogram } from './latency-histogram.js';
import { PacketDeck } from './packet-deck.js';
import type { Slot } from './slot.js';

const BYTES_EACH = 320;

interface AccountingFeederOptions {
  readonly packets: AccountingPackets;
  readonly plan: AccountingPlan;
  readonly book: AckBook;
}

abstract class AccountingFeeder implements Feeder {
  readonly latencies = new LatencyHistogram();
  /** Answers that are no Accounting-Response. */
  wrongAnswers = 0;
  lostCount = 0;
  protected readonly plan: AccountingPlan;
  protected readonly book: AckBook;

  constructor({ plan, book }: AccountingFeederOptions) {
    this.plan = plan;
    this.book = book;
  }

  abstract load(slot: Slot): boolean;
  protected abstract packetOf(slot: Slot): number;

  answered(slot: Slot, reply: Buffer, tookMs: number): void {
    if (reply[0] === CODE.ACCOUNTING_RESPONSE) this.book.acked(this.packetOf(slot));
    else this.wrongAnswers += 1;
    this.latencies.add(tookMs);
  }

  lost(): void {
    this.lostCount += 1;
  }
}

/** Accounting-Requests made before the run; each is sent once. */
export class PreparedAccounting extends AccountingFeeder {
  readonly #deck: PacketDeck;

  constructor(options: AccountingFeederOptions & { slots: number; count: number }) {
    super(options);
    const { packets, plan, slots, count } = options;
    this.#deck = new PacketDeck({
      slots,
      slotsBefore: 0,
      count,
      bytesEach: BYTES_EACH,
      restMs: Infinity,
      write: (turn, identifier, into, at) => packets.write(plan.numberOfTurn(turn), identifier, into, at),
    });
  }

  load(slot: Slot): boolean {
    if (!this.#deck.load(slot)) return false;
    this.book.sent(this.packetOf(slot));
    return true;
  }

  protected packetOf(slot: Slot): number {
    return this.plan.numberOfTurn(slot.number);
  }
}

/** Accounting-Requests made when they are sent, for rates far below the limit and runs without an end known before. */
export class FreshAccounting extends AccountingFeeder {
  readonly #packets: AccountingPackets;
  readonly #mostTurns: number;
  #turn = 0;

  /** `turns`: how many packets there are; after that the lane is done. */
  constructor(options: AccountingFeederOptions & { turns: number }) {
    super(options);
    this.#packets = options.packets;
    this.#mostTurns = options.turns;
  }

  load(slot: Slot): boolean {
    if (this.#turn >= this.#mostTurns) return false;
    const packet = this.plan.numberOfTurn(this.#turn);
    this.#turn += 1;
    if (slot.buffer.length === 0) slot.buffer = Buffer.alloc(BYTES_EACH * 2);
    slot.number = packet;
    slot.offset = 0;
    slot.length = this.#packets.write(packet, slot.identifier, slot.buffer, 0);
    this.book.sent(packet);
    return true;
  }

  protected packetOf(slot: Slot): number {
    return slot.number;
  }
}
