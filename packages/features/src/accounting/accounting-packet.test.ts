import { ATTR, CODE, type Attribute } from '@turnpike/radius/attributes.js';
import { encodeRequest } from '@turnpike/radius/encode.js';
import { parsePacket, type RadiusPacket } from '@turnpike/radius/packet.js';
import { bytesAttr, integerAttr, textAttr } from '@turnpike/radius/value-codec.js';
import { createClassTokens } from '../access/class-token.js';
import { recordOf } from './accounting-packet.js';
import type { AccountingRecord } from './accounting-record.js';

const SECRET = Buffer.from('secret');
const ROUTER = '0190c6d5-7a1e-7000-8000-000000000001';
const NOW = new Date('2026-03-01T10:00:30.000Z');
const NOW_SECONDS = NOW.getTime() / 1000;
const tokens = createClassTokens(['ab'.repeat(32)]);

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
  const made = recordOf({ packet: packet(attributes, identifier), routerId: ROUTER, receivedAt: at }, tokens);
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

  test('a packet without Acct-Status-Type gives none, an unknown type is kept but means nothing', () => {
    expect(recordOf({ packet: packet([]), routerId: ROUTER, receivedAt: NOW }, tokens)).toBeUndefined();
    expect(record([status(9)]).kind).toBe('other');
  });
});
