import { recordRadiusEvents } from '@turnpike/testkit/radius-events.js';
import { openUdpProbe } from '@turnpike/testkit/udp-probe.js';
import { ATTR, CODE } from './attributes.js';
import { messageAuthenticator } from './authenticators.js';
import { verifyReply } from './encode.js';
import type { NasProfile } from './nas-profile.js';
import {
  SECRET,
  accessRequest,
  checkPassword,
  firstReplyAfterSentinel,
  openTestServer,
  type TestServer,
} from './test-server.js';
import { createTokenBucket } from './token-bucket.js';
import { DROP_SECRET_SUSPECT, type RadiusServerOptions } from './udp-server.js';
import { textAttr } from './value-codec.js';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function open(overrides: Partial<RadiusServerOptions>): Promise<TestServer> {
  const built = await openTestServer(overrides);
  cleanups.push(() => built.close());
  return built;
}

const nas = (overrides: Partial<NasProfile> = {}): NasProfile => ({
  id: 'nas1',
  secrets: [Buffer.from(SECRET)],
  messageAuthenticator: 'required',
  ...overrides,
});

/** A clock the test moves. */
function handClock(): { clock: RadiusServerOptions['clock']; forward(seconds: number): void } {
  let nowMs = 1_000_000;
  return {
    clock: { now: () => new Date(nowMs), monotonicMs: () => nowMs },
    forward(seconds) {
      nowMs += seconds * 1_000;
    },
  };
}

test('R8: a replayed Access-Request gets the reply it had for 30 s and no second login; later it is a new request', async () => {
  const { clock, forward } = handClock();
  let logins = 0;
  const { port, probe } = await open({
    clock,
    handle: async () => {
      logins += 1;
      return { code: CODE.ACCESS_ACCEPT, attributes: [textAttr(ATTR.CLASS, `session ${logins}`)] };
    },
  });
  const { datagram } = accessRequest(1);
  const replies: Buffer[] = [];
  for (const pause of [0, 1, 9, 19, 31]) {
    forward(pause);
    await probe.send(datagram, port);
    replies.push(await probe.next());
  }
  const [first, after1, after10, after29, after60] = replies;
  expect([after1, after10, after29]).toEqual([first, first, first]);
  expect(after60).not.toEqual(first);
  expect(logins).toBe(2);
});

test('R12: a NAS that floods is throttled before its packets are read, while another one is served', async () => {
  const { clock, forward } = handClock();
  const noisy = nas({ id: 'noisy', bucket: createTokenBucket({ perSecond: 10, burst: 20 }) });
  const quiet = nas({ id: 'quiet', bucket: createTokenBucket({ perSecond: 10, burst: 20 }) });
  const { port, probe, events } = await open({
    clock,
    lookupNas: (address) => (address === '127.0.40.1' ? noisy : quiet),
  });
  const neighbour = await openUdpProbe('127.0.40.2');
  cleanups.push(() => neighbour.close());
  for (let n = 0; n < 200; n += 1) await probe.send(Buffer.from('a broken loop'), port);
  await neighbour.send(accessRequest(1).datagram, port);
  expect((await neighbour.next())[0]).toBe(CODE.ACCESS_ACCEPT);
  await probe.send(accessRequest(2).datagram, port);
  await events.seen('dropped throttled 127.0.40.1 noisy', 181);
  expect(events.count('dropped too-short 127.0.40.1 noisy')).toBe(20);
  forward(0.1);
  await probe.send(accessRequest(3).datagram, port);
  expect((await probe.next())[1]).toBe(3);
  expect(events.count('dropped throttled 127.0.40.2')).toBe(0);
});

test('R12: a NAS without a bucket is not limited', async () => {
  const { port, probe, events } = await open({ lookupNas: () => nas() });
  const count = 1_000;
  for (let n = 0; n < count; n += 1) {
    await probe.send(accessRequest(n % 256).datagram, port);
    await probe.next();
  }
  expect(events.count('dropped')).toBe(0);
});

test('R13: while two secrets live, either is taken, answered with, and told to the observer', async () => {
  const secrets = [Buffer.from('the new secret, in force at once'), Buffer.from(SECRET)];
  const told: [number, boolean][] = [];
  const { port, probe, events } = await open({
    lookupNas: () => nas({ secrets }),
    handle: async (request) => {
      told.push([request.secretIndex, request.signed]);
      expect(request.secret).toBe(secrets[request.secretIndex]);
      return checkPassword(request);
    },
  });
  for (const [index, secret] of secrets.entries()) {
    const { datagram, authenticator } = accessRequest(index, { secret });
    await probe.send(datagram, port);
    const reply = await probe.next();
    expect(reply[0]).toBe(CODE.ACCESS_ACCEPT);
    expect(verifyReply(reply, { code: 1, identifier: index, authenticator }, secret).ok).toBe(true);
  }
  expect(told).toEqual([
    [0, true],
    [1, true],
  ]);
  expect(events.lines.filter((line) => line.startsWith('verified'))).toEqual([
    'verified nas1 secret 0 signed code 1',
    'verified nas1 secret 1 signed code 1',
  ]);
});

test('R13: tells of every verified packet, copies and Status-Server too, and of none that is not', async () => {
  const built = await open({ lookupNas: () => nas({ messageAuthenticator: 'optional' }) });
  const { port, probe, events } = built;
  const unsigned = accessRequest(1, { messageAuthenticator: false });
  for (let copy = 0; copy < 2; copy += 1) {
    await probe.send(unsigned.datagram, port);
    await probe.next();
  }
  await probe.send(accessRequest(2, { secret: Buffer.from('wrong') }).datagram, port);
  await firstReplyAfterSentinel(built);
  expect(events.lines.filter((line) => line.startsWith('verified'))).toEqual([
    'verified nas1 secret 0 unsigned code 1',
    'verified nas1 secret 0 unsigned code 1',
    'verified nas1 secret 0 signed code 12',
  ]);
});

test('R14: a handler that suspects the secret sends nothing, is counted so, and sees the retransmission afresh', async () => {
  let handled = 0;
  const built = await open({
    lookupNas: () => nas({ messageAuthenticator: 'optional' }),
    handle: async (request) => {
      handled += 1;
      return request.signed ? checkPassword(request) : DROP_SECRET_SUSPECT;
    },
  });
  const { datagram } = accessRequest(1, { messageAuthenticator: false, secret: Buffer.from('wrong') });
  await built.probe.send(datagram, built.port);
  await built.probe.send(datagram, built.port);
  expect((await firstReplyAfterSentinel(built))[1]).toBe(250);
  expect(built.events.count('dropped secret-suspect 127.0.40.1 nas1')).toBe(2);
  expect(built.events.count('replied 3')).toBe(0);
  expect(handled).toBe(2);
});

test.each([
  ['required', 'plain', 'dropped message-authenticator-missing'],
  ['required', 'Proxy-State', 'dropped message-authenticator-missing'],
  ['required', 'signed', 'replied 2'],
  ['required', 'signed with Proxy-State', 'replied 2'],
  ['optional', 'plain', 'replied 2'],
  ['optional', 'Proxy-State', 'dropped message-authenticator-missing'],
  ['optional', 'signed', 'replied 2'],
  ['optional', 'signed with Proxy-State', 'replied 2'],
] as const)('R6: with Message-Authenticator %s a request that is %s is %s', async (policy, kind, expected) => {
  const built = await open({ lookupNas: () => nas({ messageAuthenticator: policy }) });
  const { probe, port, events } = built;
  const signed = kind.startsWith('signed');
  const asked = accessRequest(1, { messageAuthenticator: signed });
  await probe.send(kind.endsWith('Proxy-State') ? withProxyState(asked, signed) : asked.datagram, port);
  const first = await firstReplyAfterSentinel(built);
  expect(events.count(expected)).toBeGreaterThanOrEqual(1);
  expect(first[1]).toBe(expected.startsWith('dropped') ? 250 : 1);
  expect(first[20]).toBe(ATTR.MESSAGE_AUTHENTICATOR);
});

/** The encoder never writes Proxy-State, so the proxy's part is appended and the packet signed again. */
function withProxyState(asked: { datagram: Buffer; authenticator: Buffer }, signed: boolean): Buffer {
  const proxied = Buffer.concat([asked.datagram, Buffer.from([ATTR.PROXY_STATE, 4, 1, 2])]);
  proxied.writeUInt16BE(proxied.length, 2);
  if (signed) messageAuthenticator(proxied, 20, asked.authenticator, Buffer.from(SECRET)).copy(proxied, 22);
  return proxied;
}

test('R18: a Status-Server that is not signed, or not rightly, gets no answer on either port', async () => {
  for (const [role, code] of [
    ['auth', CODE.ACCESS_ACCEPT],
    ['acct', CODE.ACCOUNTING_RESPONSE],
  ] as const) {
    const built = await open({ role, lookupNas: () => nas({ messageAuthenticator: 'optional' }) });
    const status = { code: CODE.STATUS_SERVER, attributes: [], password: undefined };
    await built.probe.send(accessRequest(1, { ...status, messageAuthenticator: false }).datagram, built.port);
    await built.probe.send(accessRequest(2, { ...status, secret: Buffer.from('wrong') }).datagram, built.port);
    const first = await firstReplyAfterSentinel(built);
    expect([first[0], first[1]]).toEqual([code, 250]);
    expect(built.events.count('dropped message-authenticator-m')).toBe(2);
  }
});

test.each(['received', 'dropped', 'verified', 'replied', 'duplicate', 'handlerError', 'socketError'] as const)(
  'R19: goes on when the observer throws at %s',
  async (broken) => {
    const { observe } = recordRadiusEvents();
    let handled = 0;
    const { port, probe } = await open({
      observe: {
        ...observe,
        [broken]: () => {
          throw new Error('metrics broke');
        },
      },
      handle: (request) => {
        handled += 1;
        return handled === 1 ? Promise.reject(new Error('injected')) : Promise.resolve(checkPassword(request));
      },
    });
    const { datagram } = accessRequest(1);
    await probe.send(Buffer.from('junk'), port);
    for (let copy = 0; copy < 3; copy += 1) await probe.send(datagram, port);
    expect((await probe.next())[0]).toBe(CODE.ACCESS_ACCEPT);
  },
);
