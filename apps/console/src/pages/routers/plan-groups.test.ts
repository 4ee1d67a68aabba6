import type { PlanOperation } from '@turnpike/contracts/provisioning.js';
import { countPlan, diffLines, groupPlan } from './plan-groups.js';

const operation = (op: PlanOperation['op'], path: string, key: string): PlanOperation => ({
  op,
  path,
  key,
  changes: {},
});

describe('a plan', () => {
  const operations = [
    operation('add', '/ip/pool', 'a'),
    operation('set', '/ip/hotspot', 'b'),
    operation('add', '/ip/pool', 'c'),
    operation('remove', '/ppp/profile', 'd'),
  ];

  test('is grouped by menu in the order in which menus are first touched', () => {
    expect(groupPlan(operations).map(({ path, operations: members }) => [path, members.map(({ key }) => key)])).toEqual(
      [
        ['/ip/pool', ['a', 'c']],
        ['/ip/hotspot', ['b']],
        ['/ppp/profile', ['d']],
      ],
    );
  });

  test('says how many things it adds, changes and removes', () => {
    expect(countPlan(operations)).toEqual({ add: 2, set: 1, remove: 1 });
  });

  test('shows of a change what was there before, also where nothing was', () => {
    const changes = { ranges: { from: null, to: '10.0.0.1' }, secret: '[redacted]' };
    expect(diffLines({ op: 'set', changes })).toEqual([
      { property: 'ranges', sign: '~', value: '10.0.0.1', before: null },
      { property: 'secret', sign: '~', value: '[redacted]', before: undefined },
    ]);
  });
});
