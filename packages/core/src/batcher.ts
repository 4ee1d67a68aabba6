import { AppError } from './app-error.js';

export interface BatcherOptions<Item, Result> {
  /** Does a batch as a whole, with a deadline of its own; gives one result for each item, in their order. */
  readonly run: (items: readonly Item[]) => Promise<readonly Result[]>;
  readonly maxItems: number;
  /** How long an item waits for others, ms; 0, the default: for the rest of this turn of the event loop. */
  readonly waitMs?: number;
  /** Batches at once, by default any number; more items than these take wait and make fuller batches. */
  readonly maxRunning?: number;
  /** Items waiting beyond which more are refused with AppError `unavailable` in the words of `refusal`; default no limit. */
  readonly maxWaiting?: number;
  readonly refusal?: string;
  /** Whether one item may be to blame for this error: then the items of the batch are done one by one. */
  readonly mayBeOneItem?: (error: unknown) => boolean;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** Turns many single calls into few calls with many items: does together what is asked for at about the same time. */
export function createBatcher<Item, Result>(options: BatcherOptions<Item, Result>): (item: Item) => Promise<Result> {
  const { run, maxItems, waitMs = 0, maxRunning = Infinity, maxWaiting = Infinity } = options;
  const { refusal = 'too much waits to be done', mayBeOneItem = () => false } = options;
  let waiting: Waiting<Item, Result>[] = [];
  let running = 0;
  let isScheduled = false;

  function schedule(): void {
    if (isScheduled || waiting.length === 0 || running >= maxRunning) return;
    isScheduled = true;
    if (waitMs === 0 || waiting.length >= maxItems) setImmediate(flush);
    else setTimeout(flush, waitMs);
  }

  function flush(): void {
    isScheduled = false;
    while (waiting.length > 0 && running < maxRunning) {
      const batch = waiting.slice(0, maxItems);
      waiting = waiting.slice(maxItems);
      running += 1;
      void runBatch(batch).finally(() => {
        running -= 1;
        schedule();
      });
    }
  }

  async function runBatch(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await run(batch.map(({ item }) => item));
      if (results.length !== batch.length) throw new Error(`${batch.length} items gave ${results.length} results`);
      results.forEach((result, index) => batch[index]?.resolve(result));
    } catch (error) {
      if (batch.length > 1 && mayBeOneItem(error)) for (const each of batch) await runBatch([each]);
      else for (const { reject } of batch) reject(error);
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= maxWaiting) return reject(new AppError('unavailable', refusal));
      waiting.push({ item, resolve, reject });
      schedule();
    });
}

/** One batch after the other: what is asked for while one is under way goes into the next together. */
export function coalesce<Item, Result>(
  run: BatcherOptions<Item, Result>['run'],
  maxItems = 500,
): (item: Item) => Promise<Result> {
  return createBatcher({ run, maxItems, maxRunning: 1 });
}
