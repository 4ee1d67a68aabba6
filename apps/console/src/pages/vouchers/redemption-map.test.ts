import { redemptionMap, shareOf } from './redemption-map.js';

describe('when vouchers were redeemed', () => {
  test('is a week of hours, Monday first, with the fullest of them', () => {
    const map = redemptionMap([
      { weekday: 1, hour: 1, redeemed: 2 },
      { weekday: 6, hour: 12, redeemed: 1 },
    ]);
    expect([map.hours.length, map.hours[0]?.length]).toEqual([7, 24]);
    expect([map.hours[0]?.[1], map.hours[5]?.[12], map.hours[6]?.[0]]).toEqual([2, 1, 0]);
    expect(map.most).toBe(2);
  });

  test('is empty without any', () => {
    expect(redemptionMap([])).toMatchObject({ most: 0 });
  });
});

describe('where vouchers were redeemed', () => {
  test('the fullest site fills its bar, the others as much of it as they have', () => {
    const places = [{ redeemed: 40 }, { redeemed: 10 }];
    expect(places.map(({ redeemed }) => shareOf(redeemed, places))).toEqual([100, 25]);
    expect(shareOf(0, [])).toBe(0);
  });
});
