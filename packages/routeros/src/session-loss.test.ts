import { setImmediate as nextTurn } from 'node:timers/promises';
import { leakedHandles, openHandles, watchCrashes } from '@turnpike/testkit/crash-watch.js';
import type { ScriptedRequest } from '@turnpike/testkit/scripted-request.js';
import { dialScripted, withRouter, withSession } from '@turnpike/testkit/scripted-session.js';

function rosError(kind: string, more: Record<string, unknown> = {}): unknown {
  return expect.objectContaining({ name: 'RosError', kind, ...more });
}

const watch = watchCrashes();

afterAll(async () => {
  await nextTurn();
  watch.stop();
  expect(watch.crashes).toEqual([]);
});

const silent = (): void => undefined;
const identity = (request: ScriptedRequest): void => request.rows({ name: 'r1' });

const losses: [string, (request: ScriptedRequest) => void, unknown][] = [
  ['FIN', (request) => void request.socket.end(), rosError('connection-lost')],
  ['RST', (request) => void request.socket.resetAndDestroy(), rosError('connection-lost', { code: 'ECONNRESET' })],
  ['!fatal', (request) => request.fatal('shutting down'), rosError('fatal', { message: 'shutting down' })],
  ['a reserved byte', (request) => request.bytes(Buffer.of(0xff)), rosError('protocol')],
  ['P8: a word of a gigabyte', (request) => request.bytes(Buffer.from('f040000000', 'hex')), rosError('protocol')],
];

describe.each(losses)('on %s', (_name, lose, reason) => {
  test('B1 C2 D10: everything in flight and everything that waits settles with the reason, once', () =>
    withSession(
      { '/slow': silent, '/listen': silent, '/lose': lose },
      async (session) => {
        let closedTimes = 0;
        void session.closed.then(() => (closedTimes += 1));
        const stream = session.stream('/listen', {}, () => undefined);
        const calls = ['/slow', '/lose', '/waiting', '/waiting'].map((command) => session.exec(command));
        const outcomes = await Promise.allSettled([...calls, stream.done]);
        expect(outcomes).toEqual(Array.from({ length: 5 }, () => ({ status: 'rejected', reason })));
        expect(await session.closed).toEqual(reason);
        await session.close();
        await nextTurn();
        expect(closedTimes).toBe(1);
      },
      { limits: { maxInFlight: 2 } },
    ));

  test('B3: a later call is refused at once and names the reason', () =>
    withSession({ '/lose': lose }, async (session, router) => {
      await expect(session.exec('/lose')).rejects.toEqual(reason);
      await expect(session.exec('/x', { big: 'x'.repeat(100_000) })).rejects.toEqual(
        rosError('closed', { cause: reason }),
      );
      expect(() => session.stream('/x', {}, () => undefined)).toThrow(expect.objectContaining({ kind: 'closed' }));
      await router.waitForNoSockets();
      expect(router.received('/x')).toEqual([]);
    }));

  test('B8 B9: a new session dialled as soon as the old one is gone works', () =>
    withRouter({ handlers: { '/lose': lose, '/system/identity/print': identity } }, async (router) => {
      const first = await dialScripted(router);
      const redialled = first.closed.then(() => dialScripted(router));
      await expect(first.exec('/lose')).rejects.toEqual(reason);
      const second = await redialled;
      expect(await second.print('/system/identity')).toEqual([{ name: 'r1' }]);
      await second.close();
    }));
});

test('P1: a connection cut after any byte of a reply settles the command', () => {
  let cut = 0;
  let wholeLength = 1;
  const answer = (request: ScriptedRequest): void => {
    const reply = Buffer.concat([request.encode('!re', { name: 'r1' }), request.encode('!done')]);
    wholeLength = reply.length;
    request.socket.end(reply.subarray(0, cut));
  };
  return withRouter({ handlers: { '/x/print': answer } }, async (router) => {
    for (cut = 0; cut <= wholeLength; cut += 1) {
      const session = await dialScripted(router);
      const [outcome] = await Promise.allSettled([session.print('/x')]);
      if (cut < wholeLength) expect(outcome).toEqual({ status: 'rejected', reason: rosError('connection-lost') });
      else expect(outcome).toEqual({ status: 'fulfilled', value: [{ name: 'r1' }] });
      await session.closed;
    }
    expect(wholeLength).toBeGreaterThan(30);
  });
});

describe('keepalive', () => {
  test('A2: an idle session stays up and asks the router for a sign of life', () =>
    withSession(
      { '/system/identity/print': identity, '/ok': (request) => request.done() },
      async (session, router) => {
        const request = await router.waitFor('/system/identity/print', 2);
        expect(request.words.slice(0, 2)).toEqual(['/system/identity/print', '=.proplist=name']);
        await session.exec('/ok');
      },
      { limits: { keepaliveMs: 150, connectTimeoutMs: 200 } },
    ));

  test('A2: a router that refuses to print its identity is alive all the same', () =>
    withSession(
      { '/ok': (request) => request.done() },
      async (session, router) => {
        await router.waitFor('/system/identity/print', 2);
        await session.exec('/ok');
      },
      { limits: { keepaliveMs: 50 } },
    ));

  test('D9: a router that has fallen silent loses its session, also while a stream is open', () =>
    withSession(
      { '/system/identity/print': silent, '/listen': silent },
      async (session) => {
        const stream = session.stream('/listen', {}, () => undefined);
        expect(await session.closed).toEqual(rosError('connection-lost'));
        await expect(stream.done).rejects.toEqual(rosError('connection-lost'));
      },
      { limits: { keepaliveMs: 15 } },
    ));

  test('D2: no timer and no socket stays after the session', async () => {
    const before = await openHandles();
    await withSession(
      { '/never': silent, '/cancel': silent, '/listen': silent },
      async (session, router) => {
        session.stream('/listen', {}, () => undefined);
        const pending = session.exec('/pending', {}, { signal: new AbortController().signal });
        await expect(pending).rejects.toEqual(rosError('trap'));
        await expect(session.exec('/never', {}, { timeoutMs: 10 })).rejects.toEqual(rosError('timeout'));
        const waiting = session.exec('/never', {}, { timeoutMs: 60_000 });
        const refused = expect(waiting).rejects.toEqual(rosError('closed'));
        await router.waitFor('/never', 2);
        await session.close();
        await refused;
      },
      { limits: { tombstoneMs: 60_000, keepaliveMs: 60_000 } },
    );
    expect(await leakedHandles(before)).toEqual([]);
  });
});

describe('close', () => {
  test('B7: settles what is open and refuses what comes later', () =>
    withSession({ '/slow': silent }, async (session, router) => {
      const slow = expect(session.exec('/slow')).rejects.toEqual(rosError('closed'));
      await router.waitFor('/slow');
      await Promise.all([session.close(), session.close()]);
      await session.close();
      await slow;
      await expect(session.exec('/x')).rejects.toEqual(rosError('closed'));
      expect(await session.closed).toEqual(rosError('closed'));
      await router.waitForNoSockets();
    }));

  test('B7: does not wait longer than its grace for a router that does not hang up', () =>
    withSession(
      {},
      async (session, router) => {
        const startedMs = performance.now();
        await session.close();
        expect(performance.now() - startedMs).toBeLessThan(1_000);
        expect(router.sockets.size).toBe(1);
      },
      { limits: { closeGraceMs: 20 }, router: { allowHalfOpen: true } },
    ));
});

test('B1: a hundred sessions to a router that dies all settle', () =>
  withRouter({ handlers: { '/slow': silent } }, async (router) => {
    const sessions = await Promise.all(Array.from({ length: 100 }, () => dialScripted(router)));
    const calls = sessions.map((session) => session.exec('/slow'));
    await router.waitFor('/slow', 100);
    await router.stop();
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.every((outcome) => outcome.status === 'rejected')).toBe(true);
    await Promise.all(sessions.map((session) => session.closed));
  }));
