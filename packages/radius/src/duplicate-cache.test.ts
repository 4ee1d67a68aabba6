import fc from 'fast-check';
import { ATTR, CODE } from './attributes.js';
import { createDuplicateCache, type DuplicateCache, type Ticket } from './duplicate-cache.js';
import { encodeRequest } from './encode.js';
import { parsePacket, type RadiusPacket } from './packet.js';
import { textAttr } from './value-codec.js';

const SOURCE = { address: '127.0.0.9', port: 5000 };

function request(identifier: number, fill: number, code: number = CODE.ACCESS_REQUEST): RadiusPacket {
  const { datagram } = encodeRequest({
    code,
    identifier,
    attributes: [textAttr(ATTR.USER_NAME, `user ${fill}`)],
    secret: Buffer.from('secret'),
    messageAuthenticator: true,
    authenticator: Buffer.alloc(16, fill),
  });
  const result = parsePacket(datagram);
  if (!result.ok) throw new Error(result.reason);
  return result.packet;
}

function ticketOf(cache: DuplicateCache, packet: RadiusPacket, nowMs: number, source = SOURCE): Ticket {
  const sighting = cache.see(source, packet, nowMs);
  if (sighting.kind !== 'new') throw new Error(sighting.kind);
  return sighting.ticket;
}

test('R10: a copy is in work until the reply, then gets the same bytes', () => {
  const cache = createDuplicateCache();
  const packet = request(1, 1);
  const ticket = ticketOf(cache, packet, 0);
  expect(cache.see(SOURCE, packet, 5).kind).toBe('in-work');
  const reply = Buffer.from('the reply');
  ticket.answered(reply);
  expect(cache.see(SOURCE, packet, 10)).toEqual({ kind: 'answered', reply });
});

test('R11: an identifier with a new authenticator purges the old request', () => {
  const cache = createDuplicateCache();
  const first = ticketOf(cache, request(1, 1), 0);
  const second = ticketOf(cache, request(1, 2), 1);
  first.answered(Buffer.from('late'));
  first.unanswered();
  expect(cache.see(SOURCE, request(1, 2), 2).kind).toBe('in-work');
  second.answered(Buffer.from('second'));
  expect(cache.see(SOURCE, request(1, 2), 3)).toEqual({ kind: 'answered', reply: Buffer.from('second') });
  expect(cache.see(SOURCE, request(1, 1), 4).kind).toBe('new');
  expect(cache.size).toBe(1);
});

test('R17: a request that got no answer is worked on afresh', () => {
  const cache = createDuplicateCache();
  ticketOf(cache, request(1, 1), 0).unanswered();
  expect(cache.size).toBe(0);
  expect(cache.see(SOURCE, request(1, 1), 1).kind).toBe('new');
});

test('tells sources, ports, codes and identifiers apart', () => {
  const cache = createDuplicateCache();
  ticketOf(cache, request(1, 1), 0);
  expect(cache.see({ ...SOURCE, port: 5001 }, request(1, 1), 0).kind).toBe('new');
  expect(cache.see({ ...SOURCE, address: '127.0.0.10' }, request(1, 1), 0).kind).toBe('new');
  expect(cache.see(SOURCE, request(2, 1), 0).kind).toBe('new');
  expect(cache.see(SOURCE, request(1, 1, CODE.ACCOUNTING_REQUEST), 0).kind).toBe('new');
  expect(cache.size).toBe(5);
});

test('forgets a request after keepMs, not before, whatever came before it', () => {
  const cache = createDuplicateCache({ keepMs: 1_000 });
  ticketOf(cache, request(9, 9), 0);
  ticketOf(cache, request(1, 1), 900);
  expect(cache.see(SOURCE, request(1, 1), 1_000).kind).toBe('in-work');
  expect(cache.see(SOURCE, request(1, 1), 1_899).kind).toBe('in-work');
  expect(cache.see(SOURCE, request(1, 1), 1_900).kind).toBe('new');
});

test('never holds more than maxEntries and keeps the newest', () => {
  const cache = createDuplicateCache({ maxEntries: 100 });
  const packets = Array.from({ length: 200 }, (_, n) => request(n, 1));
  for (const [n, packet] of packets.entries()) {
    ticketOf(cache, packet, n);
    expect(cache.size).toBeLessThanOrEqual(100);
  }
  for (const packet of packets.slice(100)) expect(cache.see(SOURCE, packet, 200).kind).toBe('in-work');
});

test('an answer reaches its request however late, and whatever came meanwhile', () => {
  const cache = createDuplicateCache({ keepMs: 1_000 });
  ticketOf(cache, request(9, 9), 0);
  const ticket = ticketOf(cache, request(1, 1), 900);
  ticketOf(cache, request(2, 2), 1_100);
  ticket.answered(Buffer.from('r'));
  expect(cache.see(SOURCE, request(1, 1), 1_200).kind).toBe('answered');
  ticket.unanswered();
  expect(cache.see(SOURCE, request(1, 1), 1_201).kind).toBe('new');
});

test('keeps 30 s of 10,000 requests a second, each with its reply, and then as few as come', () => {
  const cache = createDuplicateCache();
  const packets = Array.from({ length: 256 }, (_, n) => request(n, 1));
  const see = (n: number, nowMs: number): ReturnType<DuplicateCache['see']> => {
    const packet = packets[n & 255];
    if (packet === undefined) throw new Error('no packet');
    return cache.see({ address: `10.0.${(n >> 8) & 255}.${n >> 16}`, port: 5000 }, packet, nowMs);
  };
  for (let n = 0; n < 300_000; n += 1) {
    const sighting = see(n, n / 10);
    if (sighting.kind !== 'new') throw new Error(sighting.kind);
    sighting.ticket.answered(Buffer.from(`reply ${n}`));
  }
  expect(cache.size).toBe(300_000);
  for (let n = 0; n < 300_000; n += 997)
    expect(see(n, 29_999)).toEqual({ kind: 'answered', reply: Buffer.from(`reply ${n}`) });
  for (let n = 0; n < 10_000; n += 1) see(400_000 + n, 60_000 + n);
  expect(cache.size).toBe(10_000);
});

test('a NAS that uses its identifiers again and again neither pushes others out nor is pushed out', () => {
  const cache = createDuplicateCache({ maxEntries: 400 });
  const packets = Array.from({ length: 100 }, (_, n) => request(n, 1));
  const quiet = { address: '10.0.0.2', port: 1 };
  for (const [n, packet] of packets.entries()) ticketOf(cache, packet, 0, quiet).answered(Buffer.from(`quiet ${n}`));
  for (let round = 2; round < 30; round += 1) {
    for (let id = 0; id < 100; id += 1) ticketOf(cache, request(id, round), round * 900);
  }
  expect(cache.size).toBe(200);
  for (const [n, packet] of packets.entries()) {
    expect(cache.see(quiet, packet, 26_200)).toEqual({ kind: 'answered', reply: Buffer.from(`quiet ${n}`) });
    expect(cache.see(SOURCE, request(n, 29), 26_200).kind).toBe('in-work');
  }
  for (let n = 0; n < 290; n += 1) ticketOf(cache, request(n & 255, 1), 31_000 + n, { address: '10.0.0.3', port: n });
  for (let id = 0; id < 100; id += 1) expect(cache.see(SOURCE, request(id, 29), 31_300).kind).toBe('in-work');
});

/** The rules of the cache in the plainest words, to judge it by. */
function model(keepMs: number) {
  const slots = new Map<string, { authenticator: string; expiresAtMs: number; reply: Buffer | undefined }>();
  return {
    see(name: string, authenticator: string, nowMs: number) {
      const known = slots.get(name);
      if (known !== undefined && known.authenticator === authenticator && known.expiresAtMs > nowMs) return known;
      const fresh = { authenticator, expiresAtMs: nowMs + keepMs, reply: undefined };
      slots.set(name, fresh);
      return { fresh, slots, name };
    },
  };
}

test('does what its rules say, in any order of sightings, answers and pauses', () => {
  const packets = Array.from({ length: 9 }, (_, n) => request(Math.floor(n / 3), n % 3));
  const step = fc.record({
    packet: fc.nat(packets.length - 1),
    port: fc.nat(3),
    pauseMs: fc.oneof(fc.nat(20), fc.nat(1_500)),
    then: fc.constantFrom('answered', 'unanswered', 'nothing'),
    ticket: fc.nat(20),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const cache = createDuplicateCache({ keepMs: 1_000, maxEntries: 64 });
      const judge = model(1_000);
      const tickets: { ticket: Ticket; entry: ReturnType<typeof judge.see> }[] = [];
      let nowMs = 0;
      for (const [n, { packet: index, port, pauseMs, then, ticket: which }] of steps.entries()) {
        nowMs += pauseMs;
        const packet = packets[index];
        if (packet === undefined) throw new Error('no packet');
        const sighting = cache.see({ address: '10.0.0.1', port }, packet, nowMs);
        const expected = judge.see(`${port} ${packet.identifier}`, packet.authenticator.toString('hex'), nowMs);
        if ('fresh' in expected) {
          if (sighting.kind !== 'new') throw new Error(`step ${n}: ${sighting.kind} instead of new`);
          tickets.push({ ticket: sighting.ticket, entry: expected });
        } else if (expected.reply === undefined) {
          expect(sighting.kind).toBe('in-work');
        } else {
          expect(sighting).toEqual({ kind: 'answered', reply: expected.reply });
        }
        const held = tickets[tickets.length - 1 - which];
        if (held === undefined || then === 'nothing' || !('fresh' in held.entry)) continue;
        const { fresh, slots, name } = held.entry;
        const isCurrent = slots.get(name) === fresh;
        if (then === 'answered') {
          const reply = Buffer.alloc(20 + ((n * 37) % 300), `reply ${n}`);
          held.ticket.answered(reply);
          if (isCurrent) slots.set(name, Object.assign(fresh, { reply }));
        } else {
          held.ticket.unanswered();
          if (isCurrent) slots.delete(name);
        }
      }
    }),
    { numRuns: 2_000 },
  );
});
