import { sayIn } from '../../words/say.js';
import { reportWords } from './report-words.js';
import { heatOf, labelOf, percentOf } from './sales-labels.js';

const en = sayIn(reportWords, 'en');
const sw = sayIn(reportWords, 'sw');

test('what has no name of its own is told in the language of the operator, names stay', () => {
  expect(labelOf({ key: 'cash', label: 'Cash' }, 'channel', sw)).toBe('Pesa taslimu');
  expect(labelOf({ key: 'agent', label: '' }, 'channel', en)).toBe('Vouchers through agents');
  expect(labelOf({ key: 'site:desk', label: 'desk' }, 'site', en)).toBe('desk');
  expect(labelOf({ key: 'desk', label: 'At the desk' }, 'site', sw)).toBe('Dukani');
  expect(labelOf({ key: 'none', label: 'x' }, 'agent', en)).toBe('Not through an agent');
  expect(labelOf({ key: '7-05', label: 'Sunday 05:00' }, 'hour', sw)).toBe('Jpl 05:00');
});

test('a part of nothing is none', () => {
  expect([percentOf(1, 3), percentOf(1, 0), percentOf(-5, -10)]).toEqual([33, null, null]);
});

test('hours without sales are zeros', () => {
  const sums = { payments: 1, customers: 1, grossMinor: 5, refundedMinor: 0, netMinor: 5, commissionMinor: 0 };
  const hours = heatOf([{ key: '7-23', label: '', ...sums }]);
  expect(hours[6]?.[23]).toBe(5);
  expect(hours.flat().filter((minor) => minor !== 0)).toEqual([5]);
  expect(hours.flat()).toHaveLength(168);
});
