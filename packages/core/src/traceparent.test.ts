import { currentTraceparent, formatTraceparent, parseTraceparent } from './traceparent.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const GOOD = `00-${TRACE}-${SPAN}-01`;

test('reads and writes the example of the specification', () => {
  const parsed = parseTraceparent(GOOD);
  expect(parsed).toMatchObject({ traceId: TRACE, spanId: SPAN, traceFlags: 1 });
  expect(parsed && formatTraceparent(parsed)).toBe(GOOD);
});

test('of the flags only "sampled" counts', () => {
  expect(parseTraceparent(`00-${TRACE}-${SPAN}-fe`)?.traceFlags).toBe(0);
  expect(parseTraceparent(`00-${TRACE}-${SPAN}-ff`)?.traceFlags).toBe(1);
});

test('takes a later version with more fields', () => {
  expect(parseTraceparent(`cc-${TRACE}-${SPAN}-01-what-the-future-brings`)?.spanId).toBe(SPAN);
});

test.each([
  ['nothing', undefined],
  ['null', null],
  ['an empty text', ''],
  ['more fields in version 00', `${GOOD}-more`],
  ['version ff', `ff-${TRACE}-${SPAN}-01`],
  ['an all-zero trace', `00-${'0'.repeat(32)}-${SPAN}-01`],
  ['an all-zero span', `00-${TRACE}-${'0'.repeat(16)}-01`],
  ['upper case', GOOD.toUpperCase()],
  ['something else before it', ` ${GOOD}`],
  ['a line break after it', `${GOOD}\n`],
])('is none: %s', (_name, text) => {
  expect(parseTraceparent(text)).toBeUndefined();
});

test('outside of any span there is none', () => {
  expect(currentTraceparent()).toBeNull();
});
