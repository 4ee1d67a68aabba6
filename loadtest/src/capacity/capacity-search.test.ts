import { confirmCapacity, searchCapacity } from './capacity-search.js';
import { capacityTable, neededRate, usersWithin } from './capacity-table.js';

function upTo(limit: number): { tried: number[]; holds: (rate: number) => Promise<boolean> } {
  const tried: number[] = [];
  return {
    tried,
    holds: async (rate) => {
      tried.push(rate);
      return rate <= limit;
    },
  };
}

test('finds what holds to within a few parts in a hundred, in a few steps', async () => {
  for (const limit of [3_217, 500, 501, 12_345]) {
    const { tried, holds } = upTo(limit);
    const found = await searchCapacity({ from: 500, most: 20_000, within: 0.04, holds });
    expect(found).toBeLessThanOrEqual(limit);
    expect(found).toBeGreaterThan(limit * 0.95);
    expect(tried.length).toBeLessThan(14);
    expect(new Set(tried).size).toBe(tried.length);
  }
});

test('goes below where it began, and ends with 0 when nothing holds', async () => {
  const low = await searchCapacity({ from: 500, most: 20_000, within: 0.04, holds: upTo(90).holds });
  expect(low).toBeGreaterThan(85);
  expect(low).toBeLessThanOrEqual(90);
  expect(await searchCapacity({ from: 500, most: 20_000, within: 0.04, holds: upTo(0).holds })).toBe(0);
});

test('does not ask for more than it may', async () => {
  const { tried, holds } = upTo(Infinity);
  expect(await searchCapacity({ from: 500, most: 3_000, within: 0.04, holds })).toBe(3_000);
  expect(Math.max(...tried)).toBe(3_000);
});

test('what a long run does not confirm is lowered, a few times', async () => {
  expect(await confirmCapacity(1_000, { tries: 5, down: 0.05, holds: upTo(960).holds })).toBe(950);
  expect(await confirmCapacity(1_000, { tries: 3, down: 0.05, holds: upTo(500).holds })).toBeUndefined();
  expect(await confirmCapacity(0, { tries: 3, down: 0.05, holds: upTo(500).holds })).toBeUndefined();
});

test('10 % of the users online, two requests a minute each', () => {
  expect([100, 1_000, 5_000, 10_000, 25_000, 50_000].map((users) => Number(neededRate(users).toFixed(2)))).toEqual([
    0.33, 3.33, 16.67, 33.33, 83.33, 166.67,
  ]);
  expect(usersWithin(neededRate(50_000))).toBe(50_000);
  const { columns, rows } = capacityTable(3_000);
  expect(rows.every((row) => row.length === columns.length)).toBe(true);
  expect(rows.at(-1)).toEqual(['100,000', '333', '11.1 %', '9.0 x', '1.5 x']);
  expect(rows[0]).toEqual(['100', '0.33', '0.0 %', '9,000 x', '1,500 x']);
});
