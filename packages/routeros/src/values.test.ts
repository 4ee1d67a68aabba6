import fc from 'fast-check';
import { canonicalValue, formatDuration, parseBoolean, parseDurationMs, parseRate, sameValue } from './values.js';

describe('durations', () => {
  test.each([
    ['1w2d3h4m5s', 788_645_000],
    ['30m', 1_800_000],
    ['0s', 0],
    ['500ms', 500],
    ['1s500ms', 1_500],
    ['5m500ms', 300_500],
    ['1:30:00', 5_400_000],
    ['01:22:53', 4_973_000],
    ['1d 02:00:00', 93_600_000],
    ['2d09:29:51', 206_991_000],
    ['00:00:01.5', 1_500],
    ['90', 90_000],
  ])('%s is %d ms', (text, durationMs) => {
    expect(parseDurationMs(text)).toBe(durationMs);
  });

  test.each(['', 'none', 'auto', '1h30', '5m1h', '-1s', '1.5h', '1:30', '1:60:00', ' 1s', '1s '])(
    '%p is none',
    (text) => {
      expect(parseDurationMs(text)).toBeUndefined();
    },
  );

  test('are read back from the form the router prints', () => {
    fc.assert(
      fc.property(fc.nat(4_000_000_000), (durationMs) => parseDurationMs(formatDuration(durationMs)) === durationMs),
    );
    expect(formatDuration(788_645_000)).toBe('1w2d3h4m5s');
    expect(formatDuration(0)).toBe('0s');
  });
});

test('rates are bits per second with decimal suffixes', () => {
  expect(['10M', '10000000', '512k', '1.5M', '1G', '0'].map(parseRate)).toEqual([1e7, 1e7, 512e3, 15e5, 1e9, 0]);
  expect(['', 'M', '10m', '10K', '10 M', '-1', '1e3'].map(parseRate)).toEqual(Array.from({ length: 7 }));
});

test('booleans are yes/no and true/false only', () => {
  expect(['yes', 'true', 'no', 'false', 'Yes', '1', ''].map(parseBoolean)).toEqual([
    true,
    true,
    false,
    false,
    undefined,
    undefined,
    undefined,
  ]);
});

describe('sameValue', () => {
  test.each([
    ['boolean', 'yes', 'true'],
    ['duration', '1h30m', '1:30:00'],
    ['duration', '60', '1m'],
    ['duration', '7d', '1w'],
    ['address', '10.0.0.1', '10.0.0.1/32'],
    ['rate', '10M/2M', '10000000/2000k'],
    ['rate', '10M/10M 20M/20M', '10000000/10000000 20000000/20000000'],
    ['list', 'http-chap,cookie', 'cookie,http-chap'],
    ['list', '10.0.0.0/24, 10.0.1.1', '10.0.1.1/32,10.0.0.0/24'],
    ['text', 'a', 'a'],
  ] as const)('%s: %p and %p are the same', (kind, left, right) => {
    expect(sameValue(kind, left, right)).toBe(true);
  });

  test.each([
    ['boolean', 'yes', 'no'],
    ['duration', 'none', '0s'],
    ['address', '10.0.0.1/24', '10.0.0.0/24'],
    ['rate', '10M/2M', '2M/10M'],
    ['list', '!api,web', 'api,web'],
    ['text', '10.0.0.1', '10.0.0.1/32'],
    ['text', 'yes', 'true'],
  ] as const)('%s: %p and %p differ', (kind, left, right) => {
    expect(sameValue(kind, left, right)).toBe(false);
  });

  test('a canonical value is its own canonical value', () => {
    const kinds = fc.constantFrom('text', 'boolean', 'duration', 'address', 'rate', 'list');
    const texts = fc.oneof(fc.string(), fc.stringMatching(/^[0-9:dhmswkMG/, .]{0,12}$/));
    fc.assert(
      fc.property(kinds, texts, (kind, text) => {
        const once = canonicalValue(kind, text);
        expect(canonicalValue(kind, once)).toBe(once);
      }),
    );
  });
});
