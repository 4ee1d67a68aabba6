import { createSteerableClock } from '@turnpike/testkit/steerable-clock.js';
import { createForgeryWatch } from './forgery-watch.js';

describe('the watch over forged authenticators', () => {
  test('R5: more than ten in a minute from one NAS are an alarm, ten are none', () => {
    const clock = createSteerableClock();
    const watch = createForgeryWatch({ clock });
    for (let packet = 0; packet < 10; packet += 1) watch.note('a');
    for (let packet = 0; packet < 10; packet += 1) watch.note('b');
    expect(watch.alarms()).toBe(0);
    watch.note('a');
    expect(watch.alarms()).toBe(1);
    watch.note('b');
    expect(watch.alarms()).toBe(2);
  });

  test('R5: nine a minute for an hour are no alarm, twelve within a minute across two full minutes are', () => {
    const clock = createSteerableClock();
    const watch = createForgeryWatch({ clock });
    for (let packet = 0; packet < 540; packet += 1) {
      clock.advance(6_700);
      watch.note('steady');
      expect(watch.alarms()).toBe(0);
    }
    clock.advance(59_000);
    for (let packet = 0; packet < 6; packet += 1) watch.note('burst');
    clock.advance(2_000);
    for (let packet = 0; packet < 6; packet += 1) watch.note('burst');
    expect(watch.alarms()).toBe(1);
  });

  test('R5: the alarm ends a minute after the last of them', () => {
    const clock = createSteerableClock();
    const watch = createForgeryWatch({ clock });
    for (let packet = 0; packet < 1_000; packet += 1) watch.note('a');
    clock.advance(59_999);
    expect(watch.alarms()).toBe(1);
    clock.advance(60_001);
    expect(watch.alarms()).toBe(0);
  });
});
