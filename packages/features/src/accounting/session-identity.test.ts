import fc from 'fast-check';
import type { AccountingRecord } from './accounting-record.js';
import { placed, type NamedSession } from './session-identity.js';

const T0 = Date.UTC(2026, 0, 1);
const HOUR = 3_600;

/** A packet without our token: of a session that began `start` seconds after T0 and has lasted `seconds`. */
function packet(start: number, seconds: number, late = 0): AccountingRecord {
  const eventAt = T0 + (start + seconds + late) * 1000;
  return {
    dedupKey: `${start} ${seconds} ${late}`,
    routerId: '0190c6d5-7a1e-7000-8000-000000000001',
    kind: 'interim',
    receivedAt: eventAt,
    eventAt,
    untimed: true,
    sessionKey: 'h.name',
    namedStart: eventAt - seconds * 1000,
    entitlementId: null,
    fairUseStep: 0,
    acctSessionId: '80000001',
    username: 'amina',
    framedIpAddress: null,
    callingStationId: null,
    calledStationId: null,
    nasPortId: null,
    sessionSeconds: seconds,
    inputOctets: '0',
    outputOctets: '0',
    narrow: false,
    terminateCause: null,
  };
}

/** Keys that the packets get, in this order. */
function keysOf(packets: readonly AccountingRecord[]): Map<AccountingRecord, string> {
  let sessions: NamedSession[] = [];
  return new Map(
    packets.map((each) => {
      const answer = placed(each, sessions);
      sessions = answer.sessions;
      return [each, answer.key];
    }),
  );
}

function shuffled<Item>(items: readonly Item[], random: Iterator<number>): Item[] {
  return items
    .map((item) => ({ item, at: Number(random.next().value) }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

describe('the identity of sessions without our token', () => {
  test('A5: seconds of jitter do not tear a session apart, whatever the order of its packets', () => {
    const jitter = fc.integer({ min: -14, max: 14 });
    fc.assert(
      fc.property(
        fc.array(jitter, { minLength: 2, maxLength: 8 }),
        fc.nat(100),
        fc.infiniteStream(fc.nat()),
        (late, start, random) => {
          const packets = late.map((seconds, at) => packet(start, at * 60, seconds));
          expect(new Set(keysOf(shuffled(packets, random)).values()).size).toBe(1);
        },
      ),
    );
  });

  test('A5: sessions that use an id again after a reboot stay apart, whatever the order of their packets', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.integer({ min: 0, max: 10 })), fc.infiniteStream(fc.nat()), (late, random) => {
        const starts = [0, 4 * HOUR, 30 * HOUR];
        const sessions = starts.map((start) =>
          [0, 60, 600, 3 * HOUR].map((seconds) => packet(start, seconds, Number(late.next().value))),
        );
        const keys = keysOf(shuffled(sessions.flat(), random));
        const found = sessions.map((packets) => new Set(packets.map((each) => keys.get(each))));
        expect(found.map((each) => each.size)).toEqual([1, 1, 1]);
        expect(new Set(found.flatMap((each) => [...each])).size).toBe(3);
      }),
    );
  });

  test('A5: two minutes between the end of one and the start of the next are enough', () => {
    const [first, second] = [packet(0, 300), packet(420, 0)];
    const keys = keysOf([first, second]);
    expect(keys.get(first)).not.toBe(keys.get(second));
  });

  test('A5: a Stop that was held up for ten minutes and does not say so belongs to the session that ran then', () => {
    const [interim, stop] = [packet(0, 3_000), packet(0, 3_060, 600)];
    const keys = keysOf([interim, stop]);
    expect(keys.get(stop)).toBe(keys.get(interim));
  });

  test('R9: a packet that comes again a day later is known by the time it states', () => {
    const original = packet(0, 600);
    const again = { ...original, receivedAt: original.receivedAt + 86_400_000, eventAt: original.eventAt + 86_400_000 };
    const keys = keysOf([original, again]);
    expect(keys.get(again)).toBe(keys.get(original));
  });
});
