/**
 * Works on all items, at most `lanes` of them at the same time: as many as there are connections, so that what is proven is
 * how they get on with each other and not how long a pool lets its users wait. The outcomes come in the order of the items.
 */
export async function inLanes<Item, Result>(
  items: readonly Item[],
  lanes: number,
  work: (item: Item) => Promise<Result>,
): Promise<PromiseSettledResult<Result>[]> {
  const waiting = items.map((item, index) => ({ item, index }));
  const outcomes = new Map<number, PromiseSettledResult<Result>>();
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [outcome] = await Promise.allSettled([work(next.item)]);
      outcomes.set(next.index, outcome);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return [...outcomes.entries()].sort(([one], [other]) => one - other).map(([, outcome]) => outcome);
}
