import { jest } from '@jest/globals';
import { createLogger } from '@turnpike/runtime/logger.js';
import { createMetrics } from '@turnpike/runtime/metrics.js';
import { openRedis } from '@turnpike/runtime/redis.js';
import { idleHandlers } from '@turnpike/testkit/idle-handlers.js';
import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { jobs, type JobPayload } from './catalogue.js';
import { createRequester, type Requester } from './requester.js';
import { createRunner, type Runner } from './runner.js';

const logger = createLogger({ level: 'silent', role: 'test', instance: 'test' });
const question: JobPayload<'router.read'> = { routerId: '0193a5b0-0000-7000-8000-000000000001', read: 'details' };
const patience = (): AbortSignal => AbortSignal.timeout(10_000);

describe('the requester', () => {
  let store: TestRedis;
  let requester: Requester;
  let runner: Runner | undefined;

  async function work(answer: () => Promise<unknown>): Promise<void> {
    runner = createRunner({
      connection: store.open('blocking'),
      prefix: store.prefix,
      queues: ['reads'],
      handlers: idleHandlers({ 'router.read': answer }),
      logger,
      metrics: createMetrics({ role: 'test', instance: 'test', processMetrics: false }),
    });
    await runner.start();
  }

  beforeAll(async () => {
    store = await openTestRedis('durable');
    requester = createRequester({ connection: store.redis, blocking: store.open('blocking'), prefix: store.prefix });
  });
  afterEach(async () => {
    await runner?.stop(0);
    runner = undefined;
  });
  afterAll(async () => {
    await requester.close();
    await store.close();
  });

  test('gives what the handler of a worker resolves to', async () => {
    await work(async () => ({ ok: true, value: [1, 'two'] }));
    expect(await requester.request('router.read', question, patience())).toEqual({ ok: true, value: [1, 'two'] });
  });

  test('a handler that fails is an answer that did not come', async () => {
    await work(async () => Promise.reject(new Error('broken')));
    await expect(requester.request('router.read', question, patience())).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('rejects with the reason of the caller who gave up', async () => {
    const caller = new AbortController();
    const asked = requester.request('router.read', question, caller.signal);
    caller.abort(new Error('gone home'));
    await expect(asked).rejects.toThrow('gone home');
    await expect(requester.request('router.read', question, caller.signal)).rejects.toThrow('gone home');
  });

  test('keeps no timer for a caller who gave up while the answer was waited for', async () => {
    const begun = jest.spyOn(globalThis, 'setTimeout');
    const ended = jest.spyOn(globalThis, 'clearInterval');
    const deadline = (): number => begun.mock.calls.findIndex(([, ms]) => ms === jobs['router.read'].deadlineMs);
    const caller = new AbortController();
    const asked = requester.request('router.read', question, caller.signal);
    const gone = expect(asked).rejects.toThrow('gone home');
    const patientUntil = performance.now() + 5_000;
    while (deadline() < 0 && performance.now() < patientUntil) await new Promise((resolve) => setImmediate(resolve));
    const timer = begun.mock.results[deadline()]?.value;
    expect(timer).toBeDefined();
    caller.abort(new Error('gone home'));
    await gone;
    expect(ended).toHaveBeenCalledWith(timer);
    begun.mockRestore();
    ended.mockRestore();
  });

  test('D14: refuses at once while Redis is away', async () => {
    const url = 'redis://127.0.0.1:1';
    const connection = openRedis({ url, role: 'durable', use: 'commands', logger });
    const lost = createRequester({ connection, blocking: store.open('blocking'), prefix: store.prefix });
    const startedMs = performance.now();
    await expect(lost.request('router.read', question, patience())).rejects.toMatchObject({ code: 'unavailable' });
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    connection.disconnect();
    await lost.close();
  });
});
