import { AppError } from '@turnpike/core/app-error.js';

export interface GroupCommitOptions<Item> {
  /** Writes a group as a whole, with a deadline of its own. */
  readonly write: (group: readonly Item[]) => Promise<unknown>;
  readonly maxItems: number;
  /** How long an item waits for others, ms; 0: for the rest of this turn of the event loop. */
  readonly waitMs: number;
  /** Groups being written at once; more items than these take wait and make fuller groups. */
  readonly maxRunning: number;
  /** Items waiting beyond which more are refused. */
  readonly maxWaiting: number;
  /** Whether one item may be to blame for this error: then the items of the group are written one by one. */
  readonly mayBeOneItem?: (error: unknown) => boolean;
}

export interface GroupCommit<Item> {
  /** Resolves once the item is written; rejects when it is not, or when too many wait already. */
  add(item: Item): Promise<void>;
}

interface Waiting<Item> {
  readonly item: Item;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** Writes what comes at about the same time together. */
export function createGroupCommit<Item>(options: GroupCommitOptions<Item>): GroupCommit<Item> {
  const { write, maxItems, waitMs, maxRunning, maxWaiting, mayBeOneItem = () => false } = options;
  let waiting: Waiting<Item>[] = [];
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
      const group = waiting.slice(0, maxItems);
      waiting = waiting.slice(maxItems);
      running += 1;
      void writeGroup(group).finally(() => {
        running -= 1;
        schedule();
      });
    }
  }

  async function writeGroup(group: readonly Waiting<Item>[]): Promise<void> {
    try {
      await write(group.map(({ item }) => item));
      for (const { done } of group) done();
    } catch (error) {
      if (group.length > 1 && mayBeOneItem(error)) for (const each of group) await writeGroup([each]);
      else for (const { failed } of group) failed(error);
    }
  }

  return {
    add: (item) =>
      new Promise((done, failed) => {
        if (waiting.length >= maxWaiting) return failed(new AppError('unavailable', 'too much accounting waits'));
        waiting.push({ item, done, failed });
        schedule();
      }),
  };
}
