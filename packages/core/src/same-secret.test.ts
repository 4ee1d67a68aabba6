import { sameSecret } from './same-secret.js';

test('only equal texts are the same, of whatever length', () => {
  expect(sameSecret('token', 'token')).toBe(true);
  expect(sameSecret('', '')).toBe(true);
  for (const other of ['Token', 'toke', 'token ', '']) expect(sameSecret('token', other)).toBe(false);
});
