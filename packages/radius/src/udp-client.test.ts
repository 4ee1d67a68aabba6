import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { systemClock } from '@turnpike/core/clock.js';
import { openCoaListener } from '@turnpike/testkit/nas-peer.js';
import { openUdpProbe } from '@turnpike/testkit/udp-probe.js';
import { ATTR, CODE } from './attributes.js';
import { encodeReply } from './encode.js';
import { parsePacket, type RadiusPacket } from './packet.js';
import { RFC5080_RETRY } from './retry-schedule.js';
import { createRadiusClient, type ExchangeRequest, type RadiusClient, type RadiusClientOptions } from './udp-client.js';
import { integerAttr, textAttr } from './value-codec.js';

const SECRET = 'a secret of thirty-two characters';
const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function client(options: Partial<Parameters<typeof createRadiusClient>[0]> = {}): RadiusClient {
  const made = createRadiusClient({ localAddress: '127.0.42.1', clock: systemClock, ...options });
  cleanups.push(() => made.close());
  return made;
}

async function nas(decide: Parameters<typeof openCoaListener>[0]['decide']) {
  const listener = await openCoaListener({ address: '127.0.42.2', secret: SECRET, decide });
  cleanups.push(() => listener.close());
  return listener;
}

/** A peer on the NAS's address that answers as the test says, any number of times. */
async function responder(
  answer: (request: RadiusPacket, send: (reply: Buffer) => void, sender: RemoteInfo) => void,
): Promise<{ port: number }> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4_194_304 });
  socket.on('message', (datagram, remote) => {
    answer(parsed(datagram), (reply) => socket.send(reply, remote.port, remote.address), remote);
  });
  socket.bind(0, '127.0.42.2');
  await once(socket, 'listening');
  cleanups.push(() => new Promise((resolve) => socket.close(resolve)));
  return { port: socket.address().port };
}

type Overrides = Partial<ExchangeRequest & { timeoutMs: number; tries: number }>;

function disconnect(port: number, overrides: Overrides = {}): ExchangeRequest & { timeoutMs: number; tries: number } {
  return {
    host: '127.0.42.2',
    port,
    secret: Buffer.from(SECRET),
    code: CODE.DISCONNECT_REQUEST,
    attributes: [textAttr(ATTR.ACCT_SESSION_ID, '81a0')],
    timeoutMs: 2_000,
    tries: 2,
    signal: AbortSignal.timeout(20_000),
    ...overrides,
  };
}

function parsed(datagram: Buffer): RadiusPacket {
  const result = parsePacket(datagram);
  if (!result.ok) throw new Error(result.reason);
  return result.packet;
}

test('brings back ACK and NAK with their attributes', async () => {
  const { port, received } = await nas((request) =>
    request.code === CODE.COA_REQUEST
      ? { code: CODE.COA_NAK, attributes: [integerAttr(ATTR.ERROR_CAUSE, 503)] }
      : { code: CODE.DISCONNECT_ACK },
  );
  const sender = client();
  const ack = await sender.exchange(disconnect(port));
  expect(ack).toMatchObject({ kind: 'reply', transmissions: 1, packet: { code: CODE.DISCONNECT_ACK } });
  const nak = await sender.exchange(disconnect(port, { code: CODE.COA_REQUEST, messageAuthenticator: false }));
  if (nak.kind !== 'reply') throw new Error(nak.kind);
  expect(nak.packet.integer(ATTR.ERROR_CAUSE)).toBe(503);
  expect(received.map((request) => request.text(ATTR.ACCT_SESSION_ID))).toEqual(['81a0', '81a0']);
});

test('sends the same bytes again until an answer comes', async () => {
  let seen = 0;
  const { port, received } = await nas(() => {
    seen += 1;
    return seen < 3 ? undefined : { code: CODE.DISCONNECT_ACK };
  });
  const outcome = await client().exchange(disconnect(port, { timeoutMs: 20, tries: 5 }));
  expect(outcome).toMatchObject({ kind: 'reply' });
  expect(received.length).toBeGreaterThanOrEqual(3);
  for (const copy of received) expect(copy.raw).toEqual(received[0]?.raw);
});

/** Waits that end when the test says so. */
function steeredWaits(): { later: NonNullable<RadiusClientOptions['later']>; delays: number[]; elapse(): void } {
  const delays: number[] = [];
  let waiting: (() => void) | undefined;
  return {
    later(action, delayMs) {
      delays.push(Math.round(delayMs));
      waiting = action;
      return () => {
        if (waiting === action) waiting = undefined;
      };
    },
    delays,
    elapse() {
      const action = waiting;
      waiting = undefined;
      if (action === undefined) throw new Error('nothing waits');
      action();
    },
  };
}

/** A peer that keeps the bytes it gets, and answers copy number `answered`. */
async function collector(
  answered: number,
): Promise<{ port: number; copies: Buffer[]; seen(count: number): Promise<void> }> {
  const copies: Buffer[] = [];
  const watchers = new Set<() => void>();
  const { port } = await responder((request, send) => {
    copies.push(request.raw);
    if (copies.length === answered) send(encodeReply(request, CODE.DISCONNECT_ACK, [], Buffer.from(SECRET)));
    for (const watcher of watchers) watcher();
  });
  const seen = (count: number): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (copies.length >= count) resolve();
      };
      watchers.add(check);
      check();
    });
  return { port, copies, seen };
}

test('A10: sends the same bytes again after 2, 4, 8 and 16 s, then gives up after another 16 s', async () => {
  const waits = steeredWaits();
  const { port, copies, seen } = await collector(Infinity);
  const counts: number[] = [];
  const { timeoutMs: _timeoutMs, tries: _tries, ...request } = disconnect(port);
  const outcome = client({ later: waits.later, random: () => 0.5 }).exchange({
    ...request,
    retry: RFC5080_RETRY,
    onTransmission: (count) => counts.push(count),
  });
  for (let count = 1; count <= 5; count += 1) {
    await seen(count);
    expect(copies).toHaveLength(count);
    waits.elapse();
  }
  expect(await outcome).toEqual({ kind: 'timeout' });
  expect(waits.delays).toEqual([2_000, 4_000, 8_000, 16_000, 16_000]);
  expect(counts).toEqual([1, 2, 3, 4, 5]);
  for (const copy of copies) expect(copy).toEqual(copies[0]);
});

test('A10: ends its waiting with the reply, however many copies went before, and whatever the listener throws', async () => {
  const waits = steeredWaits();
  const { port, seen } = await collector(2);
  const { timeoutMs: _timeoutMs, tries: _tries, ...request } = disconnect(port);
  const outcome = client({ later: waits.later, random: () => 0 }).exchange({
    ...request,
    retry: { ...RFC5080_RETRY, firstMs: 500 },
    onTransmission: () => {
      throw new Error('the listener broke');
    },
  });
  await seen(1);
  waits.elapse();
  expect(await outcome).toMatchObject({ kind: 'reply', transmissions: 2 });
  expect(waits.delays).toEqual([450, 855]);
  expect(() => waits.elapse()).toThrow('nothing waits');
});

test('refuses a schedule that makes no sense, without losing an identifier', async () => {
  const { port } = await nas(() => ({ code: CODE.DISCONNECT_ACK }));
  const sender = client({ maxSockets: 1 });
  for (let n = 0; n < 300; n += 1)
    await expect(sender.exchange(disconnect(port, { tries: 0 }))).rejects.toThrow(RangeError);
  expect(await sender.exchange(disconnect(port))).toMatchObject({ kind: 'reply' });
});

test('reports a timeout after the last try', async () => {
  const { port, received } = await nas(() => undefined);
  expect(await client().exchange(disconnect(port, { timeoutMs: 10, tries: 3 }))).toEqual({ kind: 'timeout' });
  expect(received).toHaveLength(3);
});

test('reports a bad reply when only untrusted ones came, and prefers the genuine one', async () => {
  const forged = (request: RadiusPacket): Buffer =>
    encodeReply(request, CODE.DISCONNECT_ACK, [], Buffer.from('wrong secret'));
  const genuine = (request: RadiusPacket): Buffer => encodeReply(request, CODE.DISCONNECT_NAK, [], Buffer.from(SECRET));
  const liar = await responder((request, send) => send(forged(request)));
  const both = await responder((request, send) => {
    for (const reply of [Buffer.from('junk'), forged(request), genuine(request)]) send(reply);
  });
  const sender = client();
  const bad = await sender.exchange(disconnect(liar.port, { timeoutMs: 300, tries: 1 }));
  expect(bad).toEqual({ kind: 'bad-reply', reason: 'authenticator-mismatch' });
  const good = await sender.exchange(disconnect(both.port));
  expect(good).toMatchObject({ kind: 'reply', packet: { code: CODE.DISCONNECT_NAK } });
});

test('takes no reply from another address or port than the request went to', async () => {
  const accomplice = await openUdpProbe('127.0.42.2');
  cleanups.push(() => accomplice.close());
  const { port } = await responder((request, _send, sender) => {
    const reply = encodeReply(request, CODE.DISCONNECT_ACK, [], Buffer.from(SECRET));
    void accomplice.send(reply, sender.port, sender.address).catch(() => undefined);
  });
  expect(await client().exchange(disconnect(port, { timeoutMs: 100, tries: 1 }))).toEqual({ kind: 'timeout' });
});

test('keeps 600 requests apart over as few sockets as identifiers allow', async () => {
  const waiting: (() => void)[] = [];
  const sockets = new Set<number>();
  const { port } = await responder((request, send, sender) => {
    sockets.add(sender.port);
    const name = request.get(ATTR.ACCT_SESSION_ID) ?? Buffer.alloc(0);
    const reply = encodeReply(request, CODE.DISCONNECT_ACK, [{ type: ATTR.CLASS, value: name }], Buffer.from(SECRET));
    waiting.push(() => send(reply));
    // Answered backwards once all are in flight.
    if (waiting.length === 600) for (const answer of waiting.reverse()) answer();
  });
  const sender = client({ maxSockets: 3 });
  const outcomes = await Promise.all(
    Array.from({ length: 600 }, (_, n) =>
      sender.exchange(disconnect(port, { attributes: [textAttr(ATTR.ACCT_SESSION_ID, `s${n}`)], timeoutMs: 10_000 })),
    ),
  );
  const classes = outcomes.map((outcome) =>
    outcome.kind === 'reply' ? outcome.packet.text(ATTR.CLASS) : outcome.kind,
  );
  expect(classes).toEqual(Array.from({ length: 600 }, (_, n) => `s${n}`));
  expect(sockets.size).toBe(3);
});

test('refuses another request when every identifier is in flight', async () => {
  const { port } = await nas(() => undefined);
  const sender = client({ maxSockets: 1 });
  const stop = new AbortController();
  const all = Array.from({ length: 256 }, () => sender.exchange(disconnect(port, { signal: stop.signal })));
  const settled = Promise.allSettled(all);
  await expect(sender.exchange(disconnect(port))).rejects.toMatchObject({ code: 'unavailable' });
  stop.abort(new Error('enough'));
  expect((await settled).every(({ status }) => status === 'rejected')).toBe(true);
});

test('rejects with the reason when aborted, before or during the exchange', async () => {
  const { port } = await nas(() => undefined);
  const sender = client();
  const reason = new Error('the job was cancelled');
  await expect(sender.exchange(disconnect(port, { signal: AbortSignal.abort(reason) }))).rejects.toBe(reason);
  const stop = new AbortController();
  const exchange = sender.exchange(disconnect(port, { signal: stop.signal }));
  stop.abort(reason);
  await expect(exchange).rejects.toBe(reason);
});

test('rejects what is under way when closed, and everything after', async () => {
  const { port } = await nas(() => undefined);
  const sender = client();
  const exchange = sender.exchange(disconnect(port));
  await Promise.all([expect(exchange).rejects.toMatchObject({ code: 'unavailable' }), sender.close()]);
  await expect(sender.exchange(disconnect(port))).rejects.toMatchObject({ code: 'unavailable' });
});

test('rejects when the local address cannot be bound, every time', async () => {
  const sender = client({ localAddress: '192.0.2.1' });
  for (let n = 0; n < 3; n += 1) {
    await expect(sender.exchange(disconnect(3799))).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
  }
});

test('refuses a host name, a bad port and a request that cannot be encoded, without losing an identifier', async () => {
  const { port } = await nas(() => ({ code: CODE.DISCONNECT_ACK }));
  const sender = client({ maxSockets: 1 });
  await expect(sender.exchange(disconnect(port, { host: 'localhost' }))).rejects.toThrow(RangeError);
  await expect(sender.exchange(disconnect(0))).rejects.toThrow(RangeError);
  for (let n = 0; n < 300; n += 1) {
    await expect(sender.exchange(disconnect(port, { code: CODE.ACCESS_ACCEPT }))).rejects.toThrow(RangeError);
  }
  expect(await sender.exchange(disconnect(port))).toMatchObject({ kind: 'reply' });
});
