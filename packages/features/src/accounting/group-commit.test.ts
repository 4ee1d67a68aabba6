import { createGroupCommit, type GroupCommitOptions } from './group-commit.js';

function rig(more: Partial<GroupCommitOptions<number>> = {}) {
  const groups: (readonly number[])[] = [];
  const open: (() => void)[] = [];
  const commit = createGroupCommit<number>({
    write: (group) => {
      groups.push(group);
      return new Promise<void>((resolve) => open.push(resolve));
    },
    maxItems: 3,
    waitMs: 0,
    maxRunning: 1,
    maxWaiting: 8,
    ...more,
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return { commit, groups, turn, finishNext: () => open.shift()?.() };
}

describe('group commit', () => {
  test('writes what comes in one turn together, at most so many, and the rest when there is room', async () => {
    const { commit, groups, turn, finishNext } = rig();
    const all = Promise.all([1, 2, 3, 4, 5].map((item) => commit.add(item)));
    await turn();
    expect(groups).toEqual([[1, 2, 3]]);
    const late = commit.add(6);
    finishNext();
    await turn();
    await turn();
    expect(groups).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    finishNext();
    await Promise.all([all, late]);
  });

  test('rejects every item of a group that fails, and goes on', async () => {
    let fails = true;
    const commit = createGroupCommit<number>({
      write: async () => {
        if (fails) throw new Error('away');
      },
      maxItems: 10,
      waitMs: 0,
      maxRunning: 1,
      maxWaiting: 10,
    });
    const outcomes = await Promise.allSettled([commit.add(1), commit.add(2)]);
    expect(outcomes.map((each) => each.status)).toEqual(['rejected', 'rejected']);
    fails = false;
    await commit.add(3);
  });

  test('A14: one item that cannot be written does not take its group with it', async () => {
    const commit = createGroupCommit<number>({
      write: async (group) => {
        if (group.includes(13)) throw new RangeError('not this one');
      },
      maxItems: 10,
      waitMs: 1,
      maxRunning: 1,
      maxWaiting: 10,
      mayBeOneItem: (error) => error instanceof RangeError,
    });
    const outcomes = await Promise.allSettled([12, 13, 14].map((item) => commit.add(item)));
    expect(outcomes.map((each) => each.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  test('refuses more than it may hold', async () => {
    const { commit, turn, finishNext } = rig({ maxWaiting: 2 });
    const kept = [commit.add(1), commit.add(2)];
    await expect(commit.add(3)).rejects.toThrow('too much accounting waits');
    await turn();
    finishNext();
    await Promise.all(kept);
  });
});
