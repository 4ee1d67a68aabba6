export interface StoreWatch {
  /** Whether one of the stores answered when it was last asked: without one a port cannot do its work. */
  isUsable(): boolean;
  /** Asks now. Never rejects. */
  look(): Promise<void>;
  start(): Promise<void>;
  stop(): void;
}

export interface StoreWatchOptions {
  /** Each rejects within a deadline of its own while its store is away. */
  readonly probes: readonly (() => Promise<unknown>)[];
  /** Default 1 s. */
  readonly everyMs?: number;
}

/** Remembers whether the stores answer, so that a packet that asks for our health costs no query. */
export function createStoreWatch({ probes, everyMs = 1_000 }: StoreWatchOptions): StoreWatch {
  let usable = false;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function look(): Promise<void> {
    const outcomes = await Promise.allSettled(probes.map((probe) => probe()));
    usable = outcomes.some(({ status }) => status === 'fulfilled');
  }

  function schedule(): void {
    if (stopped) return;
    timer = setTimeout(() => void look().then(schedule), everyMs);
    timer.unref();
  }

  return {
    isUsable: () => usable,
    look,
    async start() {
      await look();
      schedule();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
