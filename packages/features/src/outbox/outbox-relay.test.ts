import { addToOutbox } from '@turnpike/db/outbox.store.js';
import { systemClock } from '@turnpike/core/clock.js';
import { createProducer, type Producer } from '@turnpike/queue/producer.js';
import { createRunner, type Runner } from '@turnpike/queue/runner.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { createMetrics } from '@turnpike/runtime/metrics.js';
import { openRedis, type Redis } from '@turnpike/runtime/redis.js';
import { idleHandlers } from '@turnpike/testkit/idle-handlers.js';
import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { createOutboxRelay, type OutboxRelay } from './outbox-relay.js';
import { outboxWake } from './outbox-wake.js';

const logger = createLogger({ level: 'silent', role: 'test', instance: 'test' });
const routerId = (n: number) => `0193a5b0-0000-7000-8000-${String(n).padStart(12, '0')}`;

describe('the outbox relay', () => {
  let base: TestDatabase;
  let store: TestRedis;
  let producer: Producer;
  let runner: Runner;
  let handled: string[] = [];
  let onHandled = (): void => undefined;

  function relay(options: { producer?: Producer; pollMs?: number; subscriber?: Redis } = {}): OutboxRelay {
    return createOutboxRelay({
      transact: base.database.transact,
      producer: options.producer ?? producer,
      ...(options.subscriber === undefined ? {} : { subscriber: options.subscriber }),
      prefix: store.prefix,
      clock: systemClock,
      logger,
      metrics: createMetrics({ role: 'test', instance: 'test', processMetrics: false }),
      ...(options.pollMs === undefined ? {} : { pollMs: options.pollMs }),
    });
  }

  const add = (n: number) => base.database.transact((tx) => addToOutbox(tx, 'router.probe', { routerId: routerId(n) }));
  const unpublished = () => base.database.db.outboxMessage.count({ where: { publishedAt: null } });

  beforeAll(async () => {
    base = await openTestDatabase({ maxConnections: 8 });
    store = await openTestRedis('durable');
    producer = createProducer({ connection: store.redis, prefix: store.prefix });
    runner = createRunner({
      connection: store.open('blocking'),
      prefix: store.prefix,
      logger,
      metrics: createMetrics({ role: 'test', instance: 'test', processMetrics: false }),
      handlers: idleHandlers({
        'router.probe': async (payload) => {
          handled.push(payload.routerId);
          onHandled();
        },
      }),
    });
    await runner.start();
  });
  beforeEach(() => {
    handled = [];
  });
  afterEach(() => base.database.db.outboxMessage.deleteMany());
  afterAll(async () => {
    await runner.stop(1_000);
    await producer.close();
    await store.close();
    await base.drop();
  });

  test('brings committed rows to the queue, and none of a transaction that was rolled back', async () => {
    await add(1);
    await expect(
      base.database.transact(async (tx) => {
        await addToOutbox(tx, 'router.probe', { routerId: routerId(2) });
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    expect(await relay().relayOnce()).toBe(1);
    await runner.drain();
    expect(handled).toEqual([routerId(1)]);
    expect(await unpublished()).toBe(0);
    expect(await relay().relayOnce()).toBe(0);
  });

  test('D15: a row that a crash left between commit and enqueue is brought by the next process that starts', async () => {
    await add(3);
    const handling = new Promise<void>((resolve) => {
      onHandled = resolve;
    });
    const next = relay({ pollMs: 60_000 });
    await next.start();
    await handling;
    await next.stop();
    expect(handled).toEqual([routerId(3)]);
  });

  test('D13: a row brought twice, because its mark was lost after the enqueue, makes one job', async () => {
    await add(4);
    const rows = await base.database.db.outboxMessage.findMany();
    await relay().relayOnce();
    await base.database.db.outboxMessage.updateMany({ data: { publishedAt: null } });
    expect(await relay().relayOnce()).toBe(1);
    await runner.drain();
    expect(rows).toHaveLength(1);
    expect(handled).toEqual([routerId(4)]);
  });

  test('relays that work at the same time share the rows and bring each once', async () => {
    const brought: string[] = [];
    const counting: Producer = {
      ...producer,
      enqueue: async (_job, _payload, { jobId }) => void brought.push(jobId),
    };
    for (let n = 0; n < 60; n += 1) await add(n);
    const counts = await Promise.all([1, 2, 3].map(() => relay({ producer: counting }).relayOnce()));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(60);
    expect(new Set(brought).size).toBe(60);
    expect(brought).toHaveLength(60);
  });

  test('D14: rows stay while the queue is away and go out when it is back', async () => {
    await add(5);
    const away: Producer = { ...producer, enqueue: () => Promise.reject(new Error('Redis is away')) };
    await expect(relay({ producer: away }).relayOnce()).rejects.toThrow('Redis is away');
    expect(await unpublished()).toBe(1);
    expect(await relay().relayOnce()).toBe(1);
  });

  test('a row of an unknown job, or with an odd payload, stays and does not keep the others', async () => {
    await base.database.transact((tx) => addToOutbox(tx, 'job.of.tomorrow', {}));
    await base.database.transact((tx) => addToOutbox(tx, 'router.probe', { routerId: 'odd' }));
    await add(6);
    expect(await relay().relayOnce()).toBe(1);
    expect(await unpublished()).toBe(2);
  });

  test('customers to refresh go together in one round, each once; what is traced or odd goes alone', async () => {
    const enqueued: { job: string; payload: unknown; jobId: string }[] = [];
    const telling: Producer = {
      ...producer,
      enqueue: async (job, payload, { jobId }) => void enqueued.push({ job, payload, jobId }),
    };
    const refresh = (customerId: string, traceparent: string | null = null) =>
      base.database.db.outboxMessage.create({ data: { job: 'subject.refresh', payload: { customerId }, traceparent } });
    const rows = [await refresh(routerId(1)), await refresh(routerId(2)), await refresh(routerId(1))];
    const traced = await refresh(routerId(3), '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');
    await refresh('odd');
    expect(await relay({ producer: telling }).relayOnce()).toBe(4);
    expect(enqueued).toEqual([
      { job: 'subjects.refresh', payload: { customerIds: [routerId(1), routerId(2)] }, jobId: expect.any(String) },
      { job: 'subject.refresh', payload: { customerId: routerId(3) }, jobId: traced.id },
    ]);
    expect(await unpublished()).toBe(1);
    // D13: brought again, the same rows are the same job; others with one of them are another.
    const again = async (ids: readonly string[]): Promise<string | undefined> => {
      await base.database.db.outboxMessage.updateMany({ where: { id: { in: [...ids] } }, data: { publishedAt: null } });
      await relay({ producer: telling }).relayOnce();
      return enqueued.at(-1)?.jobId;
    };
    const ids = rows.map((row) => row.id);
    expect(await again(ids)).toBe(enqueued[0]?.jobId);
    const fewer = await again(ids.slice(0, 2));
    expect(fewer).toMatch(/^[0-9a-f]{64}$/);
    expect(fewer).not.toBe(enqueued[0]?.jobId);
  });

  test('a poke after commit makes a relay in any process look at once', async () => {
    const listening = relay({ pollMs: 60_000, subscriber: store.open('subscriber') });
    await listening.start();
    const handling = new Promise<void>((resolve) => {
      onHandled = resolve;
    });
    await add(7);
    const startedMs = performance.now();
    outboxWake(store.redis, store.prefix)();
    await handling;
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    await listening.stop();
  });

  test('starts, and polls, without a Redis that could poke it', async () => {
    const nowhere = openRedis({ url: 'redis://127.0.0.1:1', role: 'durable', use: 'subscriber', logger });
    const handling = new Promise<void>((resolve) => {
      onHandled = resolve;
    });
    await add(8);
    const deaf = relay({ pollMs: 20, subscriber: nowhere });
    await deaf.start();
    await handling;
    await deaf.stop();
    nowhere.disconnect();
    expect(handled).toEqual([routerId(8)]);
  });
});
