import { createPortalKeys } from './portal-keys.js';
import { openState, signState, stateOfQuery } from './portal-state.js';

const keys = createPortalKeys(['ab'.repeat(32)]);
const now = new Date('2026-11-23T10:00:00Z');
const nas = '0190c6d5-7a1e-7000-8000-0000000000aa';
const query = {
  mac: 'aa-bb-cc-dd-ee-ff',
  'link-login-only': 'http://10.5.50.1/login',
  'chap-id': '\\215',
  'chap-challenge': '\\001\\002',
  nas,
};

describe('what the router told of a phone', () => {
  test('survives the way through the pages', () => {
    const state = stateOfQuery(query);
    expect(state).toMatchObject({ mac: 'AA:BB:CC:DD:EE:FF', nas, loginUrl: 'http://10.5.50.1/login' });
    expect(openState(keys, signState(keys, state, now), now)).toEqual(state);
  });

  test('S4: is not believed when it was changed, made with another key or for something else, or is a day old', () => {
    const signed = signState(keys, stateOfQuery(query), now);
    const other = createPortalKeys(['cd'.repeat(32)]);
    expect(openState(other, signed, now)).toBeUndefined();
    expect(openState(keys, `x${signed}`, now)).toBeUndefined();
    expect(openState(keys, keys.sign('pass', signed.split('.')[0] ?? ''), now)).toBeUndefined();
    expect(openState(keys, signed, new Date(now.getTime() + 86_500_000))).toBeUndefined();
    for (const junk of ['', '.', 'a.b', 'x'.repeat(5_000)]) expect(openState(keys, junk, now)).toBeUndefined();
  });

  test('what was signed with a key that was rotated is still believed', () => {
    const signed = signState(keys, stateOfQuery(query), now);
    expect(openState(createPortalKeys(['cd'.repeat(32), 'ab'.repeat(32)]), signed, now)).toBeDefined();
  });

  test('nonsense is left out', () => {
    expect(
      stateOfQuery({ mac: '<script>', nas: "' OR 1=1", 'link-login-only': 'x'.repeat(400), 'chap-id': ['a'] }),
    ).toEqual({ mac: undefined, nas: undefined, loginUrl: undefined, chap: undefined });
  });
});
