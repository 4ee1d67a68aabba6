import { queryOf, readViews, storeViews, withView } from './saved-views.js';

function storage(text: string | null) {
  let kept = text;
  return {
    getItem: () => kept,
    setItem: (_name: string, value: string) => {
      kept = value;
    },
  };
}

describe('saved views', () => {
  test('a stored view is read again', () => {
    const place = storage(null);
    storeViews(place, [{ name: 'Down', query: 'status=offline' }]);
    expect(readViews(place)).toEqual([{ name: 'Down', query: 'status=offline' }]);
  });

  test('what somebody else left at its place is no view, and breaks nothing', () => {
    expect(readViews(storage('{"a":1}'))).toEqual([]);
    expect(readViews(storage('not json'))).toEqual([]);
  });

  test('a view of the same name is replaced, and the list is sorted', () => {
    const views = [
      { name: 'B', query: 'q=b' },
      { name: 'A', query: 'q=old' },
    ];
    expect(withView(views, { name: 'A', query: 'q=new' })).toEqual([
      { name: 'A', query: 'q=new' },
      { name: 'B', query: 'q=b' },
    ]);
  });

  test('the same filters are the same text, in whatever order they were set', () => {
    expect(queryOf({ status: 'offline', q: 'gate 1', site: '' })).toBe('q=gate+1&status=offline');
    expect(queryOf({ q: 'gate 1', site: '', status: 'offline' })).toBe('q=gate+1&status=offline');
  });
});
