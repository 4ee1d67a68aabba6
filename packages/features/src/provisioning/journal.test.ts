import { undoOf, undoOrder, type JournalRecord } from './journal.js';

const record = (changes: Partial<JournalRecord>): JournalRecord => ({
  seq: 1,
  op: 'add',
  path: '/ip/pool',
  key: 'tp-hotspot1',
  rosId: null,
  before: null,
  sent: {},
  successor: null,
  state: 'done',
  ...changes,
});

describe('taking back', () => {
  test('goes from the last write to the first and leaves out what was taken back already', () => {
    const records = [record({ seq: 1 }), record({ seq: 2, state: 'undone' }), record({ seq: 3, state: 'intended' })];
    expect(undoOrder(records).map(({ seq }) => seq)).toEqual([3, 1]);
  });

  test('an add whose answer never came finds the row by our key', () => {
    const rows = [
      { '.id': '*1', name: 'pool' },
      { '.id': '*2', name: 'tp-hotspot1' },
    ];
    expect(undoOf(record({ state: 'intended' }), rows)).toEqual({ op: 'remove', rosId: '*2' });
    expect(undoOf(record({ state: 'intended' }), rows.slice(0, 1))).toEqual({ op: 'nothing' });
  });

  test('an add whose row is gone leaves a later row of the same name alone', () => {
    expect(undoOf(record({ rosId: '*2' }), [{ '.id': '*9', name: 'tp-hotspot1' }])).toEqual({ op: 'nothing' });
  });

  test('a set puts back what differs and nothing else', () => {
    const set = record({ op: 'set', rosId: '*1', before: { ranges: '10.0.0.2-10.0.0.9', comment: null } });
    const row = { '.id': '*1', ranges: '10.5.0.2-10.5.0.9', comment: 'tp:hotspot1:pool' };
    expect(undoOf(set, [row])).toEqual({
      op: 'set',
      rosId: '*1',
      attributes: { ranges: '10.0.0.2-10.0.0.9', comment: '' },
      unset: [],
    });
    expect(undoOf(set, [{ '.id': '*1', ranges: '10.0.0.2-10.0.0.9' }])).toEqual({ op: 'nothing' });
  });

  test('a set of a property that was not there unsets it, or says so in the router’s word for it', () => {
    const path = '/interface/bridge/port';
    const set = record({ op: 'set', path, rosId: '*1', before: { horizon: null, bridge: 'bridge' } });
    expect(undoOf(set, [{ '.id': '*1', horizon: '1', bridge: 'tp-hotspot1' }])).toMatchObject({
      attributes: { horizon: 'none', bridge: 'bridge' },
    });
    const rule = record({ op: 'set', path: '/ip/firewall/nat', rosId: '*1', before: { 'src-address': null } });
    expect(undoOf(rule, [{ '.id': '*1', 'src-address': '10.0.0.0/8' }])).toMatchObject({ unset: ['src-address'] });
  });

  test('a remove adds the row again in its place, once', () => {
    const path = '/ip/firewall/filter';
    const before = { chain: 'tp-input', action: 'drop', comment: 'tp:hotspot1:in-drop' };
    const removed = record({ op: 'remove', path, key: 'tp:hotspot1:in-drop', rosId: '*4', before, successor: '*5' });
    const rest = [{ '.id': '*5', chain: 'forward', action: 'accept' }];
    expect(undoOf(removed, rest)).toEqual({ op: 'add', attributes: before, placeBefore: '*5' });
    expect(undoOf(removed, [])).toMatchObject({ placeBefore: undefined });
    expect(undoOf(removed, [{ '.id': '*8', ...before }, ...rest])).toEqual({ op: 'nothing' });
  });
});
