import { componentKind, remedyOf } from './component-kind.js';

describe('components of the health answer', () => {
  test('tells stores from processes, and the instances of a role apart', () => {
    expect(componentKind('redis durable')).toEqual({ kind: 'durable', isStore: true, instance: '' });
    expect(componentKind('radius-auth 1')).toEqual({ kind: 'radiusAuth', isStore: false, instance: '1' });
    expect(componentKind('worker')).toEqual({ kind: 'worker', isStore: false, instance: '' });
    expect(componentKind('mystery 3')).toEqual({ kind: 'other', isStore: false, instance: 'mystery 3' });
  });

  test('knows what to do about each kind', () => {
    expect(remedyOf('radiusAcct')).toBe('doRadius');
    expect(remedyOf('other')).toBe('doOther');
  });
});
