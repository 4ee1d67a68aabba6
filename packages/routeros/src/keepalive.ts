export interface KeepaliveOptions {
  readonly intervalMs: number;
  /** Sends something the router answers. */
  readonly probe: () => void;
  /** Nothing came for a whole interval after the probe. */
  readonly dead: () => void;
}

/** Probes a silent router. A dead one is found within three intervals, and only silence is asked about. */
export class Keepalive {
  readonly #timer: NodeJS.Timeout;
  #heard = true;
  #probing = false;
  #stopped = false;

  constructor({ intervalMs, probe, dead }: KeepaliveOptions) {
    this.#timer = setInterval(() => {
      if (this.#heard) {
        this.#heard = false;
        this.#probing = false;
      } else if (this.#probing) this.#confirm(dead);
      else {
        this.#probing = true;
        probe();
      }
    }, intervalMs);
  }

  /** After a stall of our own process timers run before sockets are read: the answer may be here already. */
  #confirm(dead: () => void): void {
    setImmediate(() => {
      if (!this.#heard && !this.#stopped) dead();
    });
  }

  heard(): void {
    this.#heard = true;
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#timer);
  }
}
