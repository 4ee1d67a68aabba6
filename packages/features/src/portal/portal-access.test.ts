import { portalSessionView, runningAccess, type PortalEntitlement } from './portal-access.js';

const NOW = new Date('2026-03-01T12:00:00Z');
const inSeconds = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1_000);

const hour: PortalEntitlement = {
  packageName: 'Hour',
  state: 'active',
  startsAt: inSeconds(-600),
  endsAt: inSeconds(3_000),
  suspendedAt: null,
  validForSeconds: null,
  quotaOctets: 1_000n,
  usedOctets: 400n,
  onlineSeconds: null,
  usedSeconds: 0n,
  devices: 2,
};

const viewOf = (...rows: PortalEntitlement[]) =>
  portalSessionView({
    customerId: 'customer',
    running: runningAccess(rows, NOW),
    devicesOnline: 0,
    sessions: [],
    devices: [],
  });

describe('what the portal shows of an entitlement', () => {
  test('time, data and end, of several the one that ends last', () => {
    const day = { ...hour, packageName: 'Day', endsAt: inSeconds(80_000) };
    expect(viewOf(hour, day)).toEqual({
      online: false,
      devicesOnline: 0,
      packageName: 'Day',
      endsAt: inSeconds(80_000).toISOString(),
      secondsRemaining: 80_000,
      devicesAllowed: 2,
      bytesRemaining: '600',
    });
  });

  test('the time online where that is over first', () => {
    expect(viewOf({ ...hour, onlineSeconds: 500n, usedSeconds: 200n })).toMatchObject({ secondsRemaining: 300 });
  });

  test('nothing of one that is over, used up or not begun', () => {
    const others = [
      { ...hour, endsAt: NOW },
      { ...hour, usedOctets: 1_000n },
      { ...hour, onlineSeconds: 60n, usedSeconds: 60n },
      { ...hour, startsAt: inSeconds(1) },
    ];
    expect(viewOf(...others)).toEqual({ online: false, devicesOnline: 0 });
  });

  test('no end of one that begins with its first login, but the time that it gives', () => {
    const waiting = {
      ...hour,
      state: 'pending' as const,
      endsAt: new Date('9999-12-31T23:59:59Z'),
      validForSeconds: 3_600,
    };
    const view = viewOf(waiting);
    expect(view).toMatchObject({ packageName: 'Hour', secondsRemaining: 3_600 });
    expect(view).not.toHaveProperty('endsAt');
  });
});
