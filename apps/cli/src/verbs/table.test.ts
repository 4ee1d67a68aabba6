import { formatTable, type Column } from './table.js';
import { ago, amountOf, count, sizeOf, spanOf } from './words.js';

interface Row {
  readonly name: string;
  readonly bytes: string;
}

const plain = (text: string): string => text;
const columns: Column<Row>[] = [
  { title: 'name', value: ({ name }) => name, mayShrink: true },
  { title: 'bytes', value: ({ bytes }) => bytes, align: 'right' },
];

describe('a table', () => {
  test('is aligned, with nothing after the last column', () => {
    const rows = [
      { name: 'a', bytes: '12' },
      { name: 'a longer one', bytes: '1' },
    ];
    expect(formatTable(columns, rows, 80, plain)).toEqual([
      'name          bytes',
      'a                12',
      'a longer one      1',
    ]);
    expect(formatTable([...columns].reverse(), rows, 80, plain)[1]).toBe('   12  a');
  });

  test('cuts what may be cut, and says so, until it fits', () => {
    const [, line] = formatTable(columns, [{ name: 'n'.repeat(200), bytes: '1' }], 40, plain);
    expect(line).toBe(`${'n'.repeat(32)}…      1`);
  });

  test('never cuts what must be whole, and keeps one line a row', () => {
    const [, line = ''] = formatTable(columns, [{ name: 'two\nlines', bytes: '9'.repeat(50) }], 40, plain);
    expect(line).toBe(`two lin…  ${'9'.repeat(50)}`);
  });

  test('colours cells without moving them', () => {
    const red = { ...columns[1], title: 'b', value: () => '1', paint: () => (text: string) => `<${text}>` };
    expect(formatTable([red], [{ name: '', bytes: '' }], 80, plain)).toEqual(['b', '<1>']);
  });
});

describe('words', () => {
  test('times are told in their two biggest units', () => {
    expect([0, 59, 61, 3_600, 90_061, 172_800].map(spanOf)).toEqual(['0s', '59s', '1m 1s', '1h', '1d 1h', '2d']);
    const now = new Date('2026-11-23T08:00:00.000Z');
    expect([ago(null, now), ago('2026-11-23T07:58:30.000Z', now)]).toEqual(['-', '1m 30s']);
  });

  test('sizes, money and counts', () => {
    expect([sizeOf('512'), sizeOf('1536'), sizeOf('5368709120')]).toEqual(['512 B', '1.5 KiB', '5.0 GiB']);
    expect(amountOf(1050, 'KES')).toBe('KES 10.50');
    expect([count(1, 'router'), count(2, 'router')]).toEqual(['1 router', '2 routers']);
  });
});
