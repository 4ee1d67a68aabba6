import { rangeOf, usageDays } from './usage-days.js';

describe('usage by day', () => {
  test('what the customer got is down, what they sent is up, in the order of the days', () => {
    const rest = { sessions: 1, seconds: 60 };
    expect(
      usageDays([
        { day: '2026-11-22', inputOctets: '1', outputOctets: '2', ...rest },
        { day: '2026-11-23', inputOctets: '15', outputOctets: '150', ...rest },
      ]),
    ).toEqual([
      { day: '2026-11-22', down: 2, up: 1 },
      { day: '2026-11-23', down: 150, up: 15 },
    ]);
  });

  test('a range has as many days as it is called, today being the last', () => {
    expect(rangeOf('7', '2026-03-02')).toEqual({ from: '2026-02-24', to: '2026-03-02' });
    expect(rangeOf('30', '2026-11-23')).toEqual({ from: '2026-10-25', to: '2026-11-23' });
  });
});
