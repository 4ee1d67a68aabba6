import { milestonesOf, tookSeconds } from './run-timeline.js';

const at = (second: number) => `2026-11-23T08:00:${String(second).padStart(2, '0')}.000Z`;

describe('the timeline of a run', () => {
  test('has the moments that are known, each with the time since the one before', () => {
    const run = { kind: 'deploy', createdAt: at(0), startedAt: at(2), finishedAt: at(20) } as const;
    expect(milestonesOf({ ...run, journal: [{ at: at(9) }, { at: at(5) }] })).toEqual([
      { key: 'asked', at: at(0), afterSeconds: undefined },
      { key: 'begun', at: at(2), afterSeconds: 2 },
      { key: 'firstWrite', at: at(5), afterSeconds: 3 },
      { key: 'lastWrite', at: at(9), afterSeconds: 4 },
      { key: 'ended', at: at(20), afterSeconds: 11 },
    ]);
  });

  test('of a rollback leaves out the times of the journal, which are of the run it takes back', () => {
    const run = { kind: 'rollback', createdAt: at(30), startedAt: null, finishedAt: null } as const;
    expect(milestonesOf({ ...run, journal: [{ at: at(5) }] }).map(({ key }) => key)).toEqual(['asked']);
  });

  test('a run that goes on has taken until now', () => {
    expect(tookSeconds({ startedAt: at(1), finishedAt: null }, Date.parse(at(4)))).toBe(3);
    expect(tookSeconds({ startedAt: at(1), finishedAt: at(3) }, Date.parse(at(40)))).toBe(2);
    expect(tookSeconds({ startedAt: null, finishedAt: null }, 0)).toBeUndefined();
  });
});
