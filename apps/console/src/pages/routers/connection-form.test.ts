import type { RouterDetailsView } from '@turnpike/contracts/routers.js';
import { connectionOf, createBodyOf, isNoNumber, newConnection, updateBodyOf } from './connection-form.js';

const router: RouterDetailsView = {
  id: '0198a000-0000-7000-8000-000000000001',
  name: 'gate-1',
  site: 'Town',
  status: 'online',
  deployment: 'active',
  address: '10.0.0.1',
  apiPort: 8729,
  apiUsername: 'tp-api',
  tls: true,
  tlsFingerprint: null,
  nasAddress: null,
  version: '7.18',
  model: 'hAP',
  lastSeenAt: null,
  radius: { lastRequestAt: null, state: 'ok', rotation: null },
  usersOnline: 0,
  loadReadAt: null,
  cpuLoad: null,
  memoryFree: null,
  memoryTotal: null,
  diskFree: null,
  diskTotal: null,
  createdAt: '2026-11-23T08:00:00.000Z',
  nasIdentifier: null,
  messageAuthenticator: 'required',
  radiusRateLimit: 200,
  serial: null,
  identity: null,
  lastCheckedAt: null,
  lastError: null,
  deployedServices: null,
  openSessions: 0,
  updatedAt: '2026-11-23T08:00:00.000Z',
};

describe('what is sent about a router', () => {
  test('a router that calls home needs only its name; what was typed about an address is left out', () => {
    const values = { ...newConnection, name: ' gate-1 ', address: '10.0.0.1', apiPassword: 'x' };
    expect(createBodyOf(values, false)).toEqual({ name: 'gate-1' });
  });

  test('a router with an address is dialled with what was typed, and by default where nothing was', () => {
    const values = { ...newConnection, name: 'gate-1', site: 'Town', address: '10.0.0.1', apiPassword: 'x' };
    expect(createBodyOf(values, true)).toEqual({
      name: 'gate-1',
      site: 'Town',
      address: '10.0.0.1',
      tls: true,
      apiPassword: 'x',
    });
  });

  test('nothing is sent of what was not changed, least of all an empty password', () => {
    expect(updateBodyOf(connectionOf(router), router)).toEqual({});
  });

  test('an emptied field takes the value away', () => {
    const values = { ...connectionOf(router), site: '', radiusRateLimit: '' };
    expect(updateBodyOf(values, router)).toEqual({ site: null, radiusRateLimit: null });
  });

  test('a number is one, also 0', () => {
    expect(updateBodyOf({ ...connectionOf(router), radiusRateLimit: '0', apiPort: '8728' }, router)).toEqual({
      radiusRateLimit: 0,
      apiPort: 8728,
    });
    expect([isNoNumber(''), isNoNumber('12'), isNoNumber('1.5'), isNoNumber('x')]).toEqual([false, false, true, true]);
  });
});
