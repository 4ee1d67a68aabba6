import { idleShare, parseMachineStat, parseProcessStat } from './process-cpu.js';
import { cpuSecondsOfTrees } from './process-trees.js';

test('finds the times of a process whose name has spaces and parentheses', () => {
  const text = '42 (a (strange) name) S 7 42 42 0 -1 4194304 10 20 0 0 1234 66 300 100 20 0 12 0 55 1000 200\n';
  expect(parseProcessStat(text)).toEqual({ parent: 7, ownSeconds: 13, endedChildrenSeconds: 4 });
});

test('counts waiting for the disk as idle and guests once', () => {
  const before = parseMachineStat('cpu  100 0 100 700 100 0 0 0 50 0\ncpu0 1 2 3 4\nintr 5\n');
  const after = parseMachineStat('cpu  200 0 200 780 120 0 0 0 90 0\n');
  expect(before).toEqual({ idleSeconds: 8, allSeconds: 10 });
  expect(idleShare(before, after)).toBeCloseTo(1 / 3);
  expect(idleShare(before, before)).toBe(0);
});

test('a process that is gone has used nothing, this one something', async () => {
  expect(await cpuSecondsOfTrees([2 ** 30])).toBe(0);
  expect(await cpuSecondsOfTrees([process.pid, process.pid])).toBeGreaterThan(0);
});
