import { createRateMeter } from './rate-meter.js';

function steerable() {
  let ms = 5_000;
  return { clock: { monotonicMs: () => ms }, pass: (by: number) => void (ms += by) };
}

describe('a rate meter', () => {
  test('tells the mean of the last ten whole seconds', () => {
    const { clock, pass } = steerable();
    const meter = createRateMeter(clock);
    for (let second = 0; second < 30; second += 1) {
      for (let each = 0; each < 7; each += 1) meter.mark();
      pass(1_000);
    }
    expect(meter.perSecond()).toBe(7);
  });

  test('falls to nothing when nothing happens any more, however long', () => {
    const { clock, pass } = steerable();
    const meter = createRateMeter(clock);
    for (let each = 0; each < 100; each += 1) meter.mark();
    expect(meter.perSecond()).toBe(0);
    pass(1_000);
    expect(meter.perSecond()).toBe(10);
    pass(9_000);
    expect(meter.perSecond()).toBe(10);
    pass(1_000);
    expect(meter.perSecond()).toBe(0);
    pass(3_600_000);
    meter.mark();
    expect(meter.perSecond()).toBe(0);
    pass(1_000);
    expect(meter.perSecond()).toBe(0.1);
  });
});
