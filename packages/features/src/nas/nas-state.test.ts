import type { NasActivity } from '@turnpike/db/generated/client.js';
import { radiusOf } from './nas-state.js';

const NOW = new Date('2026-05-01T12:00:00.000Z');
const ago = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000);
const NOTHING: NasActivity = {
  routerId: '0190c6d5-7a1e-7000-8000-000000000001',
  lastRequestAt: null,
  currentUsedAt: null,
  previousUsedAt: null,
  signedAt: null,
  mismatches: 0n,
  lastMismatchAt: null,
  throttled: 0n,
  lastThrottledAt: null,
};

function shown(activity: Partial<NasActivity> | null, rotation: { at: Date } | undefined = undefined) {
  const facts = {
    activity: activity === null ? null : { ...NOTHING, ...activity },
    secretRotatedAt: rotation?.at ?? null,
    rotating: rotation !== undefined,
  };
  return radiusOf(facts, NOW);
}

describe("what is shown of a router's RADIUS side", () => {
  test.each([
    ['never heard of', null, 'silent'],
    ['nothing yet', {}, 'silent'],
    ['a packet a minute ago', { lastRequestAt: ago(1), currentUsedAt: ago(1) }, 'ok'],
    ['nothing for an hour', { lastRequestAt: ago(60), currentUsedAt: ago(60) }, 'silent'],
    ['sent too much just now', { lastRequestAt: ago(0), lastThrottledAt: ago(0.5) }, 'throttled'],
    ['sent too much a while ago', { lastRequestAt: ago(0), lastThrottledAt: ago(5) }, 'ok'],
  ] as const)('%s: %j is %s', (_what, activity, state) => {
    expect(shown(activity).state).toBe(state);
  });

  test('R14: a wrong secret newer than the last packet with a right one is shown, however long ago', () => {
    expect(shown({ lastMismatchAt: ago(1) }).state).toBe('secret_mismatch');
    expect(shown({ lastMismatchAt: ago(9_000), currentUsedAt: ago(9_001) }).state).toBe('secret_mismatch');
    expect(shown({ lastMismatchAt: ago(2), currentUsedAt: ago(1), lastRequestAt: ago(1) }).state).toBe('ok');
    expect(shown({ lastMismatchAt: ago(2), previousUsedAt: ago(1), lastRequestAt: ago(1) }).state).toBe('ok');
  });

  test('R14: an unsigned request, which proves no secret, does not clear it', () => {
    expect(shown({ lastMismatchAt: ago(2), lastRequestAt: ago(0) }).state).toBe('secret_mismatch');
  });

  test('R13: a rotation tells since when, and whether the old secret is still in use', () => {
    expect(shown({}, undefined).rotation).toBeNull();
    expect(shown({ previousUsedAt: ago(1) }, { at: ago(5) }).rotation).toEqual({
      since: ago(5).toISOString(),
      previousStillUsed: true,
    });
    expect(shown({ previousUsedAt: ago(11) }, { at: ago(12) }).rotation).toMatchObject({ previousStillUsed: false });
    expect(shown(null, { at: ago(12) }).rotation).toMatchObject({ previousStillUsed: false });
  });
});
