import { isId } from './is-id.js';

test('knows an id from other text', () => {
  expect(isId('019ab0c4-53aa-7d60-8c4e-0123456789ab')).toBe(true);
  expect(isId('codes')).toBe(false);
});
