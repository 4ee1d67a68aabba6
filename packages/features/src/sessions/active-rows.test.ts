import { canBeSought, isSession, type ActiveRow, type SoughtSession } from './active-rows.js';

const NOW = new Date('2026-03-01T12:00:00Z');

const sought: SoughtSession = {
  acctSessionId: '8100000a',
  username: 'Amina',
  framedIpAddress: '10.5.50.7',
  callingStationId: '02:AA:BB:CC:DD:01',
  sessionSeconds: 600,
  lastSeenAt: new Date(NOW.getTime() - 60_000),
};
const row: ActiveRow = {
  path: '/ip/hotspot/active',
  rosId: '*1',
  username: 'amina',
  address: '10.5.50.7',
  device: '02-aa-bb-cc-dd-01',
  sessionId: undefined,
  uptimeMs: 661_000,
};

describe('finding a session in the list of a router', () => {
  test('the name with the address, or with the device in any spelling, is the session', () => {
    expect(isSession(row, sought, NOW)).toBe(true);
    expect(isSession({ ...row, address: '10.5.50.99' }, sought, NOW)).toBe(true);
    expect(isSession({ ...row, device: undefined }, sought, NOW)).toBe(true);
  });

  test('another name, or neither the address nor the device, is somebody else', () => {
    expect(isSession({ ...row, username: 'barack' }, sought, NOW)).toBe(false);
    expect(isSession({ ...row, address: '10.5.50.99', device: '02:AA:BB:CC:DD:02' }, sought, NOW)).toBe(false);
  });

  test('A5: a row younger than the session is a login since then, even with the same id', () => {
    expect(isSession({ ...row, uptimeMs: 30_000 }, sought, NOW)).toBe(false);
    expect(isSession({ ...row, uptimeMs: 30_000, sessionId: '0x8100000a' }, sought, NOW)).toBe(false);
  });

  test('the id of a PPP session decides in either spelling', () => {
    const elsewhere = { ...row, address: '10.9.9.9', device: undefined };
    expect(isSession({ ...elsewhere, sessionId: '0x8100000A' }, sought, NOW)).toBe(true);
    expect(isSession({ ...elsewhere, sessionId: '0x8100000B' }, sought, NOW)).toBe(false);
  });

  test('a voucher is found by address and device, as its code is not kept', () => {
    const voucher = { ...sought, username: `v.${'a'.repeat(26)}` };
    expect(isSession({ ...row, username: 'ABCD-EFGH-JKMN' }, voucher, NOW)).toBe(true);
    expect(isSession({ ...row, username: 'ABCD-EFGH-JKMN', device: '02:AA:BB:CC:DD:02' }, voucher, NOW)).toBe(false);
  });

  test('a session of which nothing but its id is known cannot be said to be absent', () => {
    const bare = { ...sought, username: '', framedIpAddress: null, callingStationId: null };
    expect(canBeSought(bare)).toBe(false);
    expect(canBeSought(sought)).toBe(true);
  });
});
