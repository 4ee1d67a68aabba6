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

test('forgets a request after keepMs, not before, also across generations', () => {
  const cache = createDuplicateCache({ keepMs: 1_000 });
  ticketOf(cache, request(9, 9), 0);
  ticketOf(cache, request(1, 1), 900);
  expect(cache.see(SOURCE, request(1, 1), 1_000).kind).toBe('in-work');
  expect(cache.see(SOURCE, request(1, 1), 1_899).kind).toBe('in-work');
  expect(cache.see(SOURCE, request(1, 1), 1_900).kind).toBe('new');
});

test('never holds more than maxEntries and keeps the newest half', () => {
  const cache = createDuplicateCache({ maxEntries: 100 });
  const packets = Array.from({ length: 200 }, (_, n) => request(n, 1));
  for (const [n, packet] of packets.entries()) {
    ticketOf(cache, packet, n);
    expect(cache.size).toBeLessThanOrEqual(100);
  }
  for (const packet of packets.slice(150)) expect(cache.see(SOURCE, packet, 200).kind).toBe('in-work');
});

test('answering across a change of generation reaches the entry', () => {
  const cache = createDuplicateCache({ keepMs: 1_000 });
  ticketOf(cache, request(9, 9), 0);
  const ticket = ticketOf(cache, request(1, 1), 900);
  ticketOf(cache, request(2, 2), 1_100);
  ticket.answered(Buffer.from('r'));
  expect(cache.see(SOURCE, request(1, 1), 1_200).kind).toBe('answered');
  ticket.unanswered();
  expect(cache.see(SOURCE, request(1, 1), 1_201).kind).toBe('new');
});
