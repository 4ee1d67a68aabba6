import type { AccessPackets } from './access-packets.js';
import type { Feeder } from './generator.js';
import { LoginTally } from './login-tally.js';
import type { Slot } from './slot.js';

export interface FreshLogin {
  readonly customer: number;
  readonly device?: number;
  readonly wrongPassword?: boolean;
}

const BYTES_EACH = 512;

/** Access-Requests made when they are sent. */
export class FreshLogins implements Feeder {
  readonly tally: LoginTally;
  readonly #packets: AccessPackets;
  readonly #loginOf: (turn: number) => FreshLogin | undefined;
  readonly #onAnswer: ((turn: number, reply: Buffer) => void) | undefined;
  #turn = 0;

  /** `loginOf`: the `turn`-th login from 0; undefined: there are no more. */
  constructor(options: {
    readonly packets: AccessPackets;
    readonly loginOf: (turn: number) => FreshLogin | undefined;
    readonly onAnswer?: (turn: number, reply: Buffer) => void;
    readonly wrongPassword?: boolean;
  }) {
    this.tally = new LoginTally(options.wrongPassword === true);
    this.#packets = options.packets;
    this.#loginOf = options.loginOf;
    this.#onAnswer = options.onAnswer;
  }

  load(slot: Slot): boolean {
    const login = this.#loginOf(this.#turn);
    if (login === undefined) return false;
    if (slot.buffer.length === 0) slot.buffer = Buffer.alloc(BYTES_EACH);
    slot.number = this.#turn;
    this.#turn += 1;
    slot.offset = 0;
    slot.length = this.#packets.write({ ...login, identifier: slot.identifier }, slot.buffer, 0);
    return true;
  }

  answered(slot: Slot, reply: Buffer, tookMs: number): void {
    this.tally.add(reply, tookMs);
    this.#onAnswer?.(slot.number, reply);
  }

  lost(): void {
    this.tally.lost += 1;
  }
}
