import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createNasPeer, type NasPeer } from '@turnpike/testkit/nas-peer.js';
import { recordRadiusEvents } from '@turnpike/testkit/radius-events.js';
import { openUdpProbe } from '@turnpike/testkit/udp-probe.js';
import { ATTR, CODE } from './attributes.js';
import { messageAuthenticator } from './authenticators.js';
import { verifyReply } from './encode.js';
import {
  NAS_ADDRESS,
  SECRET,
  accessRequest,
  checkPassword,
  firstReplyAfterSentinel,
  gate,
  openTestServer,
  type TestServer,
} from './test-server.js';
import type { RadiusServerOptions } from './udp-server.js';
import { integerAttr, textAttr } from './value-codec.js';

type Setup = TestServer;

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function setup(overrides: Partial<RadiusServerOptions> = {}): Promise<Setup> {
  const built = await openTestServer(overrides);
  cleanups.push(() => built.close());
  return built;
}

function peer(options: { port: number; secret?: string; role?: 'auth' | 'acct' }): NasPeer {
  const nas = createNasPeer({
    address: NAS_ADDRESS,
    secret: options.secret ?? SECRET,
    authPort: options.port,
    acctPort: options.port,
  });
  cleanups.push(() => nas.close());
  return nas;
}

/** Proves that nothing sent before got a reply: loopback keeps order, and the first thing back answers the sentinel. */
async function expectSilenceBefore(built: Setup): Promise<void> {
  expect((await firstReplyAfterSentinel(built))[1]).toBe(250);
  expect(built.probe.waiting).toBe(0);
}

test('accepts and rejects by PAP and CHAP', async () => {
  const { port, events } = await setup();
  const nas = peer({ port });
  for (const mode of ['pap', 'chap'] as const) {
    const accepted = await nas[mode]({ username: 'nemo', password: 'arctangent' });
    expect(accepted).toMatchObject({ kind: 'reply', packet: { code: CODE.ACCESS_ACCEPT } });
    if (accepted.kind === 'reply') expect(accepted.packet.integer(ATTR.SESSION_TIMEOUT)).toBe(600);
    const rejected = await nas[mode]({ username: 'nemo', password: 'wrong' });
    expect(rejected).toMatchObject({ kind: 'reply', packet: { code: CODE.ACCESS_REJECT } });
  }
  expect(events.count('replied')).toBe(4);
  expect(events.errors).toEqual([]);
});

test('answers accounting on the accounting port', async () => {
  const records: (string | undefined)[] = [];
  const { port } = await setup({
    role: 'acct',
    handle: async ({ packet }) => {
      records.push(packet.text(ATTR.ACCT_SESSION_ID));
      return { code: CODE.ACCOUNTING_RESPONSE, attributes: [] };
    },
  });
  const outcome = await peer({ port }).account({ status: 1, sessionId: '81a0', username: 'nemo' });
  expect(outcome).toMatchObject({ kind: 'reply', packet: { code: CODE.ACCOUNTING_RESPONSE } });
  expect(records).toEqual(['81a0']);
});

test('R3: asks the kernel for receive buffers of at least 4 MiB on either port, however little is configured', async () => {
  // Linux grants at most net.core.rmem_max, and shows twice what it granted.
  const most = 2 * Number(await readFile('/proc/sys/net/core/rmem_max', 'utf8'));
  for (const role of ['auth', 'acct'] as const) {
    for (const recvBufferBytes of [undefined, 1024]) {
      const built = await setup({ role, recvBufferBytes });
      expect(built.recvBufferBytes).toBe(Math.min(2 * 4_194_304, most));
    }
  }
});

test('R3: a burst of 2,000 requests that waits while the event loop is busy is answered whole', async () => {
  const { port, probe, events, recvBufferBytes } = await setup();
  const requests = Array.from({ length: 2_000 }, (_, n) => accessRequest(n % 256).datagram);
  // Sending is synchronous and this process is also the server: nothing is read before all is sent.
  const kept = Math.min(requests.length, Math.floor(recvBufferBytes / 1_280));
  await Promise.all(requests.slice(0, kept).map((datagram) => probe.send(datagram, port)));
  await events.seen('replied 2', kept, 20_000);
  expect(kept).toBeGreaterThan(256);
  expect(events.errors).toEqual([]);
});

test('R7: drops a packet of an unknown NAS unread and silently', async () => {
  const looked: string[] = [];
  const built = await setup({
    lookupNas: (address) => {
      looked.push(address);
      return address === NAS_ADDRESS
        ? { id: 'nas1', secrets: [Buffer.from(SECRET)], messageAuthenticator: 'required' }
        : undefined;
    },
  });
  const stranger = await openUdpProbe('127.0.41.1');
  cleanups.push(() => stranger.close());
  await stranger.send(Buffer.from('no RADIUS at all'), built.port);
  await stranger.send(accessRequest(1).datagram, built.port);
  await built.events.seen('dropped unknown-nas 127.0.41.1', 2);
  await expectSilenceBefore(built);
  expect(stranger.waiting).toBe(0);
  expect(looked.slice(0, 2)).toEqual(['127.0.41.1', '127.0.41.1']);
});

test('R4: drops malformed packets silently, counted by reason and NAS, and goes on', async () => {
  const built = await setup();
  const { datagram } = accessRequest(1);
  await built.probe.send(Buffer.from([1, 0, 0, 4]), built.port);
  await built.probe.send(datagram.subarray(0, 30), built.port);
  await built.probe.send(Buffer.concat([datagram, datagram]).fill(255, 2, 4), built.port);
  await built.probe.send(Buffer.alloc(9_000, 1), built.port);
  await expectSilenceBefore(built);
  expect(built.events.count('dropped too-short 127.0.40.1 nas1')).toBe(1);
  expect(built.events.count('dropped bad-length 127.0.40.1 nas1')).toBe(2);
  expect(built.events.count('dropped attribute-overrun 127.0.40.1 nas1')).toBe(1);
  expect(built.events.errors).toEqual([]);
});

test('R5: drops a forged authenticator silently', async () => {
  const built = await setup();
  const forged = accessRequest(1).datagram;
  forged.fill(0xff, 22, 38);
  await built.probe.send(forged, built.port);
  await built.probe.send(accessRequest(2, { secret: Buffer.from('wrong') }).datagram, built.port);
  await expectSilenceBefore(built);
  expect(built.events.count('dropped message-authenticator-mismatch')).toBe(2);
});

test('R6: drops an unsigned Access-Request when the NAS requires Message-Authenticator', async () => {
  const built = await setup();
  await built.probe.send(accessRequest(1, { messageAuthenticator: false }).datagram, built.port);
  await expectSilenceBefore(built);
  expect(built.events.count('dropped message-authenticator-missing')).toBe(1);
});

test('R6: tells the handler when an admitted request proves no secret, and signs the reply all the same', async () => {
  const proofs: boolean[] = [];
  const { port, probe } = await setup({
    lookupNas: () => ({ id: 'old', secrets: [Buffer.from(SECRET)], messageAuthenticator: 'optional' }),
    handle: async (request) => {
      proofs.push(request.secretProven);
      return { code: CODE.ACCESS_ACCEPT, attributes: [] };
    },
  });
  const unsigned = accessRequest(1, { messageAuthenticator: false });
  await probe.send(unsigned.datagram, port);
  const reply = await probe.next();
  expect(reply[20]).toBe(ATTR.MESSAGE_AUTHENTICATOR);
  expect(verifyReply(reply, { code: 1, identifier: 1, ...unsigned }, Buffer.from(SECRET)).ok).toBe(true);
  expect(proofs).toEqual([false]);
});

test.each([
  ['auth', CODE.ACCOUNTING_REQUEST],
  ['acct', CODE.ACCESS_REQUEST],
  ['auth', CODE.ACCESS_ACCEPT],
  ['auth', CODE.COA_REQUEST],
] as const)('drops, on the %s port, a packet of code %d', async (role, code) => {
  const built = await setup({ role });
  const { datagram } = accessRequest(1);
  datagram[0] = code;
  await built.probe.send(datagram, built.port);
  await expectSilenceBefore(built);
  expect(built.events.count('dropped wrong-code')).toBe(1);
});

test('R10: drops copies while the request is in work, then answers a copy with the same bytes', async () => {
  const work = gate();
  let handled = 0;
  const { port, probe, events } = await setup({
    handle: async () => {
      handled += 1;
      await work.opened;
      return { code: CODE.ACCESS_ACCEPT, attributes: [textAttr(ATTR.CLASS, randomBytes(8).toString('hex'))] };
    },
  });
  const { datagram } = accessRequest(1);
  for (let copy = 0; copy < 3; copy += 1) await probe.send(datagram, port);
  await events.seen('duplicate in-work', 2);
  work.open();
  const first = await probe.next();
  await probe.send(datagram, port);
  const second = await probe.next();
  expect(second).toEqual(first);
  expect(handled).toBe(1);
  expect(events.count('duplicate answered')).toBe(1);
  expect(probe.waiting).toBe(0);
});

test('R11: works on an identifier again when its authenticator is new', async () => {
  let handled = 0;
  const { port, probe } = await setup({
    handle: async () => {
      handled += 1;
      return { code: CODE.ACCESS_ACCEPT, attributes: [] };
    },
  });
  const [one, two] = [accessRequest(9), accessRequest(9)];
  for (const { datagram, authenticator } of [one, two]) {
    await probe.send(datagram, port);
    const reply = await probe.next();
    expect(verifyReply(reply, { code: 1, identifier: 9, authenticator }, Buffer.from(SECRET)).ok).toBe(true);
  }
  expect(handled).toBe(2);
});

test('R15: drops a request to which a visitor added a second Calling-Station-Id', async () => {
  const built = await setup();
  const station = textAttr(ATTR.CALLING_STATION_ID, 'AA:BB:CC:DD:EE:FF');
  await built.probe.send(accessRequest(1, { attributes: [station, station] }).datagram, built.port);
  await expectSilenceBefore(built);
  expect(built.events.count('dropped duplicate-attribute 127.0.40.1 nas1')).toBe(1);
});

test.each([
  ['rejects', 'handlerError', () => Promise.reject(new Error('store down'))],
  [
    'throws',
    'handlerError',
    () => {
      throw new Error('store down');
    },
  ],
  ['has no answer', 'dropped no-answer', () => Promise.resolve(undefined)],
  [
    'answers what cannot be sent',
    'handlerError',
    () => Promise.resolve({ code: CODE.ACCESS_ACCEPT, attributes: [{ type: 25, value: Buffer.alloc(300) }] }),
  ],
])('R17 R19: sends no reply when the handler %s, and works on the retransmission', async (_what, event, fail) => {
  let handled = 0;
  const built = await setup({
    handle: (request) => {
      handled += 1;
      return handled === 1 ? fail() : Promise.resolve(checkPassword(request));
    },
  });
  const { datagram } = accessRequest(1);
  await built.probe.send(datagram, built.port);
  await built.events.seen(event);
  await expectSilenceBefore(built);
  await built.probe.send(datagram, built.port);
  expect((await built.probe.next())[0]).toBe(CODE.ACCESS_ACCEPT);
  expect(built.events.count('replied 3')).toBe(0);
});

test('R19: goes on when the NAS look-up or the observer throws', async () => {
  let broken = true;
  const boom = (): never => {
    throw new Error('metrics broke');
  };
  const events = recordRadiusEvents();
  const { port } = await setup({
    observe: { ...events.observe, received: boom, replied: boom },
    lookupNas: () => {
      if (!broken) return { id: 'nas1', secrets: [Buffer.from(SECRET)], messageAuthenticator: 'required' };
      broken = false;
      throw new Error('look-up broke');
    },
  });
  const nas = createNasPeer({ address: NAS_ADDRESS, secret: SECRET, authPort: port, timeoutMs: 100 });
  cleanups.push(() => nas.close());
  const outcome = await nas.pap({ username: 'nemo', password: 'arctangent' });
  expect(outcome).toMatchObject({ kind: 'reply', transmissions: 2 });
  expect(events.count('handlerError')).toBe(1);
});

test('R18: answers a signed Status-Server on each port, and withholds the answer while unhealthy', async () => {
  let healthy = true;
  for (const [role, code] of [
    ['auth', CODE.ACCESS_ACCEPT],
    ['acct', CODE.ACCOUNTING_RESPONSE],
  ] as const) {
    healthy = true;
    const { port, events, probe } = await setup({ role, isHealthy: () => healthy });
    expect(await peer({ port }).status(role)).toMatchObject({ kind: 'reply', packet: { code } });
    healthy = false;
    await probe.send(accessRequest(1, { code: CODE.STATUS_SERVER, attributes: [] }).datagram, port);
    await events.seen('dropped status-withheld');
    expect(probe.waiting).toBe(0);
  }
});

test('delays a reject and drops its copies meanwhile, while an accept goes at once', async () => {
  const { server, port, probe, events } = await setup({ rejectDelayMs: 60_000 });
  const bad = accessRequest(1, { password: Buffer.from('wrong') });
  await probe.send(bad.datagram, port);
  await probe.send(bad.datagram, port);
  await probe.send(accessRequest(2).datagram, port);
  expect((await probe.next())[1]).toBe(2);
  expect(events.count('duplicate in-work')).toBe(1);
  await server.stop({ drainMs: 1_000 });
  expect((await probe.next())[0]).toBe(CODE.ACCESS_REJECT);
});

test('drops what is too much at once and takes the retransmission', async () => {
  const work = gate();
  const { port, probe, events } = await setup({
    maxInFlight: 1,
    handle: async (request) => {
      await work.opened;
      return checkPassword(request);
    },
  });
  await probe.send(accessRequest(1).datagram, port);
  const second = accessRequest(2);
  await probe.send(second.datagram, port);
  await events.seen('dropped overloaded');
  work.open();
  expect((await probe.next())[1]).toBe(1);
  await probe.send(second.datagram, port);
  expect((await probe.next())[1]).toBe(2);
});

test('R2: stop lets requests in work finish, within its limit', async () => {
  const work = gate();
  const { server, port, probe, events } = await setup({
    handle: async (request) => {
      await work.opened;
      return checkPassword(request);
    },
  });
  await probe.send(accessRequest(1).datagram, port);
  await probe.send(accessRequest(2).datagram, port);
  await events.seen('received', 2);
  const stopped = server.stop({ drainMs: 5_000 });
  work.open();
  await stopped;
  expect([(await probe.next())[1], (await probe.next())[1]]).toEqual([1, 2]);

  const stuck = await setup({ handle: () => new Promise(() => undefined) });
  await stuck.probe.send(accessRequest(3).datagram, stuck.port);
  await stuck.events.seen('received');
  await stuck.server.stop({ drainMs: 10 });
});

test('start rejects on a taken port', async () => {
  const { port } = await setup();
  await expect(setup({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('copies the Proxy-States of a proxied request through the whole server', async () => {
  const { port, probe } = await setup();
  const asked = accessRequest(1);
  const states = Buffer.from([33, 4, 1, 2, 33, 3, 9]);
  // The encoder never writes Proxy-State itself, so the proxy's part is appended and the packet signed again.
  const proxied = Buffer.concat([asked.datagram, states]);
  proxied.writeUInt16BE(proxied.length, 2);
  messageAuthenticator(proxied, 20, asked.authenticator, Buffer.from(SECRET)).copy(proxied, 22);
  await probe.send(proxied, port);
  const reply = await probe.next();
  expect(reply.subarray(-7)).toEqual(states);
});

test('hands the handler the NAS, the source and the time of arrival', async () => {
  const seen: (number | undefined)[] = [];
  const { port, probe } = await setup({
    handle: async ({ packet, source, receivedAt, nas }) => {
      seen.push(packet.integer(ATTR.NAS_PORT));
      expect(source).toEqual({ address: NAS_ADDRESS, port: probe.port });
      expect(receivedAt).toBeInstanceOf(Date);
      expect(nas.id).toBe('nas1');
      return { code: CODE.ACCESS_ACCEPT, attributes: [] };
    },
  });
  await probe.send(accessRequest(1, { attributes: [integerAttr(ATTR.NAS_PORT, 17)] }).datagram, port);
  expect((await probe.next())[0]).toBe(CODE.ACCESS_ACCEPT);
  expect(seen).toEqual([17]);
});
