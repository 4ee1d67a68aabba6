import { basisPointsOf, percentText } from './percent-text.js';

describe('commission in percent', () => {
  test('writes hundredths of a percent without needless digits', () => {
    expect(percentText(1_000)).toBe('10 %');
    expect(percentText(725)).toBe('7.25 %');
  });

  test('reads what people write without the rounding of floating point', () => {
    expect(basisPointsOf(7.25)).toBe(725);
    expect(basisPointsOf(0.29)).toBe(29);
    expect(basisPointsOf('')).toBeUndefined();
  });
});
