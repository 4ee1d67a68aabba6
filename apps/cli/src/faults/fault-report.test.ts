import { faultIdsOf } from './fault-ids.js';
import { reportFaults } from './fault-report.js';

const FAULT = { id: 'R6', fault: 'something breaks', required: 'nothing is lost' };
const FILE = 'packages/x/src/x.test.ts';
const RAN_AT = '2026-11-23T01:00:00.000Z';

function verdictOf(
  names: readonly string[],
  ran: readonly (readonly [name: string, status: 'passed' | 'failed'])[],
): string {
  const claims = names.map((name) => ({ kind: 'test' as const, file: FILE, name, ids: faultIdsOf(name) }));
  const tests = ran.map(([name, status]) => ({ name, status }));
  const record = { files: { [FILE]: { ranAt: RAN_AT, tests } } };
  return reportFaults({ faults: [FAULT], claims, record, scenarios: [] })[0]?.verdict ?? 'no row';
}

describe('ids of a name', () => {
  test.each([
    ['R6: drops it', ['R6']],
    ['R6, R14: drops it', ['R6', 'R14']],
    ['R6 D12: drops it', ['R6', 'D12']],
    ['drops R6: no', []],
    ['R6 drops it', []],
    ['GET: none', []],
  ])('%s', (name, ids) => {
    expect(faultIdsOf(name)).toEqual(ids);
  });
});

describe('the report of faults', () => {
  test('says so when a fault has no test, or only tests of others', () => {
    expect(verdictOf([], [])).toBe('untested');
    expect(verdictOf(['R7: another one'], [['R7: another one', 'passed']])).toBe('untested');
  });

  test('tells a test that passed from one that failed and one that was never run', () => {
    expect(verdictOf(['R6: holds'], [['R6: holds', 'passed']])).toBe('passed');
    expect(verdictOf(['R6: holds'], [['group \u203a R6: holds', 'failed']])).toBe('failed');
    expect(verdictOf(['R6: holds'], [['R6: holds and more', 'passed']])).toBe('not run');
  });

  test('fails a fault when one of its tests does, also in a group or with values filled in', () => {
    expect(
      verdictOf(
        ['R6: a', 'R6: b'],
        [
          ['R6: a', 'passed'],
          ['R6: b', 'failed'],
        ],
      ),
    ).toBe('failed');
    expect(
      verdictOf(
        ['R6: the group'],
        [
          ['R6: the group \u203a one', 'passed'],
          ['R6: the group \u203a two', 'failed'],
        ],
      ),
    ).toBe('failed');
    expect(verdictOf(['R6: loses %p packets'], [['R6: loses 5 packets', 'failed']])).toBe('failed');
    expect(verdictOf(['R6: loses ${count} packets'], [['R6: loses 5 packets', 'passed']])).toBe('passed');
  });

  test('takes a scenario by its last result, a part of it only where there is no whole one', () => {
    const claims = [{ kind: 'scenario' as const, file: 'loadtest/src/chaos/x.ts', name: 'kill', ids: ['R6'] }];
    const verdict = (...scenarios: readonly (readonly [name: string, passed: boolean])[]) =>
      reportFaults({
        faults: [FAULT],
        claims,
        record: { files: {} },
        scenarios: scenarios.map(([name, passed]) => ({ name, passed, ranAt: RAN_AT })),
      })[0]?.verdict;
    expect(verdict(['chaos-kill', true])).toBe('passed');
    expect(verdict(['chaos-kill', false])).toBe('failed');
    expect(verdict(['chaos-kill-redis', false])).toBe('failed');
    expect(verdict(['chaos-kill', true], ['chaos-kill-redis', false])).toBe('passed');
    expect(verdict(['chaos-killing', true])).toBe('not run');
  });
});
