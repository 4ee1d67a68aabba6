import type { RosChannel } from './ros-channel.js';
import type { RosError } from './ros-error.js';
import { parseReply } from './ros-reply.js';

/** The commands of one session: those the router works on, by tag, and those that wait for their turn. */
export class ChannelTable {
  readonly #maxInFlight: number;
  readonly #running = new Map<string, RosChannel>();
  readonly #waiting: RosChannel[] = [];
  /** Running channels that took a place; streams run for ever and take none. */
  readonly #placed = new Set<RosChannel>();

  constructor(maxInFlight: number) {
    this.#maxInFlight = maxInFlight;
  }

  /** Starts the channel when there is a place. */
  enqueue(channel: RosChannel): void {
    this.#waiting.push(channel);
    this.#admit();
  }

  /** Starts the channel beside the limit. */
  startNow(channel: RosChannel): void {
    this.#running.set(channel.tag, channel);
    channel.start();
  }

  /** A reply under a tag that nobody waits for (late, or to a /cancel of ours) is dropped. */
  dispatch(words: readonly string[]): void {
    const reply = parseReply(words);
    if (reply.tag !== undefined) this.#running.get(reply.tag)?.accept(reply);
  }

  release(channel: RosChannel): void {
    const position = this.#waiting.indexOf(channel);
    if (position >= 0) this.#waiting.splice(position, 1);
    this.#running.delete(channel.tag);
    if (this.#placed.delete(channel)) this.#admit();
  }

  failAll(error: RosError): void {
    const channels = [...this.#running.values(), ...this.#waiting];
    this.#running.clear();
    this.#placed.clear();
    this.#waiting.length = 0;
    for (const channel of channels) channel.fail(error);
  }

  #admit(): void {
    while (this.#placed.size < this.#maxInFlight) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#placed.add(next);
      this.startNow(next);
    }
  }
}
