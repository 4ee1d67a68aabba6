import type { AccessPackets } from './access-packets.js';
import type { Feeder } from './generator.js';
import { LoginTally } from './login-tally.js';
import { PacketDeck } from './packet-deck.js';
import type { Slot } from './slot.js';

/** How long a service may remember a packet (RFC 5080 2.2.2, with room): none is sent again as a new one before that. */
const REMEMBERED_MS = 31_000;
const BYTES_EACH = 260;
/** No divisor in common with the usual numbers of customers, so that neighbours in time are no neighbours in the database. */
const STRIDE = 7_919;

export interface PreparedLoginsOptions {
  readonly packets: AccessPackets;
  readonly slots: number;
  readonly slotsBefore: number;
  readonly count: number;
  readonly customers: number;
  readonly wrongPassword: boolean;
  /** For a service that remembers nothing. */
  readonly repeatsAtOnce?: boolean;
}

/** Access-Requests made before the run. */
export class PreparedLogins implements Feeder {
  readonly tally: LoginTally;
  sent = 0;
  readonly #deck: PacketDeck;

  constructor(options: PreparedLoginsOptions) {
    const { packets, customers, wrongPassword } = options;
    this.tally = new LoginTally(wrongPassword);
    this.#deck = new PacketDeck({
      ...options,
      bytesEach: BYTES_EACH,
      restMs: options.repeatsAtOnce === true ? 0 : REMEMBERED_MS,
      write: (number, identifier, into, at) =>
        packets.write({ customer: (number * STRIDE) % customers, identifier, wrongPassword }, into, at),
    });
  }

  load(slot: Slot): boolean {
    if (!this.#deck.load(slot)) return false;
    this.sent += 1;
    return true;
  }

  answered(_slot: Slot, reply: Buffer, tookMs: number): void {
    this.tally.add(reply, tookMs);
  }

  lost(): void {
    this.tally.lost += 1;
  }
}
