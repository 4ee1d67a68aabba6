/** One place for a request in flight: an identifier of a socket, and the request that has it now. */
export class Slot {
  /** Which socket, and its first identifier: the request may use that or, `spare` apart, one of the next. */
  readonly socket: number;
  readonly identifiers: readonly number[];
  /** Number within its lane, from 0. */
  readonly index: number;
  readonly lane: number;
  /** Requests it has taken so far; chooses the identifier. */
  rounds = 0;
  identifier = 0;
  /** Where the request's bytes are; an own buffer, or a part of a deck. */
  buffer: Buffer;
  offset = 0;
  length = 0;
  /** For the feeder: which request this is. */
  number = 0;
  busy = false;
  firstSentMs = 0;
  lastSentMs = 0;
  transmissions = 0;

  constructor(place: { lane: number; index: number; socket: number; identifiers: readonly number[] }) {
    this.lane = place.lane;
    this.index = place.index;
    this.socket = place.socket;
    this.identifiers = place.identifiers;
    this.buffer = EMPTY;
  }
}

const EMPTY = Buffer.alloc(0);
