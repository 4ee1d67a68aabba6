import { cursorId } from '@turnpike/core/page.js';
import { cursorBefore, isId } from './list-position.js';

describe('where a list begins', () => {
  test('gives the id that follows, as the cursor of a list that goes down by id', () => {
    expect(cursorBefore('019ab0c4-53aa-7d60-8c4e-0123456789ab')).toBe('019ab0c4-53aa-7d60-8c4e-0123456789ac');
  });

  test('carries over the groups, and gives what the API takes as a cursor', () => {
    const cursor = cursorBefore('019ab0c4-53aa-7d60-8c4e-ffffffffffff');
    expect(cursor).toBe('019ab0c4-53aa-7d60-8c4f-000000000000');
    expect(cursorId(cursor)).toBe(cursor);
  });

  test('knows an id from other text', () => {
    expect(isId('019ab0c4-53aa-7d60-8c4e-0123456789ab')).toBe(true);
    expect(isId('codes')).toBe(false);
  });
});
