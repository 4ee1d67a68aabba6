import { getEventListeners } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ScriptedRequest } from '@turnpike/testkit/scripted-request.js';
import { withSession } from '@turnpike/testkit/scripted-session.js';
import { watchCrashes } from '@turnpike/testkit/crash-watch.js';
import { RosError } from './ros-error.js';
import type { RosRow } from './ros-session.js';
import { encodeWord } from './wire.js';

function rosError(kind: string, more: Record<string, unknown> = {}): unknown {
  return expect.objectContaining({ name: 'RosError', kind, ...more });
}

const watch = watchCrashes();

afterAll(async () => {
  await nextTurn();
  watch.stop();
  expect(watch.crashes).toEqual([]);
});

const identity = (request: ScriptedRequest): void => request.rows({ name: 'r1' });
const silent = (): void => undefined;

describe('answers', () => {
  test('A1: an answer without rows is an empty list, and the next command is answered too', () =>
    withSession(
      { '/ip/hotspot/active/print': (request) => request.rows(), '/system/identity/print': identity },
      async (session) => {
        expect(await session.print('/ip/hotspot/active')).toEqual([]);
        expect(await session.print('/system/identity')).toEqual([{ name: 'r1' }]);
      },
    ));

  test('A1: sentences of a kind we do not know are ignored', () => {
    const odd = (request: ScriptedRequest): void => {
      request.reply('!progress', { percent: '50' });
      request.reply('!empty');
      request.done({ ret: '*7' });
    };
    return withSession({ '/ip/pool/add': odd }, async (session) => {
      expect(await session.add('/ip/pool', { name: 'tp' })).toBe('*7');
    });
  });

  test('B4 B5: comes whole at every cut of the reply and byte by byte', () => {
    const comment = 'A'.repeat(300);
    const answer = (request: ScriptedRequest): void =>
      request.bytes(Buffer.concat([request.encode('!re', { comment }), request.encode('!done', { ret: '*9' })]));
    return withSession({ '/x': answer }, async (session, router) => {
      for (let cut = 1; cut < 360; cut += 1) {
        router.segment = (bytes) => [bytes.subarray(0, cut), bytes.subarray(cut)];
        expect(await session.exec('/x')).toEqual({ rows: [{ comment }], ret: '*9' });
      }
      router.segment = (bytes) => [...bytes].map((byte) => Buffer.of(byte));
      expect(await session.exec('/x')).toEqual({ rows: [{ comment }], ret: '*9' });
    });
  });

  test('C1: text travels as UTF-8 both ways, and old Windows bytes are not lost', () => {
    const text = 'Kafé Łódź 東京 😀';
    const answer = (request: ScriptedRequest): void => {
      const legacy = Buffer.concat([Buffer.from('=legacy='), Buffer.of(0xe9, 0x81)]);
      const words = ['!re', `.tag=${request.tags[0]}`, `=comment=${text}`].map(encodeWord);
      request.bytes(Buffer.concat([...words, Buffer.of(legacy.length), legacy, Buffer.of(0)]));
      request.done();
    };
    return withSession(
      { '/ip/pool/set': (request) => request.done(), '/ip/pool/print': answer },
      async (session, router) => {
        await session.set('/ip/pool', '*1', { comment: text });
        expect(router.received('/ip/pool/set')[0]?.attributes).toEqual({ '.id': '*1', comment: text });
        expect(await session.print('/ip/pool')).toEqual([{ comment: text, legacy: 'é\u0081' }]);
      },
    );
  });

  test('C2: an error carries every trap with its category, and the command without its arguments', () => {
    const answer = (request: ScriptedRequest): void => {
      request.trap('no such command or directory (bad)', 0);
      request.trap('no such command prefix');
      request.done();
    };
    return withSession({ '/bad': answer }, async (session) => {
      const traps = [
        { message: 'no such command or directory (bad)', category: 0 },
        { message: 'no such command prefix', category: undefined },
      ];
      const error: unknown = await session.exec('/bad', { password: 'hush' }).catch((reason: unknown) => reason);
      expect(error).toEqual(rosError('trap', { traps, command: '/bad' }));
      expect(error).toEqual(
        rosError('trap', { message: 'no such command or directory (bad), no such command prefix' }),
      );
      expect(JSON.stringify(error)).not.toContain('hush');
    });
  });

  test('C4: attributes may be frozen and used again, and each sentence has one tag', () =>
    withSession({ '/x': (request) => request.done() }, async (session, router) => {
      const attributes = Object.freeze({ name: 'a', disabled: false, comment: undefined });
      await session.exec('/x', attributes);
      await session.exec('/x', attributes);
      expect(router.received('/x').map((request) => request.words.slice(0, -1))).toEqual([
        ['/x', '=name=a', '=disabled=no'],
        ['/x', '=name=a', '=disabled=no'],
      ]);
      expect(router.requests.map((request) => request.tags.length)).toEqual([1, 1, 1]);
    }));

  test('C6: rows without any property are rows', () => {
    const answer = (request: ScriptedRequest): void => request.rows({}, { comment: '' }, {});
    return withSession({ '/ip/service/print': answer }, async (session) => {
      expect(await session.print('/ip/service', { proplist: ['comment'] })).toEqual([{}, { comment: '' }, {}]);
    });
  });

  test('C6: a property may have any name, also those of Object.prototype', () => {
    const answer = (request: ScriptedRequest): void => {
      request.bytes(request.encode('!re', JSON.parse('{"__proto__":"p","a=":"b"}')));
      request.done();
    };
    return withSession({ '/x/print': answer }, async (session) => {
      const [row] = await session.print('/x');
      expect(Object.keys(row ?? {})).toEqual(['__proto__', 'a']);
      expect(row?.['constructor']).toBeUndefined();
    });
  });

  test('understands routers that put the tag last', () =>
    withSession(
      { '/system/identity/print': identity },
      async (session) => expect(await session.print('/system/identity')).toEqual([{ name: 'r1' }]),
      { router: { tagLast: true } },
    ));

  test('D8: matches answers to commands whatever their order', () => {
    const held: ScriptedRequest[] = [];
    const hold = (request: ScriptedRequest): void => {
      held.push(request);
      if (held.length === 6) for (const one of held.reverse()) one.done({ ret: one.attributes['n'] ?? '' });
    };
    return withSession({ '/x': hold }, async (session, router) => {
      const answers = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => session.exec('/x', { n })));
      expect(answers.map((answer) => answer.ret)).toEqual(['1', '2', '3', '4', '5', '6']);
      expect(new Set(router.requests.flatMap((request) => request.tags)).size).toBe(7);
    });
  });
});

describe('sentences', () => {
  test('D3: each sentence is one segment', () =>
    withSession({ '/x/add': (request) => request.done({ ret: '*1' }) }, async (session, router) => {
      const before = router.segmentsReceived;
      expect(await session.add('/x', { a: 1, b: 2, c: true, d: false, e: 'x'.repeat(500) })).toBe('*1');
      expect(router.segmentsReceived - before).toBe(1);
    }));

  test('print asks for properties and rows by name', () =>
    withSession({ '/ip/pool/print': (request) => request.rows() }, async (session, router) => {
      await session.print('/ip/pool', { where: { name: 'tp-1', disabled: false }, proplist: ['.id', 'name'] });
      const words = router.received('/ip/pool/print')[0]?.words.slice(0, -1);
      expect(words).toEqual(['/ip/pool/print', '=.proplist=.id,name', '?name=tp-1', '?disabled=false']);
    }));

  test('set, unset and remove name one object; a settings menu has none', () => {
    const done = (request: ScriptedRequest): void => request.done();
    const handlers = { '/ip/dns/set': done, '/x/set': done, '/x/unset': done, '/x/remove': done };
    return withSession(handlers, async (session, router) => {
      await session.set('/ip/dns', undefined, { 'allow-remote-requests': true });
      await session.set('/x', '*A', { name: 'n' });
      await session.unset('/x', '*A', 'comment');
      await session.remove('/x', '*A');
      expect(router.requests.slice(1).map((request) => request.attributes)).toEqual([
        { 'allow-remote-requests': 'yes' },
        { name: 'n', '.id': '*A' },
        { '.id': '*A', 'value-name': 'comment' },
        { '.id': '*A' },
      ]);
    });
  });

  test('D7: nothing is sent for ids, names and commands that could mean more than one thing', () =>
    withSession({}, async (session, router) => {
      const usage = rosError('usage');
      await expect(session.remove('/ip/hotspot/user', '*1,*2')).rejects.toEqual(usage);
      await expect(session.set('/interface', 'ether1', { mtu: 1500 })).rejects.toEqual(usage);
      await expect(session.exec('/x/remove', { numbers: '*1,*2' })).rejects.toEqual(usage);
      await expect(session.exec('/x', { '.tag': 't1' })).rejects.toEqual(usage);
      await expect(session.exec('/x', { 'name=y': 'e' })).rejects.toEqual(usage);
      await expect(session.exec('/x =y')).rejects.toEqual(usage);
      await expect(session.exec('/cancel')).rejects.toEqual(usage);
      await expect(session.print('/x', { where: { '#!': 'x' } })).rejects.toEqual(usage);
      expect(router.requests.map((request) => request.command)).toEqual(['/login']);
    }));

  test('add without an id in the answer is a protocol error', () =>
    withSession({ '/x/add': (request) => request.done() }, async (session) => {
      await expect(session.add('/x', {})).rejects.toEqual(rosError('protocol'));
    }));
});

describe('giving up', () => {
  test('A3 B6: a command times out, the router is told, and its late answer harms nobody', () => {
    const handlers = {
      '/late': silent,
      '/cancel': (request: ScriptedRequest) => request.done(),
      '/system/identity/print': identity,
    };
    return withSession(handlers, async (session, router) => {
      const late = session.exec('/late', {}, { timeoutMs: 20 });
      await expect(late).rejects.toEqual(rosError('timeout', { command: '/late', outcomeUnknown: true }));
      const cancel = await router.waitFor('/cancel');
      const [request] = router.received('/late');
      expect(cancel.attributes).toEqual({ tag: request?.tags[0] });
      request?.rows({ a: '1' });
      request?.rows({ a: '2' });
      expect(await session.print('/system/identity')).toEqual([{ name: 'r1' }]);
    });
  });

  test('B6: a session whose router never ends a cancelled command is given up', () =>
    withSession(
      { '/never': silent, '/cancel': silent },
      async (session) => {
        await expect(session.exec('/never', {}, { timeoutMs: 10 })).rejects.toEqual(rosError('timeout'));
        expect(await session.closed).toEqual(rosError('connection-lost', { command: '/never' }));
      },
      { limits: { tombstoneMs: 20 } },
    ));

  test('a command is aborted by its caller, and one that waits for its turn is never sent', () =>
    withSession(
      { '/never': silent, '/cancel': (request) => request.done() },
      async (session, router) => {
        const controller = new AbortController();
        const { signal } = controller;
        const first = session.exec('/never', {}, { signal });
        const second = session.exec('/second', {}, { signal });
        await router.waitFor('/never');
        controller.abort();
        await expect(first).rejects.toEqual(rosError('aborted', { command: '/never' }));
        await expect(second).rejects.toEqual(rosError('aborted', { command: '/second' }));
        await expect(session.exec('/third', {}, { signal })).rejects.toEqual(
          rosError('aborted', { command: '/third' }),
        );
        await router.waitFor('/cancel');
        expect(router.requests.map((request) => request.command)).toEqual(['/login', '/never', '/cancel']);
      },
      { limits: { maxInFlight: 1 } },
    ));

  test('a signal that outlives many commands collects no listeners', () =>
    withSession({ '/ok': (request) => request.done() }, async (session) => {
      const { signal } = new AbortController();
      await session.exec('/ok', {}, { signal });
      await expect(session.exec('/x', {}, { signal })).rejects.toEqual(rosError('trap'));
      expect(getEventListeners(signal, 'abort')).toEqual([]);
    }));

  test('the timeout also counts while the command waits for its turn', () =>
    withSession(
      { '/never': silent },
      async (session, router) => {
        const never = session.exec('/never', {}, { timeoutMs: 60_000 });
        const first = expect(never).rejects.toEqual(rosError('closed'));
        await expect(session.exec('/second', {}, { timeoutMs: 10 })).rejects.toEqual(rosError('timeout'));
        expect(router.received('/second')).toEqual([]);
        await session.close();
        await first;
      },
      { limits: { maxInFlight: 1 } },
    ));

  test('at most eight commands are in flight, and a cancelled one keeps its place until the router has ended it', () => {
    const open: ScriptedRequest[] = [];
    const handlers = {
      '/q': (request: ScriptedRequest): void => void open.push(request),
      '/cancel': (request: ScriptedRequest): void => request.done(),
    };
    return withSession(handlers, async (session, router) => {
      const cancelled = session.exec('/q', { n: 0 }, { timeoutMs: 10 });
      const rest = Array.from({ length: 20 }, (_, index) => session.exec('/q', { n: index + 1 }));
      await expect(cancelled).rejects.toEqual(rosError('timeout'));
      await router.waitFor('/cancel');
      expect(open).toHaveLength(8);
      for (let answered = 0; answered < 21; answered += 1) {
        await router.waitFor('/q', answered + 1);
        expect(open.length - answered).toBeLessThanOrEqual(8);
        open[answered]?.done();
      }
      expect(await Promise.all(rest)).toHaveLength(20);
    });
  });

  test('P8 D4: rows without end are refused at the row limit, and a router that goes on is left', () => {
    const endless = (request: ScriptedRequest): void => {
      const batch = Buffer.concat(Array.from({ length: 1_000 }, () => request.encode('!re', { name: 'x'.repeat(50) })));
      const pump = (): void => {
        while (request.socket.writable && request.socket.write(batch));
      };
      request.socket.on('drain', pump);
      pump();
    };
    return withSession(
      { '/log/print': endless, '/cancel': silent },
      async (session) => {
        await expect(session.print('/log', { maxRows: 500 })).rejects.toEqual(
          rosError('protocol', { command: '/log/print' }),
        );
        expect(await session.closed).toEqual(rosError('connection-lost'));
      },
      { limits: { tombstoneMs: 30 } },
    );
  });

  test('D4: exactly as many rows as the limit are kept', () =>
    withSession({ '/x/print': (request) => request.rows({ a: '1' }, { a: '2' }) }, async (session) => {
      expect(await session.print('/x', { maxRows: 2 })).toHaveLength(2);
      await expect(session.print('/x', { maxRows: 1 })).rejects.toEqual(rosError('protocol'));
    }));

  test('P8: few rows that are very long are refused too', () => {
    const heavy = (request: ScriptedRequest): void => {
      const row = request.encode('!re', { data: 'x'.repeat(3 * 1024 * 1024) });
      for (let count = 0; count < 12; count += 1) request.bytes(row);
      request.done();
    };
    return withSession({ '/file/print': heavy, '/cancel': (request) => request.done() }, async (session) => {
      await expect(session.print('/file')).rejects.toEqual(rosError('protocol'));
    });
  });
});

describe('streams', () => {
  /** Ticks on demand; ends as a router does when it is told to cancel. */
  function ticker() {
    const live = new Map<string, ScriptedRequest>();
    return {
      tick: (n: number): void => live.forEach((request) => request.row({ n: String(n) })),
      handlers: {
        '/tick': (request: ScriptedRequest): void => void live.set(request.tags[0] ?? '', request),
        '/cancel': (request: ScriptedRequest): void => {
          const target = live.get(request.attributes['tag'] ?? '');
          live.delete(request.attributes['tag'] ?? '');
          target?.trap('interrupted', 2);
          request.done();
          target?.done();
        },
        '/ok': (request: ScriptedRequest): void => request.done(),
      },
    };
  }

  test('C5: gives each row once and ends when the router has confirmed the stop', () => {
    const { tick, handlers } = ticker();
    return withSession(handlers, async (session, router) => {
      const seen: RosRow[] = [];
      const stream = session.stream('/tick', { interval: '500ms' }, (row) => seen.push(row));
      const request = await router.waitFor('/tick');
      expect(request.attributes).toEqual({ interval: '500ms' });
      for (const n of [1, 2, 3]) tick(n);
      await session.exec('/ok');
      await Promise.all([stream.stop(), stream.stop()]);
      await stream.done;
      request.row({ n: '4' });
      await session.exec('/ok');
      expect(seen).toEqual([{ n: '1' }, { n: '2' }, { n: '3' }]);
      expect(router.received('/cancel')).toHaveLength(1);
    });
  });

  test('C5: gives nothing more after a command that ends by itself', () => {
    const answer = (request: ScriptedRequest): void => request.rows({ n: '1' }, { n: '2' });
    return withSession({ '/ping': answer, '/ok': (request) => request.done() }, async (session, router) => {
      const seen: RosRow[] = [];
      const stream = session.stream('/ping', {}, (row) => seen.push(row));
      await stream.done;
      await stream.stop();
      await session.exec('/ok');
      expect(seen).toHaveLength(2);
      expect(router.received('/cancel')).toEqual([]);
    });
  });

  test('A4: a trap in a stream that nobody watches harms nobody', () => {
    const answer = (request: ScriptedRequest): void => {
      request.trap('failure: no such interface');
      request.done();
    };
    return withSession({ '/monitor': answer, '/ok': (request) => request.done() }, async (session) => {
      const { done } = session.stream('/monitor', {}, () => undefined);
      await session.exec('/ok');
      await nextTurn();
      expect(watch.crashes).toEqual([]);
      await expect(done).rejects.toEqual(rosError('trap', { message: 'failure: no such interface' }));
    });
  });

  test('A5: a row handler that throws ends its own stream only', () => {
    const { tick, handlers } = ticker();
    return withSession(handlers, async (session, router) => {
      const bug = new Error('bug');
      const stream = session.stream('/tick', {}, () => {
        throw bug;
      });
      await router.waitFor('/tick');
      tick(1);
      await expect(stream.done).rejects.toEqual(rosError('usage', { cause: bug, command: '/tick' }));
      await router.waitFor('/cancel');
      await session.exec('/ok');
    });
  });

  test('D1: streams that have ended leave nothing behind, and only our own commands are ever sent', () =>
    withSession(
      { '/ping': (request) => request.rows({ n: '1' }), '/ok': (request) => request.done() },
      async (session, router) => {
        for (let count = 0; count < 50; count += 1) await session.stream('/ping', {}, () => undefined).done;
        await session.exec('/ok');
        expect(new Set(router.requests.map((request) => request.command))).toEqual(new Set(['/login', '/ping', '/ok']));
      },
    ));

  test('streams do not take the places of commands', () => {
    const { handlers } = ticker();
    return withSession(handlers, async (session) => {
      const streams = Array.from({ length: 10 }, () => session.stream('/tick', {}, () => undefined));
      await session.exec('/ok');
      await Promise.all(streams.map((stream) => stream.stop()));
    });
  });
});

test('every error of a session is a RosError', () =>
  withSession({}, async (session) => {
    const errors = await Promise.all(
      [session.exec('/x'), session.exec('bad'), session.remove('/x', 'y')].map((call) =>
        call.then(
          () => undefined,
          (error: unknown) => error,
        ),
      ),
    );
    expect(errors.every((error) => error instanceof RosError)).toBe(true);
  }));
