import { createHash, randomBytes } from 'node:crypto';
import { openUdpProbe } from '@turnpike/testkit/udp-probe.js';
import { ATTR, CODE } from './attributes.js';
import { encodeReply, verifyReply } from './encode.js';
import { parsePacket, type RadiusPacket } from './packet.js';
import { duplicateKey, type Claim, type SharedDuplicates } from './shared-duplicates.js';
import { NAS_ADDRESS, SECRET, accessRequest, gate, openTestServer, type TestServer } from './test-server.js';
import { DROP_SECRET_SUSPECT, type RadiusAnswer, type RadiusServerOptions } from './udp-server.js';
import { bytesAttr } from './value-codec.js';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Store extends SharedDuplicates {
  readonly settled: readonly string[];
  size(): number;
}

/** What Redis would be, in memory. */
function store(): Store {
  const held = new Map<string, Buffer | undefined>();
  const settled: string[] = [];
  return {
    async claim(key): Promise<Claim> {
      if (!held.has(key)) {
        held.set(key, undefined);
        return { kind: 'mine' };
      }
      const reply = held.get(key);
      return reply === undefined ? { kind: 'in-work' } : { kind: 'answered', reply };
    },
    async settle(key, reply) {
      settled.push(reply === undefined ? 'forgotten' : 'kept');
      if (reply === undefined) held.delete(key);
      else held.set(key, reply);
    },
    settled,
    size: () => held.size,
  };
}

async function open(overrides: Partial<RadiusServerOptions>): Promise<TestServer> {
  const built = await openTestServer(overrides);
  cleanups.push(() => built.close());
  return built;
}

/** Two processes behind one port, as far as a NAS can tell: it reaches either with the same bytes. */
async function pair(
  sharedDuplicates: SharedDuplicates,
  handle: RadiusServerOptions['handle'],
): Promise<{ one: TestServer; two: TestServer }> {
  return { one: await open({ sharedDuplicates, handle }), two: await open({ sharedDuplicates, handle }) };
}

const acceptWithNewToken = (): RadiusAnswer => ({
  code: CODE.ACCESS_ACCEPT,
  attributes: [bytesAttr(ATTR.CLASS, randomBytes(8))],
});

test('R10: a retransmission that reaches another process gets the same bytes, and the work is done once', async () => {
  let handled = 0;
  const { one, two } = await pair(store(), async () => {
    handled += 1;
    return acceptWithNewToken();
  });
  const { datagram } = accessRequest(1);
  await one.probe.send(datagram, one.port);
  const first = await one.probe.next();
  for (let copy = 0; copy < 2; copy += 1) {
    await one.probe.send(datagram, two.port);
    expect(await one.probe.next()).toEqual(first);
  }
  expect(handled).toBe(1);
  expect(two.events.count('duplicate answered')).toBe(2);
  expect(two.events.count('replied')).toBe(0);
});

test('R10: a retransmission that reaches another process while the first works is dropped, and answered once it is done', async () => {
  const work = gate();
  let handled = 0;
  const { one, two } = await pair(store(), async () => {
    handled += 1;
    await work.opened;
    return acceptWithNewToken();
  });
  const { datagram } = accessRequest(1);
  await one.probe.send(datagram, one.port);
  await one.events.seen('verified');
  for (let copy = 0; copy < 2; copy += 1) await one.probe.send(datagram, two.port);
  await two.events.seen('duplicate in-work', 2);
  work.open();
  const first = await one.probe.next();
  await one.probe.send(datagram, two.port);
  expect(await one.probe.next()).toEqual(first);
  expect(handled).toBe(1);
});

test('R11: an identifier with a new authenticator is new in every process', async () => {
  let handled = 0;
  const { one, two } = await pair(store(), async () => {
    handled += 1;
    return acceptWithNewToken();
  });
  for (const server of [one, two, one]) {
    const { datagram, authenticator } = accessRequest(9);
    await one.probe.send(datagram, server.port);
    const reply = await one.probe.next();
    expect(verifyReply(reply, { code: 1, identifier: 9, authenticator }, Buffer.from(SECRET)).ok).toBe(true);
  }
  expect(handled).toBe(3);
});

test('R10: another source port or address with the same bytes is another request', async () => {
  let handled = 0;
  const { one, two } = await pair(store(), async () => {
    handled += 1;
    return acceptWithNewToken();
  });
  const { datagram } = accessRequest(1);
  const neighbour = await openUdpProbe('127.0.40.2');
  cleanups.push(() => neighbour.close());
  for (const probe of [one.probe, two.probe, neighbour]) {
    await probe.send(datagram, one.port);
    await probe.next();
  }
  expect(handled).toBe(3);
});

test.each([
  ['claim', { claim: () => Promise.reject(new Error('store away')), settle: () => Promise.resolve() }],
  [
    'claim, by throwing',
    {
      claim: () => {
        throw new Error('store away');
      },
      settle: () => Promise.resolve(),
    },
  ],
  [
    'settle',
    { claim: () => Promise.resolve({ kind: 'mine' as const }), settle: () => Promise.reject(new Error('away')) },
  ],
  [
    'settle, by throwing',
    {
      claim: () => Promise.resolve({ kind: 'mine' as const }),
      settle: () => {
        throw new Error('away');
      },
    },
  ],
])('R10: goes on with its own cache alone when the store fails to %s', async (_what, sharedDuplicates) => {
  let handled = 0;
  const { port, probe, events, server } = await open({
    sharedDuplicates,
    handle: async () => {
      handled += 1;
      return acceptWithNewToken();
    },
  });
  const { datagram } = accessRequest(1);
  await probe.send(datagram, port);
  const first = await probe.next();
  await probe.send(datagram, port);
  expect(await probe.next()).toEqual(first);
  expect(handled).toBe(1);
  expect(events.errors).toEqual([]);
  await server.stop({ drainMs: 5_000 });
});

test.each<[string, () => Promise<RadiusAnswer | typeof DROP_SECRET_SUSPECT | undefined>]>([
  ['fails', () => Promise.reject(new Error('store down'))],
  ['has no answer', () => Promise.resolve(undefined)],
  ['suspects the secret', () => Promise.resolve(DROP_SECRET_SUSPECT)],
])('R17: a request whose handler %s is free for every process', async (_what, fail) => {
  const shared = store();
  let handled = 0;
  const { one, two } = await pair(shared, () => {
    handled += 1;
    return handled === 1 ? fail() : Promise.resolve(acceptWithNewToken());
  });
  const { datagram } = accessRequest(1);
  await one.probe.send(datagram, one.port);
  await one.events.seen('verified');
  await one.server.stop({ drainMs: 5_000 });
  expect([shared.settled, shared.size()]).toEqual([['forgotten'], 0]);
  await one.probe.send(datagram, two.port);
  expect((await one.probe.next())[0]).toBe(CODE.ACCESS_ACCEPT);
});

test('R2: stop waits until the others know the reply', async () => {
  const shared = store();
  const settling = gate();
  const slow: SharedDuplicates = {
    claim: (key) => shared.claim(key),
    async settle(key, reply) {
      await settling.opened;
      await shared.settle(key, reply);
    },
  };
  const { port, probe, server } = await open({ sharedDuplicates: slow, handle: async () => acceptWithNewToken() });
  await probe.send(accessRequest(1).datagram, port);
  await probe.next();
  const stopped = server.stop({ drainMs: 5_000 });
  expect(shared.settled).toEqual([]);
  settling.open();
  await stopped;
  expect(shared.settled).toEqual(['kept']);
});

test('a request of which this process knows is not asked about', async () => {
  const shared = store();
  const asked: string[] = [];
  const { port, probe } = await open({
    sharedDuplicates: {
      claim(key) {
        asked.push(key);
        return shared.claim(key);
      },
      settle: (key, reply) => shared.settle(key, reply),
    },
    handle: async () => acceptWithNewToken(),
  });
  const { datagram } = accessRequest(1);
  for (let copy = 0; copy < 3; copy += 1) {
    await probe.send(datagram, port);
    await probe.next();
  }
  expect(asked).toHaveLength(1);
});

describe('duplicateKey', () => {
  const packet = parsed(accessRequest(1, { authenticator: Buffer.alloc(16, 7) }).datagram);
  const source = { address: NAS_ADDRESS, port: 5000 };

  test('is the SHA-256 of source, code, identifier and authenticator, so that every process finds the same', () => {
    const named = Buffer.concat([Buffer.from('127.0.40.1 5000 1 1 '), Buffer.alloc(16, 7)]);
    expect(duplicateKey(source, packet)).toBe(createHash('sha256').update(named).digest('base64url'));
  });

  test('differs with each part', () => {
    const others = [
      duplicateKey({ ...source, port: 5001 }, packet),
      duplicateKey({ ...source, address: '127.0.40.2' }, packet),
      duplicateKey(source, parsed(accessRequest(2, { authenticator: Buffer.alloc(16, 7) }).datagram)),
      duplicateKey(source, parsed(accessRequest(1, { authenticator: Buffer.alloc(16, 8) }).datagram)),
      duplicateKey(source, parsed(encodeReply(packet, CODE.ACCESS_ACCEPT, [], Buffer.from(SECRET)))),
    ];
    expect(new Set([...others, duplicateKey(source, packet)]).size).toBe(6);
  });
});

function parsed(datagram: Buffer): RadiusPacket {
  const result = parsePacket(datagram);
  if (!result.ok) throw new Error(result.reason);
  return result.packet;
}
