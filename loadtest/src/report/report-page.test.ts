import { readResult, type Result } from './read-result.js';
import { reportPage } from './report-page.js';
import { niceTop, seriesChart } from './series-chart.js';

const kept = {
  scenario: 'sample',
  command: 'npm run loadtest -- sample --name <b>',
  date: '2026-11-23T00:01:54.548Z',
  commit: '9f60fdd521',
  machine: { cpu: 'AMD EPYC', cores: 2, memoryGiB: 24, os: 'Linux', node: 'v20.20.2' },
  figures: [
    { name: 'requests per second', value: 3_100.4, unit: '/s', atLeast: 3_000, values: [2_900, 3_100.4, 3_200] },
    { name: 'p95', value: 61.25, unit: 'ms', atMost: 50 },
    { name: 'not measured', value: null, unit: 'ms', atMost: 50 },
    { name: 'for information', value: 3, unit: '' },
  ],
  series: [{ name: 'p95', unit: 'ms', everySeconds: 1, values: [10, 60, null, 20, 30], atMost: 50 }],
  table: { title: 'Users', columns: ['users', 'needed'], rows: [['100', 0.33]] },
};

function sample(change: object = {}): Result {
  const result = readResult(JSON.stringify({ ...kept, ...change }));
  if (result === undefined) throw new Error('the sample is not a result');
  return result;
}

test('shows each figure against its bound, and nothing that it would have to fetch or run', () => {
  const page = reportPage([sample(), sample({ scenario: 'another', figures: [], series: [] })]);
  expect(page).toContain('2 of 3 missed');
  expect(page).toContain('3,100/s');
  expect(page).toContain('2,900, 3,100, 3,200');
  expect(page).toContain('not measured');
  expect(page).toContain('&lt;b&gt;');
  expect(page).toContain('2026-11-23 00:01 UTC');
  expect(page).not.toMatch(/<script|https?:|url\(|<b>&lt;b|@import/);
  expect(page.indexOf('id="another"')).toBeLessThan(page.indexOf('id="sample"'));
});

test('a result of before there were series is shown as well, and another file is not one', () => {
  const { series: _series, table: _table, ...old } = kept;
  expect(readResult(JSON.stringify(old))?.series).toEqual([]);
  expect(readResult('{"some":"file"}')).toBeUndefined();
});

test('a chart breaks its line where nothing was measured and has its bound', () => {
  const svg = seriesChart({ name: 'p95', unit: 'ms', everySeconds: 1, values: [10, 60, null, 20, 30], atMost: 50 });
  expect(svg.match(/<polyline/g)).toHaveLength(2);
  expect(svg).toContain('class="bound"');
  expect(svg).not.toContain('NaN');
  expect(seriesChart({ name: 'none', unit: '', everySeconds: 1, values: [] })).not.toContain('NaN');
  expect([0, 0.4, 7, 61, 3_100].map(niceTop)).toEqual([1, 1, 8, 80, 3_200]);
});
