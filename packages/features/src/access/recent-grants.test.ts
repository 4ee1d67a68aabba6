import { createSteerableClock } from '@turnpike/testkit/steerable-clock.js';
import { createRecentGrants } from './recent-grants.js';

describe('recent grants', () => {
  test('are known for at least five seconds and at most ten, however long nothing happens', () => {
    const clock = createSteerableClock();
    const grants = createRecentGrants(clock);
    grants.note('e', 'a');
    clock.advance(4_999);
    grants.note('e', 'b');
    expect(grants.devicesOf('e')).toEqual(['a', 'b']);
    clock.advance(4_999);
    expect(grants.devicesOf('e')).toContain('b');
    clock.advance(5_001);
    expect(grants.devicesOf('e')).toEqual([]);
    grants.note('e', 'c');
    clock.advance(3_600_000);
    expect(grants.devicesOf('e')).toEqual([]);
  });

  test('name a device once, and not after it was forgotten', () => {
    const grants = createRecentGrants(createSteerableClock());
    expect([grants.note('e', 'a'), grants.note('e', 'a')]).toEqual([true, false]);
    grants.note('other', 'b');
    expect(grants.devicesOf('e')).toEqual(['a']);
    grants.forget('e', 'a');
    expect(grants.devicesOf('e')).toEqual([]);
    expect(grants.devicesOf('other')).toEqual(['b']);
  });
});
