import { EventEmitter, once } from 'node:events';
import { createLifecycle, type ProcessHost } from './lifecycle.js';
import { createLogger } from './logger.js';

const logger = createLogger({ level: 'silent', role: 'test', instance: 'test' });

function fakeProcess() {
  const events = new EventEmitter();
  const sent: unknown[] = [];
  const exits: number[] = [];
  const host: ProcessHost = {
    on: (event, listener) => events.on(event, listener),
    exit: (code) => {
      exits.push(code);
      events.emit('exited');
    },
    send: (message) => sent.push(message),
  };
  return { host, events, sent, exits };
}

describe('the lifecycle', () => {
  test('stops in the reverse order once, however many signals come, and then exits 0', async () => {
    const { host, events, exits } = fakeProcess();
    const lifecycle = createLifecycle({ logger, forceAfterMs: 5_000, host });
    const order: string[] = [];
    lifecycle.add('stores', () => void order.push('stores'));
    lifecycle.add('server', async () => void order.push(`server, stopping ${lifecycle.stopping.aborted}`));
    const exited = once(events, 'exited');
    events.emit('SIGTERM');
    events.emit('SIGINT');
    await exited;
    await lifecycle.stop('again');
    expect(order).toEqual(['server, stopping true', 'stores']);
    expect(exits).toEqual([0]);
  });

  test('a part that fails to stop does not keep the others and makes the exit code 1', async () => {
    const { host, exits } = fakeProcess();
    const lifecycle = createLifecycle({ logger, forceAfterMs: 5_000, host });
    let stopped = false;
    lifecycle.add('stores', () => {
      stopped = true;
    });
    lifecycle.add('server', () => Promise.reject(new Error('stuck')));
    await lifecycle.stop('test');
    expect([stopped, exits]).toEqual([true, [1]]);
  });

  test('a part that never stops is cut off after the limit', async () => {
    const { host, events, exits } = fakeProcess();
    const lifecycle = createLifecycle({ logger, forceAfterMs: 20, host });
    let finish = (): void => undefined;
    lifecycle.add('stuck', () => new Promise<void>((resolve) => (finish = resolve)));
    const exited = once(events, 'exited');
    const stopping = lifecycle.stop('test');
    await exited;
    expect(exits).toEqual([1]);
    finish();
    await stopping;
  });

  test.each(['uncaughtException', 'unhandledRejection'])('R19: %s stops everything and exits 1', async (event) => {
    const { host, events, exits } = fakeProcess();
    const lifecycle = createLifecycle({ logger, forceAfterMs: 5_000, host });
    let stopped = false;
    lifecycle.add('server', () => {
      stopped = true;
    });
    const exited = once(events, 'exited');
    events.emit(event, new Error('bug'));
    await exited;
    expect([stopped, exits]).toEqual([true, [1]]);
  });

  test('tells the supervisor that it is ready, and manages without one', () => {
    const { host, sent } = fakeProcess();
    createLifecycle({ logger, forceAfterMs: 1, host }).ready();
    expect(sent).toEqual(['ready']);
    expect(() =>
      createLifecycle({ logger, forceAfterMs: 1, host: { ...host, send: undefined } }).ready(),
    ).not.toThrow();
  });
});
