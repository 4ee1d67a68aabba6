import { setImmediate as nextTurn } from 'node:timers/promises';
import { Secret } from '@turnpike/core/secret.js';
import { leakedHandles, openHandles, watchCrashes } from '@turnpike/testkit/crash-watch.js';
import type { ScriptedRequest } from '@turnpike/testkit/scripted-request.js';
import { ScriptedRouter } from '@turnpike/testkit/scripted-router.js';
import { dialScripted, withRouter } from '@turnpike/testkit/scripted-session.js';
import { selfSignedCertificate } from '@turnpike/testkit/self-signed-certificate.js';
import { checkNodeRouterosVersion } from './node-routeros-version.js';

function rosError(kind: string, more: Record<string, unknown> = {}): unknown {
  return expect.objectContaining({ name: 'RosError', kind, ...more });
}

const watch = watchCrashes();

afterAll(async () => {
  await nextTurn();
  watch.stop();
  expect(watch.crashes).toEqual([]);
});

async function closedPort(): Promise<number> {
  const router = await ScriptedRouter.start();
  const { port } = router;
  await router.stop();
  return port;
}

describe('connecting', () => {
  test('gives our own address of the connection', () =>
    withRouter({}, async (router) => {
      const session = await dialScripted(router);
      expect(session.localAddress).toBe('127.0.0.1');
      await session.close();
    }));

  test.each<[string, 'end' | 'resetAndDestroy', unknown]>([
    ['closes', 'end', rosError('connection-lost')],
    ['resets', 'resetAndDestroy', expect.objectContaining({ name: 'RosError', code: 'ECONNRESET' })],
  ])('B2: a router that accepts and %s settles the dial', (_name, how, reason) => {
    const onConnect = (socket: ScriptedRequest['socket']): 'ignore' => {
      socket[how]();
      return 'ignore';
    };
    return withRouter({ onConnect }, async (router) => {
      await expect(dialScripted(router)).rejects.toEqual(reason);
    });
  });

  test('B2: a router that accepts and says nothing is a timeout', () =>
    withRouter({ onConnect: () => 'ignore' }, async (router) => {
      await expect(dialScripted(router, { connectTimeoutMs: 30 })).rejects.toEqual(rosError('timeout'));
      await router.waitForNoSockets();
    }));

  test('B2: a TLS handshake that is never answered is a timeout', () =>
    withRouter({ onConnect: () => 'ignore' }, async (router) => {
      const tls = { fingerprint256: 'AA'.repeat(32) };
      await expect(dialScripted(router, { connectTimeoutMs: 30 }, { tls })).rejects.toEqual(rosError('timeout'));
      await router.waitForNoSockets();
    }));

  test('B7: dialling is aborted by its caller, and no connection stays', () =>
    withRouter({ handlers: { '/login': () => undefined } }, async (router) => {
      const controller = new AbortController();
      const dialling = dialScripted(router, {}, {}, controller.signal);
      void router.waitFor('/login').then(() => controller.abort());
      await expect(dialling).rejects.toEqual(rosError('aborted'));
      await router.waitForNoSockets();
      await expect(dialScripted(router, {}, {}, controller.signal)).rejects.toEqual(rosError('aborted'));
      expect(router.received('/login')).toHaveLength(1);
    }));

  test('C3: a refused connection has a message and a code', async () => {
    const port = await closedPort();
    await withRouter({}, async (router) => {
      const message = expect.stringMatching(/ECONNREFUSED/);
      await expect(dialScripted(router, {}, { port })).rejects.toEqual(
        rosError('connect', { code: 'ECONNREFUSED', message }),
      );
      const overTls = { port, tls: { fingerprint256: 'AA'.repeat(32) } };
      await expect(dialScripted(router, {}, overTls)).rejects.toEqual(
        rosError('connect', { code: 'ECONNREFUSED', message }),
      );
    });
  });

  test('C8: two dials at the same time are two sessions', () =>
    withRouter({}, async (router) => {
      const [first, second] = await Promise.all([dialScripted(router), dialScripted(router)]);
      await first.close();
      await expect(second.exec('/x')).rejects.toEqual(rosError('trap'));
      await second.close();
    }));

  test.each([
    { port: 0 },
    { port: 65_536 },
    { port: 87.28 },
    { host: '' },
    { host: 'a\0b' },
    { tls: { fingerprint256: 'AB:CD' } },
  ])('refuses the target %p without connecting', (target) =>
    withRouter({}, async (router) => {
      await expect(dialScripted(router, {}, target)).rejects.toEqual(rosError('usage'));
      expect(router.sockets.size).toBe(0);
    }),
  );
});

describe('login', () => {
  test('C1 C7: sends name and password once, in UTF-8', () =>
    withRouter({}, async (router) => {
      const session = await dialScripted(router, {}, { username: 'ädmin', password: new Secret('pässwörd 東') });
      expect(router.received('/login').map((request) => request.attributes)).toEqual([
        { name: 'ädmin', password: 'pässwörd 東' },
      ]);
      await session.close();
    }));

  test('C7: an empty password is sent as an empty one', () =>
    withRouter({}, async (router) => {
      const session = await dialScripted(router, {}, { password: new Secret('') });
      expect(router.received('/login')[0]?.words).toContain('=password=');
      await session.close();
    }));

  test('wrong credentials are a login error with the words of the router', () => {
    const refuse = (request: ScriptedRequest): void => {
      request.trap('invalid user name or password (6)');
      request.done();
    };
    return withRouter({ handlers: { '/login': refuse } }, async (router) => {
      const error: unknown = await dialScripted(router).catch((reason: unknown) => reason);
      expect(error).toEqual(rosError('login', { message: 'invalid user name or password (6)', command: '/login' }));
      await router.waitForNoSockets();
    });
  });

  test('C7: the challenge of an old router is refused and not answered', () =>
    withRouter({ handlers: { '/login': (request) => request.done({ ret: 'ab'.repeat(16) }) } }, async (router) => {
      await expect(dialScripted(router)).rejects.toEqual(rosError('login'));
      await router.waitForNoSockets();
      expect(router.requests).toHaveLength(1);
    }));

  test('A6: a login answered with rows does not count as logged in', () =>
    withRouter({ handlers: { '/login': (request) => request.rows({ a: '1' }, { b: '2' }) } }, async (router) => {
      await expect(dialScripted(router)).rejects.toEqual(rosError('protocol'));
      await router.waitForNoSockets();
    }));

  test.each(['fatal', 'end'] as const)('B2: a router that answers the login with %s settles the dial', (how) => {
    const answer = (request: ScriptedRequest): void => {
      if (how === 'fatal') request.fatal('too many sessions');
      else request.socket.end();
    };
    return withRouter({ handlers: { '/login': answer } }, async (router) => {
      await expect(dialScripted(router)).rejects.toEqual(rosError(how === 'fatal' ? 'fatal' : 'connection-lost'));
    });
  });

  test('P1: a connection cut after any byte of the login reply settles the dial', () => {
    let cut = 0;
    const answer = (request: ScriptedRequest): void =>
      void request.socket.end(request.encode('!done').subarray(0, cut));
    return withRouter({ handlers: { '/login': answer } }, async (router) => {
      for (cut = 0; cut < 14; cut += 1) {
        await expect(dialScripted(router)).rejects.toEqual(rosError('connection-lost'));
      }
    });
  });
});

describe('TLS', () => {
  const certificate = selfSignedCertificate('router');
  const other = selfSignedCertificate('other');

  test('D5: a self-signed certificate with the pinned fingerprint is accepted, in any spelling', () =>
    withRouter({ tls: certificate, handlers: { '/ok': (request) => request.done() } }, async (router) => {
      const spellings = [certificate.fingerprint256, certificate.fingerprint256.replaceAll(':', '').toLowerCase()];
      for (const fingerprint256 of spellings) {
        const session = await dialScripted(router, {}, { tls: { fingerprint256 } });
        await session.exec('/ok');
        await session.close();
      }
    }));

  test('D5: another certificate is refused before any word is sent, and its fingerprint is told', () =>
    withRouter({ tls: other }, async (router) => {
      const dialling = dialScripted(router, {}, { tls: certificate });
      await expect(dialling).rejects.toEqual(rosError('tls', { fingerprint256: other.fingerprint256 }));
      await router.waitForNoSockets();
      expect(router.segmentsReceived).toBe(0);
    }));

  test('C3 D5: a port that does not speak TLS is a TLS error with a reason', () => {
    const onConnect = (socket: ScriptedRequest['socket']): 'ignore' => {
      socket.end('this is not TLS at all');
      return 'ignore';
    };
    return withRouter({ onConnect }, async (router) => {
      const dialling = dialScripted(router, {}, { tls: certificate });
      await expect(dialling).rejects.toEqual(rosError('tls', { message: expect.stringMatching(/\w{5}/) }));
    });
  });
});

test('D2: failed dials leave no timer and no socket behind', async () => {
  const before = await openHandles();
  const port = await closedPort();
  await withRouter({ handlers: { '/login': (request) => void request.socket.end() } }, async (router) => {
    const targets = [{}, { port }, { tls: { fingerprint256: 'AA'.repeat(32) } }];
    const limits = { connectTimeoutMs: 50 };
    const outcomes = await Promise.allSettled(targets.map((target) => dialScripted(router, limits, target)));
    expect(outcomes.every((outcome) => outcome.status === 'rejected')).toBe(true);
  });
  expect(await leakedHandles(before)).toEqual([]);
});

test('only release 1.6.9 of node-routeros is accepted', () => {
  expect(() => checkNodeRouterosVersion()).not.toThrow();
  for (const manifest of [{ version: '1.6.10' }, { version: '1.6.8' }, {}, null]) {
    expect(() => checkNodeRouterosVersion(() => manifest)).toThrow(expect.objectContaining({ kind: 'usage' }));
  }
});
