import type { SessionView } from '@turnpike/contracts/sessions.js';
import { usageDays } from './usage-days.js';

function session(startedAt: string, inputOctets: string, outputOctets: string): SessionView {
  return {
    id: '019ab0c4-53aa-7d60-8c4e-000000000001',
    state: 'closed',
    username: 'amina',
    acctSessionId: '1',
    router: { id: '019ab0c4-53aa-7d60-8c4e-000000000002', name: 'gate-1' },
    customerId: null,
    framedIpAddress: null,
    callingStationId: null,
    startedAt,
    lastSeenAt: startedAt,
    stoppedAt: startedAt,
    sessionSeconds: 60,
    inputOctets,
    outputOctets,
    terminateCause: null,
    fairUseStep: 0,
    rateLimit: null,
  };
}

describe('usage by day', () => {
  test('counts what the customer got as down and what they sent as up, by the days of the zone', () => {
    const sessions = [
      session('2026-11-23T09:00:00Z', '10', '100'),
      session('2026-11-22T22:00:00Z', '5', '50'),
      session('2026-11-22T08:00:00Z', '1', '2'),
    ];
    expect(usageDays(sessions, 'Africa/Nairobi')).toEqual([
      { day: '2026-11-22', down: 2, up: 1 },
      { day: '2026-11-23', down: 150, up: 15 },
    ]);
  });

  test('shows days without use between days with use', () => {
    const sessions = [session('2026-11-23T09:00:00Z', '1', '1'), session('2026-11-20T09:00:00Z', '1', '1')];
    expect(usageDays(sessions, 'UTC').map(({ day }) => day)).toEqual([
      '2026-11-20',
      '2026-11-21',
      '2026-11-22',
      '2026-11-23',
    ]);
  });

  test('is empty without sessions, and never longer than what can be read', () => {
    expect(usageDays([], 'UTC')).toEqual([]);
    const long = [session('2026-11-23T09:00:00Z', '1', '1'), session('2026-01-01T09:00:00Z', '1', '1')];
    expect(usageDays(long, 'UTC')).toHaveLength(60);
  });
});
