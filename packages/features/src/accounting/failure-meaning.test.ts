import { meaningOf } from './failure-meaning.js';

const failure = (code: string): Error => Object.assign(new Error('as PostgreSQL says it'), { code });

describe('what a failed batch means', () => {
  test.each(['22003', '22P02', '23502', '23503'])('A14: %s is the fault of a record, for good', (code) => {
    expect(meaningOf(failure(code))).toBe('for-good');
  });

  test.each(['40P01', '40001', 'XX000'])('A14: %s may pass', (code) => {
    expect(meaningOf(failure(code))).toBe('may-pass');
  });

  test.each(['ECONNREFUSED', '57P01', '57014', '55P03', '53100', '25006', '42P01', 'P2028'])(
    'A13: after %s no record is to blame and all wait',
    (code) => {
      expect(meaningOf(failure(code))).toBe('store-away');
    },
  );

  test('A14: a number that is none is so for good, any other error may pass', () => {
    expect(meaningOf(new SyntaxError('Cannot convert x to a BigInt'))).toBe('for-good');
    expect(meaningOf(new Error('something else'))).toBe('may-pass');
  });
});
