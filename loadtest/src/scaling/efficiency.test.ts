import { holds } from '../results.js';
import { efficiency, scalingFigures } from './efficiency.js';
import { placement } from './placement.js';

const runs = (perSecond: number, idleShare: number) => [{ perSecond, idleShare }];

test('efficiency is the rate against so many times the rate of one', () => {
  expect(efficiency(180, 2, 100)).toBeCloseTo(0.9);
  expect(efficiency(100, 2, 0)).toBeNaN();
});

test('a step holds its bound by the median of its runs', () => {
  const two = [...runs(10, 0.2), ...runs(170, 0.2), ...runs(171, 0.2)];
  const figures = scalingFigures('API', '/s', [
    { processes: 1, placed: 'core 0', runs: runs(100, 0.5) },
    { processes: 2, placed: '', runs: two },
  ]);
  expect(figures.map(({ name, value }) => [name, Math.round(value)])).toEqual([
    ['API, 1 process (core 0)', 100],
    ['API, 1 process: machine idle', 50],
    ['API, 2 processes', 170],
    ['API, 2 processes: machine idle', 20],
    ['API, 2 processes: efficiency', 85],
  ]);
  expect(figures.every(holds)).toBe(true);
});

test('a step that missed its bound is a miss, unless it had no core left to run on', () => {
  const last = (idleShare: number) =>
    scalingFigures('Jobs', '/s', [
      { processes: 1, placed: '', runs: runs(100, 0.6) },
      { processes: 4, placed: '', runs: runs(200, idleShare) },
    ]).at(-1);
  expect(last(0.3)).toMatchObject({ value: 50, atLeast: 80 });
  expect(last(0.04)).toEqual({ name: 'Jobs, 4 processes: efficiency (cores full: no bound)', value: 50, unit: '%' });
});

test('the generator has the last core, and shares it only when there are no others left', () => {
  expect(placement(4, 2)).toEqual({ generator: '3', processes: '0-2', shared: false });
  expect(placement(2, 1)).toEqual({ generator: '1', processes: '0', shared: false });
  expect(placement(2, 2)).toEqual({ generator: '1', processes: '0-1', shared: true });
  expect(placement(1, 1)).toEqual({ generator: '0', processes: '0', shared: true });
});
