import { durationText, octetsText, rateText } from './figures.js';

describe('figures for people', () => {
  test.each([
    [0n, '0 B'],
    [999n, '999 B'],
    [1_000n, '1.0 kB'],
    [1_950n, '1.9 kB'],
    [1_500_000_000n, '1.5 GB'],
    [18_446_744_073_709_551_615n, '18446.7 PB'],
  ])('%d bytes are %s', (octets, text) => {
    expect(octetsText(octets)).toBe(text);
  });

  test.each([
    [0, '0 s'],
    [59, '59 s'],
    [60, '1 min'],
    [3_661, '1 h 1 min'],
    [86_400, '1 d'],
    [90_000, '1 d 1 h'],
    [86_460, '1 d'],
  ])('%d seconds are %s: the two largest parts that follow one another', (seconds, text) => {
    expect(durationText(seconds)).toBe(text);
  });

  test('rates change their unit at a megabit', () => {
    expect([rateText(512), rateText(1_000), rateText(5_120), rateText(100_000)]).toEqual([
      '512 kbit/s',
      '1 Mbit/s',
      '5.1 Mbit/s',
      '100 Mbit/s',
    ]);
  });
});
