import { explainAccess, type AccessFacts } from './access-explanation.js';
import { anEntitlement, aSubject } from './access-rig.js';
import type { AccessOutcome, DecisionNote } from './decision-note.js';
import type { SnapshotEntitlement, SubjectSnapshot } from './subject-snapshot.js';

/** A Monday, 15:00 in Nairobi. */
const NOW = new Date('2026-06-01T12:00:00.000Z');
const MAC = '02:AA:BB:CC:DD:01';

const entitlement = (more: Partial<SnapshotEntitlement> = {}) => anEntitlement(NOW.getTime(), more);
const note = (outcome: AccessOutcome, more: Partial<DecisionNote> = {}): DecisionNote => ({
  at: NOW.getTime() - 120_000,
  routerId: 'router-1',
  method: 'chap',
  outcome,
  device: MAC,
  ...more,
});

function explain(subject: Partial<SubjectSnapshot>, more: Partial<AccessFacts> = {}) {
  return explainAccess({
    username: 'amina',
    snapshot: aSubject('c', { entitlements: [entitlement()], ...subject }),
    packageNames: new Map([[entitlement().id, 'Day pass']]),
    notes: [note('accept')],
    notesKnown: true,
    router: { id: 'router-1', site: 'Market' },
    holdersOf: () => [],
    now: NOW,
    ...more,
  });
}

const DAY_PASS = '“Day pass” (2026-06-01 11:59 UTC to 2026-06-01 13:00 UTC)';

describe('why somebody can or cannot get online', () => {
  test('somebody fine is told to be fine, with the last login', () => {
    expect(explain({})).toEqual({
      verdict: 'accept',
      message: `amina may go online with ${DAY_PASS}; the last login, at 2026-06-01 11:58 UTC, was let in (device ${MAC}).`,
      remedy: null,
    });
  });

  test('of somebody fine who never tried it says so, unless that cannot be known', () => {
    const { message, remedy } = explain({}, { notes: [] });
    expect(message).toContain('no login has reached us in the last seven days');
    expect(remedy).toContain('router');
    expect(explain({}, { notes: [], notesKnown: false }).message).toContain('cannot be read just now');
  });

  test('a wrong password is the verdict, however fine the package is', () => {
    const notes = [note('wrong_password'), note('wrong_password'), note('accept')];
    const { verdict, message, remedy } = explain({}, { notes });
    expect(verdict).toBe('wrong_password');
    expect(message).toContain(
      'the password was wrong (device 02:AA:BB:CC:DD:01), 2 times in a row; otherwise amina may',
    );
    expect(remedy).toMatch(/password/);
  });

  test('an obstacle of the last login that is gone is called settled', () => {
    const { verdict, message, remedy } = explain({}, { notes: [note('expired')] });
    expect(verdict).toBe('accept');
    expect(message).toContain('is settled');
    expect(remedy).toContain('log in again');
  });

  test('what waits for its first login is named by how long it will be valid', () => {
    const far = new Date('9999-12-31T23:59:59.999Z').getTime();
    const waiting = entitlement({ state: 'pending', endsAt: far, validForSeconds: 90_000 });
    expect(explain({ entitlements: [waiting] }).message).toContain(
      '“Day pass” (1 day 1 hour from its first login, which may come from 2026-06-01 11:59 UTC on)',
    );
  });

  test('a refusal of days ago is not what stands in the way today', () => {
    const notes = [note('wrong_password', { at: NOW.getTime() - 3 * 24 * 3_600_000 })];
    expect(explain({}, { notes }).verdict).toBe('accept');
  });

  test.each([
    ['suspended', { status: 'suspended' as const }, 'the customer is suspended'],
    ['suspended', { entitlements: [entitlement({ state: 'suspended' })] }, 'the package is suspended: “Day pass”'],
    ['no_entitlement', { entitlements: [] }, 'no package was ever bought'],
    ['expired', { entitlements: [entitlement({ endsAt: NOW.getTime() - 1 })] }, 'the package has expired'],
    [
      'exhausted',
      { entitlements: [entitlement({ quotaOctets: '5000000000', usedOctets: '5000000000' })] },
      '5000 of 5000 MB used',
    ],
    [
      'exhausted',
      { entitlements: [entitlement({ onlineSeconds: 7_200, usedSeconds: 7_200 })] },
      '120 of 120 minutes online used',
    ],
    ['not_started', { entitlements: [entitlement({ startsAt: NOW.getTime() + 1 })] }, 'has not started yet'],
    ['wrong_site', { entitlements: [entitlement({ sites: ['Harbour'] })] }, 'only at Harbour'],
    [
      'outside_schedule',
      { entitlements: [entitlement({ schedule: [{ days: [6, 7], from: '08:00', to: '18:00' }] })] },
      'only Sat Sun 08:00-18:00 (Africa/Nairobi)',
    ],
    ['device_blocked', { devices: [{ mac: MAC, blocked: true }] }, `the device ${MAC} is blocked`],
    ['device_not_allowed', { devicesOnly: true }, `${MAC} is not among them`],
  ])('%s is said in a sentence, with what to do', (verdict, subject, words) => {
    const explanation = explain(subject);
    expect(explanation.verdict).toBe(verdict);
    expect(explanation.message).toMatch(/^amina cannot go online: .+\.$/);
    expect(explanation.message).toContain(words);
    expect(explanation.remedy).toMatch(/^[A-Z].+\.$/);
  });

  test('places that are taken are named, and the device that has one is not stopped by itself', () => {
    const held = [{ device: '02:00:00:00:00:09', until: new Date('2026-06-01T12:02:30Z') }];
    const { verdict, message } = explain({}, { holdersOf: () => held });
    expect(verdict).toBe('too_many_devices');
    expect(message).toContain(
      'allows 1 at once, and these hold a place: 02:00:00:00:00:09 (until 2026-06-01 12:02 UTC',
    );
    expect(explain({}, { holdersOf: () => [{ device: MAC, until: NOW }] }).verdict).toBe('accept');
  });
});
