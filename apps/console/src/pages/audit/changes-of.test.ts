import { changesOf } from './changes-of.js';

describe('details of an audit entry', () => {
  test('sets what a field was beside what it is', () => {
    const details = { before: { name: 'a', site: null }, after: { name: 'b', site: 'Thika' }, note: 'moved' };
    expect(changesOf(details)).toEqual([
      { field: 'name', before: 'a', after: 'b' },
      { field: 'site', before: '–', after: 'Thika' },
      { field: 'note', before: undefined, after: 'moved' },
    ]);
  });

  test('lists what has no before, lists and objects as JSON', () => {
    expect(changesOf({ count: 3, scopes: ['a'], before: 'noon' })).toEqual([
      { field: 'count', before: undefined, after: '3' },
      { field: 'scopes', before: undefined, after: '["a"]' },
      { field: 'before', before: undefined, after: 'noon' },
    ]);
  });
});
