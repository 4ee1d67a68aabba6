import { redemptionMap } from './redemption-map.js';

describe('when vouchers were redeemed', () => {
  test('counts by weekday and hour of the zone, Monday first', () => {
    // A Sunday evening in UTC is Monday in Nairobi.
    const map = redemptionMap(
      [
        { redeemedAt: '2026-11-22T22:15:00Z' },
        { redeemedAt: '2026-11-22T22:45:00Z' },
        { redeemedAt: '2026-11-28T09:00:00Z' },
      ],
      'Africa/Nairobi',
    );
    expect(map.hours[0]?.[1]).toBe(2);
    expect(map.hours[5]?.[12]).toBe(1);
    expect(map).toMatchObject({ total: 3, most: 2 });
    expect(map.days).toEqual([
      { day: '2026-11-23', count: 2 },
      { day: '2026-11-28', count: 1 },
    ]);
  });

  test('leaves out what was not redeemed', () => {
    expect(redemptionMap([{ redeemedAt: null }], 'UTC')).toMatchObject({ total: 0, most: 0, days: [] });
  });
});
