import fc from 'fast-check';
import { accountingKinds, decodeRecord, encodeRecord, type AccountingRecord } from './accounting-record.js';

const text = fc.string({ unit: 'binary', maxLength: 253 });
const maybe = fc.option(text);
const time = fc.integer({ min: 0, max: 4_294_967_295_000 });

const anyRecord: fc.Arbitrary<AccountingRecord> = fc.record({
  dedupKey: fc.string({ minLength: 1, maxLength: 43 }),
  routerId: fc.uuid(),
  kind: fc.constantFrom(...accountingKinds),
  receivedAt: time,
  eventAt: time,
  untimed: fc.boolean(),
  sessionKey: fc.string({ minLength: 1, maxLength: 60 }),
  namedStart: time,
  entitlementId: fc.option(fc.uuid()),
  fairUseStep: fc.integer({ min: 0, max: 255 }),
  acctSessionId: text,
  username: text,
  framedIpAddress: maybe,
  callingStationId: maybe,
  calledStationId: maybe,
  nasPortId: maybe,
  sessionSeconds: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  inputOctets: fc.bigInt({ min: 0n, max: 2n ** 62n }).map(String),
  outputOctets: fc.bigInt({ min: 0n, max: 2n ** 62n }).map(String),
  narrow: fc.boolean(),
  terminateCause: fc.option(fc.integer({ min: 0, max: 2 ** 31 - 1 })),
});

const firstFormat = {
  v: 1,
  dedupKey: 'key',
  routerId: '0190c6d5-7a1e-7000-8000-000000000001',
  kind: 'interim',
  receivedAt: 1_767_225_660_000,
  eventAt: 1_767_225_660_000,
  sessionKey: 'c.x',
  entitlementId: null,
  acctSessionId: '8000',
  username: 'amina',
  framedIpAddress: null,
  callingStationId: null,
  calledStationId: null,
  nasPortId: null,
  sessionSeconds: 60,
  inputOctets: '5',
  outputOctets: '6',
  terminateCause: null,
};

describe('an accounting record as text', () => {
  test('R16: reads back as what was written, whatever the names', () => {
    fc.assert(fc.property(anyRecord, (record) => expect(decodeRecord(encodeRecord(record))).toEqual(record)));
  });

  test('is read in the first format too, which waits in a stream after an upgrade', () => {
    const { v: _format, ...fields } = firstFormat;
    expect(decodeRecord(JSON.stringify(firstFormat))).toEqual({
      ...fields,
      untimed: false,
      namedStart: 1_767_225_600_000,
      fairUseStep: 0,
      narrow: false,
    });
  });

  test.each([
    'this is not JSON',
    'null',
    '7',
    '[]',
    '[2]',
    '[3,"a"]',
    JSON.stringify({ ...firstFormat, v: 3 }),
    JSON.stringify({ ...firstFormat, inputOctets: '-1' }),
  ])('A14: %s is none', (body) => {
    expect(decodeRecord(body)).toBeUndefined();
  });

  test('A14: a field of another type makes it none', () => {
    fc.assert(
      fc.property(anyRecord, fc.integer({ min: 1, max: 21 }), (record, field) => {
        const fields: unknown[] = JSON.parse(encodeRecord(record));
        const isFlag = field === 6 || field === 20;
        fields[field] = { not: 'this' };
        expect(decodeRecord(JSON.stringify(fields)) === undefined).toBe(!isFlag);
      }),
    );
  });
});
