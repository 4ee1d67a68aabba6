export interface Rereading {
  /** Reads now, or once more after the reading under way: that one may have passed by what is new already. */
  again(): Promise<void>;
  /** The reading under way. */
  readonly running: Promise<void> | undefined;
  /** No further reading follows the one under way. */
  stop(): void;
}

/** Reads one at a time, however often it is asked to. `read` must not reject. */
export function createRereading(read: () => Promise<void>): Rereading {
  let running: Promise<void> | undefined;
  let wanted = false;
  let stopped = false;

  async function readAll(): Promise<void> {
    do {
      wanted = false;
      await read();
    } while (wanted && !stopped);
  }

  return {
    again: () => {
      if (running !== undefined) {
        wanted = true;
        return running;
      }
      running = readAll().finally(() => {
        running = undefined;
      });
      return running;
    },
    get running() {
      return running;
    },
    stop: () => {
      stopped = true;
    },
  };
}
