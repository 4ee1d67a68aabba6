import fc from 'fast-check';
import { ATTR, CODE, type Attribute } from '@turnpike/radius/attributes.js';
import { encodeRequest } from '@turnpike/radius/encode.js';
import { parsePacket, textOf, type RadiusPacket } from '@turnpike/radius/packet.js';
import { bytesAttr, integerAttr, textAttr } from '@turnpike/radius/value-codec.js';
import { createVoucherCodes } from '../vouchers/voucher-code.js';
import { createClassTokens } from '../access/class-token.js';
import { recordOf } from './accounting-packet.js';
import { encodeRecord, type AccountingRecord } from './accounting-record.js';
import { createStoredName } from './stored-name.js';

const SECRET = Buffer.from('secret');
const ROUTER = '0190c6d5-7a1e-7000-8000-000000000001';
const NOW = new Date('2026-03-01T10:00:30.000Z');
const NOW_SECONDS = NOW.getTime() / 1000;
const tokens = createClassTokens(['ab'.repeat(32)]);
const deps = { classTokens: tokens, nameOf: textOf };

function packet(attributes: readonly Attribute[], identifier = 1): RadiusPacket {
  const { datagram } = encodeRequest({
    code: CODE.ACCOUNTING_REQUEST,
    identifier,
    secret: SECRET,
    messageAuthenticator: false,
    attributes,
  });
  const parsed = parsePacket(datagram);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.packet;
}

function record(attributes: readonly Attribute[], at = NOW, identifier = 1): AccountingRecord {
  const made = recordOf({ packet: packet(attributes, identifier), routerId: ROUTER, receivedAt: at }, deps);
  if (made === undefined) throw new Error('no record');
  return made;
}

const status = (value: number) => integerAttr(ATTR.ACCT_STATUS_TYPE, value);
const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
const interim = [status(3), textAttr(ATTR.ACCT_SESSION_ID, '8000'), textAttr(ATTR.USER_NAME, 'amina')];

describe('the record of an accounting packet', () => {
  test('A1: a retransmission has the same key, whatever its identifier, delay and signature', () => {
    const first = record([...interim, integerAttr(ATTR.ACCT_SESSION_TIME, 60)]);
    const again = record(
      [...interim, integerAttr(ATTR.ACCT_SESSION_TIME, 60), integerAttr(ATTR.ACCT_DELAY_TIME, 5)],
      later(5),
      9,
    );
    expect(again.dedupKey).toBe(first.dedupKey);
    const next = record([...interim, integerAttr(ATTR.ACCT_SESSION_TIME, 120)], later(60));
    expect(next.dedupKey).not.toBe(first.dedupKey);
  });

  test('A4: the Accounting-On of the next reboot is another record, a retransmission of it is not', () => {
    const on = [status(7), textAttr(ATTR.NAS_IDENTIFIER, 'router')];
    const first = record(on);
    expect(record([...on, integerAttr(ATTR.ACCT_DELAY_TIME, 10)], later(10)).dedupKey).toBe(first.dedupKey);
    expect(record(on, later(86_400)).dedupKey).not.toBe(first.dedupKey);
  });

  test('two idle updates of a NAS that tells no time are two records', () => {
    expect(record(interim).dedupKey).not.toBe(record(interim, later(60)).dedupKey);
  });

  test.each([
    ['one day ahead', NOW_SECONDS + 86_400],
    ['one day behind', NOW_SECONDS - 86_400],
    ['1970', 12],
    ['2106', 4_294_967_295],
  ])('A7: a clock that says %s is not believed', (_, stated) => {
    const made = record([...interim, integerAttr(ATTR.EVENT_TIMESTAMP, stated), integerAttr(ATTR.ACCT_DELAY_TIME, 20)]);
    expect(made.eventAt).toBe(NOW.getTime() - 20_000);
  });

  test('A7: a clock that is less than five minutes off is believed', () => {
    expect(record([...interim, integerAttr(ATTR.EVENT_TIMESTAMP, NOW_SECONDS - 200)]).eventAt).toBe(
      NOW.getTime() - 200_000,
    );
  });

  test('A3: counters are joined from octets and gigawords', () => {
    const made = record([
      ...interim,
      integerAttr(ATTR.ACCT_OUTPUT_OCTETS, 4_294_967_295),
      integerAttr(ATTR.ACCT_OUTPUT_GIGAWORDS, 3),
    ]);
    expect(made.outputOctets).toBe(String(2n ** 34n - 1n));
    expect(made.inputOctets).toBe('0');
  });

  test('A5: sessions are told apart by our token even when the NAS uses an id again', () => {
    const sessions = [1, 2].map(() => {
      const { token } = tokens.issue(ROUTER, '0190c6d5-7a1e-7000-8000-0000000000aa');
      return record([...interim, bytesAttr(ATTR.CLASS, token)]).sessionKey;
    });
    expect(new Set(sessions).size).toBe(2);
  });

  test('A5: without our token the id, user and device name the session, and lengths keep them apart', () => {
    const named = (id: string, user: string) =>
      record([status(1), textAttr(ATTR.ACCT_SESSION_ID, id), textAttr(ATTR.USER_NAME, user)]).sessionKey;
    expect(named('ab', 'c')).toBe(named('ab', 'c'));
    expect(named('ab', 'c')).not.toBe(named('a', 'bc'));
  });

  test('R16: a NUL in a name does not reach PostgreSQL, and a MAC address has one spelling', () => {
    const made = record([
      status(1),
      textAttr(ATTR.USER_NAME, 'a\0b'),
      textAttr(ATTR.CALLING_STATION_ID, 'aa-bb-cc-dd-ee-ff'),
    ]);
    expect(made.username).toBe('a\uFFFDb');
    expect(made.callingStationId).toBe('AA:BB:CC:DD:EE:FF');
  });

  test('A7: no clock and no delay makes a time negative, and an absurd delay is not believed', () => {
    const seconds = fc.integer({ min: 0, max: 4_294_967_295 });
    const received = fc.integer({ min: 0, max: 4_294_967_295_000 });
    fc.assert(
      fc.property(fc.option(seconds), seconds, seconds, received, (stated, delay, lasted, arrived) => {
        const made = record(
          [
            ...interim,
            ...(stated === null ? [] : [integerAttr(ATTR.EVENT_TIMESTAMP, stated)]),
            integerAttr(ATTR.ACCT_DELAY_TIME, delay),
            integerAttr(ATTR.ACCT_SESSION_TIME, lasted),
          ],
          new Date(arrived),
        );
        expect(Math.min(made.eventAt, made.namedStart, made.sessionSeconds)).toBeGreaterThanOrEqual(0);
        expect(made.eventAt).toBeLessThanOrEqual(arrived + 300_000);
      }),
    );
    expect(record([...interim, integerAttr(ATTR.ACCT_DELAY_TIME, 8 * 86_400)]).eventAt).toBe(NOW.getTime());
  });

  test('R9: a packet whose Event-Timestamp is long ago is counted, one of a clock within bounds is not', () => {
    let stale = 0;
    const at = (seconds: number) =>
      recordOf(
        { packet: packet([...interim, integerAttr(ATTR.EVENT_TIMESTAMP, seconds)]), routerId: ROUTER, receivedAt: NOW },
        { ...deps, onStale: () => (stale += 1) },
      );
    expect(at(NOW_SECONDS - 290)?.untimed).toBe(false);
    expect(at(NOW_SECONDS + 86_400)?.untimed).toBe(true);
    expect(stale).toBe(0);
    expect(at(NOW_SECONDS - 86_400)?.untimed).toBe(true);
    expect(stale).toBe(1);
  });

  test('R9: the Accounting-On of a reboot is the same record when it comes again a day later', () => {
    const on = [status(7), integerAttr(ATTR.EVENT_TIMESTAMP, NOW_SECONDS)];
    expect(record(on, later(86_400)).dedupKey).toBe(record(on).dedupKey);
  });

  test('A5: sessions without our token state their start by the clock of the NAS, once that is set', () => {
    const made = (stated: number) =>
      record([...interim, integerAttr(ATTR.ACCT_SESSION_TIME, 60), integerAttr(ATTR.EVENT_TIMESTAMP, stated)]);
    expect(made(NOW_SECONDS - 86_400).namedStart).toBe((NOW_SECONDS - 86_400 - 60) * 1000);
    expect(made(90).namedStart).toBe((NOW_SECONDS - 60) * 1000);
  });

  test('A3: counters without Gigawords are marked, unless one of them is missing', () => {
    const input = integerAttr(ATTR.ACCT_INPUT_OCTETS, 1);
    const output = integerAttr(ATTR.ACCT_OUTPUT_OCTETS, 1);
    const [inputHigh, outputHigh] = [ATTR.ACCT_INPUT_GIGAWORDS, ATTR.ACCT_OUTPUT_GIGAWORDS].map((type) =>
      integerAttr(type, 0),
    );
    if (inputHigh === undefined || outputHigh === undefined) throw new Error('two of two');
    expect(record([...interim, input, output]).narrow).toBe(true);
    expect(record([...interim, input, output, inputHigh]).narrow).toBe(true);
    expect(record([...interim, input, output, inputHigh, outputHigh]).narrow).toBe(false);
    expect(record([...interim, input]).narrow).toBe(false);
  });

  test('A11: the fair-use step of our token is in the record', () => {
    const { token } = tokens.issue(ROUTER, '0190c6d5-7a1e-7000-8000-0000000000aa', { fairUseStep: 2 });
    expect(record([...interim, bytesAttr(ATTR.CLASS, token)])).toMatchObject({
      fairUseStep: 2,
      entitlementId: '0190c6d5-7a1e-7000-8000-0000000000aa',
    });
    expect(record(interim).fairUseStep).toBe(0);
  });

  test('a voucher code is stored as its customer, and neither it nor a plain hash of it is in the record', () => {
    const codes = createVoucherCodes(['ab'.repeat(32)]);
    const code = codes.generate();
    const named = (name: string, keys: string) => {
      const nameOf = createStoredName(createVoucherCodes([keys]));
      const attributes = [...interim.slice(0, 2), textAttr(ATTR.USER_NAME, name)];
      return recordOf({ packet: packet(attributes), routerId: ROUTER, receivedAt: NOW }, { ...deps, nameOf });
    };
    const made = named(code.toLowerCase().replaceAll('-', ''), 'ab'.repeat(32));
    expect(made?.username).toBe(codes.usernameOf(code));
    expect(JSON.stringify(made).toUpperCase()).not.toContain(code);
    const underOtherKeys = named(code.toLowerCase().replaceAll('-', ''), 'cd'.repeat(32));
    expect(underOtherKeys?.dedupKey).not.toBe(made?.dedupKey);
    expect(underOtherKeys?.sessionKey).not.toBe(made?.sessionKey);
    expect(named('amina', 'ab'.repeat(32))).toEqual(named('amina', 'cd'.repeat(32)));
  });

  test('R16: names of any bytes give records that PostgreSQL takes, and different bytes different keys', () => {
    const name = fc.uint8Array({ minLength: 1, maxLength: 253 });
    const made = (bytes: Uint8Array) => record([status(1), bytesAttr(ATTR.USER_NAME, Buffer.from(bytes))]);
    fc.assert(
      fc.property(name, name, (one, other) => {
        expect(encodeRecord(made(one))).not.toMatch(/\\u0000/);
        const same = Buffer.from(one).equals(Buffer.from(other));
        expect(made(one).dedupKey === made(other).dedupKey).toBe(same);
        expect(made(one).sessionKey === made(other).sessionKey).toBe(same);
      }),
    );
  });

  test('a packet without Acct-Status-Type gives none, an unknown type is kept but means nothing', () => {
    expect(recordOf({ packet: packet([]), routerId: ROUTER, receivedAt: NOW }, deps)).toBeUndefined();
    expect(record([status(9)]).kind).toBe('other');
  });
});
