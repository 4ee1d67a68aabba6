import { createFreshener } from './freshener.js';

function rig(random = 0) {
  let nowMs = 0;
  const old: string[] = [];
  let timers: { atMs: number; act: () => void }[] = [];
  const freshener = createFreshener({
    makeOld: (key) => old.push(key.join(' ')),
    now: () => nowMs,
    random: () => random,
    later: (act, ms) => {
      const timer = { atMs: nowMs + ms, act };
      timers.push(timer);
      return () => (timers = timers.filter((each) => each !== timer));
    },
  });
  /** Gives what was made old meanwhile. */
  const pass = (ms: number): string[] => {
    nowMs += ms;
    const due = timers.filter(({ atMs }) => atMs <= nowMs);
    timers = timers.filter(({ atMs }) => atMs > nowMs);
    for (const { act } of due) act();
    return old.splice(0);
  };
  return { ...freshener, pass };
}

test('the first change is followed at once, and what comes within a second after it together', () => {
  const { topic, pass } = rig();
  topic('packages');
  expect(pass(0)).toEqual(['packages']);
  for (let change = 0; change < 10; change += 1) topic('packages');
  expect(pass(999)).toEqual([]);
  expect(pass(1)).toEqual(['packages']);
  expect(pass(60_000)).toEqual([]);
  topic('packages');
  expect(pass(0)).toEqual(['packages']);
});

test('topics do not wait for each other', () => {
  const { topic, pass } = rig();
  topic('packages');
  pass(0);
  topic('packages');
  topic('customers');
  expect(pass(0)).toEqual(['customers']);
  expect(pass(1_000)).toEqual(['packages']);
});

test('the figures of the front page are asked for every five seconds at most, its graphs every thirty', () => {
  const { topic, pass } = rig();
  const counts = new Map<string, number>();
  for (let second = 0; second < 60; second += 1) {
    topic('dashboard');
    for (const key of pass(1_000)) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  expect(Object.fromEntries(counts)).toEqual({ 'dashboard /dashboard/stats': 12, 'dashboard /dashboard/series': 2 });
  expect(pass(30_000).sort()).toEqual(['dashboard /dashboard/series', 'dashboard /dashboard/stats']);
});

test('figures that the service keeps for a while are asked for once more when it has counted anew', () => {
  const { topic, pass } = rig();
  topic('dashboard');
  expect(pass(0)).toHaveLength(2);
  expect(pass(17_999)).toEqual([]);
  expect(pass(1)).toEqual(['dashboard /dashboard/stats']);
  expect(pass(13_000)).toEqual(['dashboard /dashboard/series']);
  expect(pass(120_000)).toEqual([]);
});

test('consoles ask at moments of their own', () => {
  const { topic, pass } = rig(0.5);
  topic('packages');
  expect(pass(124)).toEqual([]);
  expect(pass(1)).toEqual(['packages']);
});

test('everything is old after a reset, and nothing is told of after the end', () => {
  const { everything, topic, stop, pass } = rig();
  everything();
  expect(pass(0)).toEqual(['']);
  topic('packages');
  stop();
  expect(pass(60_000)).toEqual([]);
});
