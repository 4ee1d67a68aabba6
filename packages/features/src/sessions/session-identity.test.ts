import { ATTR } from '@turnpike/radius/attributes.js';
import { identityAttributes, usernameAtNas } from './session-identity.js';

const nas = { id: 'router-1', address: '10.0.0.1', secrets: [] };
const session = {
  acctSessionId: '80a00001',
  username: 'amina',
  framedIpAddress: '10.5.50.7',
  callingStationId: '02:AA:BB:CC:DD:01',
};

const typesOf = (more: Partial<typeof session> = {}): number[] =>
  identityAttributes({ ...session, ...more }, nas).map(({ type }) => type);

describe('what names a session to its NAS', () => {
  test('is the name, the address of the NAS, the address of the customer and Acct-Session-Id', () => {
    expect(typesOf()).toEqual([ATTR.USER_NAME, ATTR.NAS_IP_ADDRESS, ATTR.FRAMED_IP_ADDRESS, ATTR.ACCT_SESSION_ID]);
  });

  test('leaves out a name that the NAS may have in other bytes, and has the device instead', () => {
    const withDevice = [ATTR.NAS_IP_ADDRESS, ATTR.FRAMED_IP_ADDRESS, ATTR.CALLING_STATION_ID, ATTR.ACCT_SESSION_ID];
    expect(typesOf({ username: `v.${'aB3_-'.repeat(5)}x` })).toEqual(withDevice);
    expect(typesOf({ username: 'caf\u00e9' })).toEqual(withDevice);
  });

  test.each([
    ['amina', 'amina'],
    ['0712345678@shop', '0712345678@shop'],
    ['\u0645\u0631\u062d\u0628\u0627', '\u0645\u0631\u062d\u0628\u0627'],
    ['v.short', 'v.short'],
    ['', undefined],
    ['caf\u00e9', undefined],
    ['bad\u{FFFD}', undefined],
  ])('R16: %j is at the NAS %j', (stored, atNas) => {
    expect(usernameAtNas(stored)).toBe(atNas);
  });
});
