import { undoable } from './undoable.js';

const deploy = { id: 'd', kind: 'deploy', state: 'succeeded', writes: 3, undoesRunId: null } as const;

describe('taking back the last deploy', () => {
  test('needs one that succeeded and changed something', () => {
    expect(undoable([])).toBe('none');
    expect(undoable([{ ...deploy, state: 'failed' }])).toBe('none');
    expect(undoable([{ ...deploy, writes: 0 }])).toBe('none');
    expect(undoable([deploy])).toBe('yes');
  });

  test('is done once; one that was refused can be tried again', () => {
    const rollback = { id: 'r', kind: 'rollback', writes: 3, undoesRunId: 'd' } as const;
    expect(undoable([{ ...rollback, state: 'rolled_back' }, deploy])).toBe('taken');
    expect(undoable([{ ...rollback, state: 'failed' }, deploy])).toBe('yes');
  });
});
