import { nearTime } from './when.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const ago = (seconds: number): Date => new Date(NOW - seconds * 1_000);

test.each([
  [3, '3 sec. ago'],
  [100, '2 min. ago'],
  [7_200, '2 hr. ago'],
  [86_400, 'yesterday'],
  [-3_600, 'in 1 hr.'],
])('%d seconds ago reads %s', (seconds, text) => {
  expect(nearTime(ago(seconds), 'en', NOW)).toBe(text);
});
