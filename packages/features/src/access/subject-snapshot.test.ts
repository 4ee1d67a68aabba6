import fc from 'fast-check';
import { decodeSnapshot, encodeSnapshot, type SnapshotEntitlement, type SubjectSnapshot } from './subject-snapshot.js';

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const digits = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String);
const window = fc.record({ days: fc.array(fc.integer({ min: 1, max: 7 })), from: fc.constant('08:00'), to: text });
const step = fc.record({ afterOctets: digits, downKbps: fc.nat(), upKbps: fc.nat() });
const rates = { downKbps: fc.nat(), upKbps: fc.nat(), thresholdDownKbps: fc.nat(), thresholdUpKbps: fc.nat() };
const burst = fc.record({ ...rates, seconds: fc.nat() });

const entitlement: fc.Arbitrary<SnapshotEntitlement> = fc.record({
  id: fc.uuid(),
  type: fc.constantFrom('hotspot' as const, 'pppoe' as const),
  state: fc.constantFrom('pending', 'active', 'expired', 'exhausted', 'suspended', 'refunded'),
  startsAt: fc.nat(),
  endsAt: fc.nat(),
  downKbps: fc.nat(),
  upKbps: fc.nat(),
  quotaOctets: fc.option(digits, { nil: null }),
  usedOctets: digits,
  devices: fc.integer({ min: 1, max: 100 }),
  onlineSeconds: fc.nat(),
  usedSeconds: fc.nat(),
  schedule: fc.option(fc.array(window, { maxLength: 3 }), { nil: null }),
  timeZone: fc.constantFrom('Africa/Nairobi', 'UTC'),
  fairUse: fc.option(fc.array(step, { maxLength: 3 }), { nil: null }),
  sites: fc.array(text, { maxLength: 3 }),
  routerIds: fc.array(fc.uuid(), { maxLength: 3 }),
  macLogin: fc.boolean(),
  burst: fc.option(burst, { nil: null }),
  validForSeconds: fc.option(fc.nat(), { nil: null }),
  traceparent: fc.option(fc.constant('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'), { nil: null }),
});

const subject: fc.Arbitrary<SubjectSnapshot> = fc.record({
  customerId: fc.uuid(),
  revision: fc.integer({ min: 1, max: 2 ** 50 }),
  status: fc.constantFrom('active' as const, 'suspended' as const),
  password: text,
  devicesOnly: fc.boolean(),
  devices: fc.array(fc.record({ mac: text, blocked: fc.boolean() }), { maxLength: 3 }),
  entitlements: fc.array(entitlement, { maxLength: 4 }),
});

describe('snapshots as text', () => {
  test('say the same after being written and read', () => {
    fc.assert(fc.property(subject, (known) => expect(decodeSnapshot(encodeSnapshot(known))).toEqual(known)));
  });

  test('of before there were bursts and first logins are read as without them', () => {
    const terms = '[null,0,null,"UTC",null,["Town"],[],1]';
    const entitlement = `["e",0,1,1000,2000,5000,1000,2,null,"7",${terms}]`;
    expect(decodeSnapshot(`v2 ["c",3,0,"sealed",[${entitlement}]]`)?.entitlements).toEqual([
      expect.objectContaining({ id: 'e', sites: ['Town'], macLogin: true, burst: null, validForSeconds: null }),
    ]);
  });

  test('of another format are not read', () => {
    expect(decodeSnapshot('v1 {"customerId":"a"}')).toBeUndefined();
    expect(decodeSnapshot('')).toBeUndefined();
  });

  test('an ordinary customer takes less than 250 bytes', () => {
    const plain: SubjectSnapshot = {
      customerId: '0190c6d5-7a1e-7000-8000-0000000000aa',
      revision: 12,
      status: 'active',
      password: `v1.01234567.${'x'.repeat(50)}`,
      devicesOnly: false,
      devices: [],
      entitlements: [
        {
          id: '0190c6d5-7a1e-7000-8000-0000000000bb',
          type: 'hotspot',
          state: 'active',
          startsAt: 1_780_000_000_000,
          endsAt: 1_790_000_000_000,
          downKbps: 10_240,
          upKbps: 5_120,
          quotaOctets: '5000000000',
          usedOctets: '1234567890',
          devices: 2,
          onlineSeconds: null,
          usedSeconds: 0,
          schedule: null,
          timeZone: 'UTC',
          fairUse: null,
          sites: [],
          routerIds: [],
          macLogin: false,
          burst: null,
          validForSeconds: null,
          traceparent: null,
        },
      ],
    };
    expect(encodeSnapshot(plain).length).toBeLessThan(250);
    expect(decodeSnapshot(encodeSnapshot(plain))).toEqual(plain);
  });
});
