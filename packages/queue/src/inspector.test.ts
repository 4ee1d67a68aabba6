import { AppError } from '@turnpike/core/app-error.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { createMetrics } from '@turnpike/runtime/metrics.js';
import { idleHandlers } from '@turnpike/testkit/idle-handlers.js';
import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { createQueueInspector, type QueueInspector } from './inspector.js';
import { createProducer, type Producer } from './producer.js';
import { createRunner } from './runner.js';
import { registerSchedules } from './schedules.js';

const logger = createLogger({ level: 'silent', role: 'test', instance: 'test' });
const idOf = (digit: number) => `0190b5c1-0000-7000-8000-00000000000${digit}`;

let store: TestRedis;
let producer: Producer;
let inspector: QueueInspector;

beforeAll(async () => {
  store = await openTestRedis('durable');
});
beforeEach(async () => {
  await store.flush();
  producer = createProducer({ connection: store.redis, prefix: store.prefix });
  inspector = createQueueInspector({ connection: store.redis, prefix: store.prefix });
});
afterEach(async () => {
  await Promise.all([inspector.close(), producer.close()]);
});
afterAll(() => store.close());

/** Works on the payments queue until nothing waits; `handle` decides what becomes of a payment. */
async function work(handle: (paymentId: string) => Promise<unknown>): Promise<void> {
  const runner = createRunner({
    connection: store.open('blocking'),
    prefix: store.prefix,
    handlers: idleHandlers({ 'payment.request': ({ paymentId }) => handle(paymentId) }),
    logger,
    metrics: createMetrics({ role: 'test', instance: '0', processMetrics: false }),
    queues: ['payments'],
  });
  await runner.start();
  await runner.drain();
  await runner.stop(2_000);
}

const refuse = async (): Promise<never> => {
  throw new AppError('conflict', 'M-Pesa is not set up');
};
const add = (digit: number, delayMs?: number) =>
  producer.enqueue(
    'payment.request',
    { paymentId: idOf(digit) },
    { jobId: `job-${digit}`, ...(delayMs === undefined ? {} : { delayMs }) },
  );

describe('the jobs of a queue', () => {
  test('that failed are listed newest first, page by page, with why and for which id', async () => {
    for (const digit of [1, 2, 3]) await add(digit);
    await work(refuse);
    const first = await inspector.list('payments', { state: 'failed', limit: 2 });
    const second = await inspector.list('payments', { state: 'failed', limit: 2, cursor: first.nextCursor ?? '' });
    expect(new Set([...first.items, ...second.items].map(({ id }) => id))).toEqual(
      new Set(['job-1', 'job-2', 'job-3']),
    );
    expect(second.nextCursor).toBeNull();
    expect(first.items[0]).toMatchObject({
      name: 'payment.request',
      attemptsMade: 1,
      failedReason: 'M-Pesa is not set up',
      createdAt: expect.stringMatching(/^20/),
      runAt: expect.stringMatching(/^20/),
    });
    expect(first.items.map(({ data }) => Object.keys(data))).toEqual([['paymentId'], ['paymentId']]);
  });

  test('that wait are listed as they will be taken, those put off with when they are due', async () => {
    for (const digit of [1, 2]) await add(digit);
    await add(3, 600_000);
    const waiting = await inspector.list('payments', { state: 'waiting', limit: 50 });
    expect(waiting.items.map(({ id, runAt }) => [id, runAt])).toEqual([
      ['job-1', null],
      ['job-2', null],
    ]);
    const [delayed] = (await inspector.list('payments', { state: 'delayed', limit: 50 })).items;
    const dueInMs = new Date(delayed?.runAt ?? 0).getTime() - Date.now();
    expect(dueInMs).toBeGreaterThan(590_000);
    expect(dueInMs).toBeLessThanOrEqual(600_000);
  });

  test('the age of the queues is that of the job that waits longest', async () => {
    expect(await inspector.oldestWaitingMs()).toBeUndefined();
    const before = Date.now();
    await add(1);
    const after = Date.now();
    await add(2, 600_000);
    const oldest = (await inspector.oldestWaitingMs()) ?? 0;
    expect(oldest).toBeGreaterThanOrEqual(before);
    expect(oldest).toBeLessThanOrEqual(after);
  });

  test('a failed one is tried again, with all its tries, and no other is', async () => {
    await add(1);
    await work(refuse);
    await add(2);
    await expect(inspector.retry('payments', 'job-2')).rejects.toMatchObject({ code: 'conflict' });
    await inspector.retry('payments', 'job-1');
    const [again] = (await inspector.list('payments', { state: 'waiting', limit: 5 })).items.filter(
      ({ id }) => id === 'job-1',
    );
    expect(again).toMatchObject({ attemptsMade: 0 });
    await expect(inspector.retry('payments', 'job-9')).rejects.toMatchObject({ code: 'not_found' });
    await expect(inspector.retry('no-such-queue', 'job-1')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('are removed, but not one that runs, nor the next run of a schedule', async () => {
    await add(1);
    await inspector.remove('payments', 'job-1');
    await expect(inspector.remove('payments', 'job-1')).rejects.toMatchObject({ code: 'not_found' });
    await add(2);
    let refused: unknown;
    await work(async () => {
      refused = await inspector.remove('payments', 'job-2').catch((error: unknown) => error);
    });
    expect(refused).toMatchObject({ code: 'conflict' });
    await registerSchedules({ connection: store.redis, prefix: store.prefix });
    const { items } = await inspector.list('sweeps', { state: 'waiting', limit: 100 });
    expect(items.length).toBeGreaterThan(0);
    for (const { id } of items) {
      await expect(inspector.remove('sweeps', id)).rejects.toMatchObject({ code: 'conflict' });
    }
  });
});
