export interface TurnBatchOptions<Item, Result> {
  /** Most items of one call. */
  readonly most: number;
  /** One result for each item, in their order. */
  readonly run: (items: readonly Item[]) => Promise<readonly Result[]>;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** Does together what is asked for in one turn of the event loop; where one call fails, it fails for all its items. */
export function createTurnBatch<Item, Result>(
  options: TurnBatchOptions<Item, Result>,
): (item: Item) => Promise<Result> {
  let waiting: Waiting<Item, Result>[] = [];

  function flush(): void {
    const all = waiting;
    waiting = [];
    for (let from = 0; from < all.length; from += options.most) void runSome(all.slice(from, from + options.most));
  }

  async function runSome(some: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await options.run(some.map(({ item }) => item));
      some.forEach(({ resolve, reject }, index) => {
        const result = results[index];
        if (result === undefined) reject(new Error('a batch has fewer results than items'));
        else resolve(result);
      });
    } catch (error) {
      for (const { reject } of some) reject(error);
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push({ item, resolve, reject });
    });
}
