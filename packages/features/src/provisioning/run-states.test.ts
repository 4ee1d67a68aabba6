import { runStates } from '@turnpike/contracts/provisioning.js';
import { applyingPercent, isFinished, isPast, mayMove, percentOnEntry } from './run-states.js';

describe('the states of a run', () => {
  test('are all reached from queued, and every unfinished one leads to an end', () => {
    const reached = new Set(['queued']);
    for (const from of runStates) for (const to of runStates) if (mayMove(from, to)) reached.add(to);
    expect([...reached].sort()).toEqual([...runStates].sort());
    const ends = (state: (typeof runStates)[number], seen: readonly string[] = []): boolean =>
      isFinished(state) ||
      runStates.some((next) => mayMove(state, next) && !seen.includes(next) && ends(next, [...seen, state]));
    expect(runStates.filter((state) => !ends(state))).toEqual([]);
  });

  test('are never left once finished', () => {
    const finished = runStates.filter(isFinished);
    expect(finished).toEqual(['succeeded', 'failed', 'rolled_back', 'rollback_failed', 'cancelled']);
    for (const from of finished) expect(runStates.filter((to) => mayMove(from, to))).toEqual([]);
  });

  test('are not walked back by a worker that takes the run up again', () => {
    expect(isPast('applying', 'connecting')).toBe(true);
    expect(isPast('applying', 'applying')).toBe(true);
    expect(isPast('applying', 'verifying')).toBe(false);
    expect(isPast('waiting_for_operator', 'preflight')).toBe(false);
  });

  test('come with percents that grow while changes are made', () => {
    const steps = Array.from({ length: 11 }, (_, done) => applyingPercent(done, 10));
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(steps[0]).toBe(percentOnEntry.applying);
    expect(steps[10]).toBe(percentOnEntry.verifying);
    expect(applyingPercent(0, 0)).toBe(percentOnEntry.verifying);
  });
});
