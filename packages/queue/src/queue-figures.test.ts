import { createLogger } from '@turnpike/runtime/logger.js';
import { createMetrics } from '@turnpike/runtime/metrics.js';
import { idleHandlers } from '@turnpike/testkit/idle-handlers.js';
import { openTestRedis, type TestRedis } from '@turnpike/testkit/test-redis.js';
import { createQueueInspector, type QueueInspector } from './inspector.js';
import { createProducer, type Producer } from './producer.js';
import { queueFigures } from './queue-figures.js';
import { createRunner } from './runner.js';

const PAYMENT = '0193a5b0-0000-7000-8000-000000000001';
const logger = createLogger({ level: 'silent', role: 'test', instance: 'test' });

let store: TestRedis;
let producer: Producer;
let inspector: QueueInspector;

beforeAll(async () => {
  store = await openTestRedis('durable');
  producer = createProducer({ connection: store.redis, prefix: store.prefix });
  inspector = createQueueInspector({ connection: store.redis, prefix: store.prefix });
});
afterEach(() => store.flush());
afterAll(async () => {
  await producer.close();
  await inspector.close();
  await store.close();
});

const newMetrics = () => createMetrics({ role: 'worker', instance: '0', processMetrics: false });

async function valuesOf(metrics: ReturnType<typeof newMetrics>, name: string): Promise<Record<string, number>> {
  const found = await metrics.registry.getSingleMetric(name)?.get();
  return Object.fromEntries(
    (found?.values ?? [])
      .filter((value) => !('metricName' in value) || String(value.metricName).endsWith('_count'))
      .map(({ labels, value }) => [Object.values(labels).map(String).join(' '), value]),
  );
}

describe('the metrics of queues', () => {
  test('say how many jobs wait in each, and how long the oldest has', async () => {
    const metrics = newMetrics();
    let nowMs = Date.now();
    const figures = queueFigures({
      counts: () => producer.counts(),
      oldestWaiting: () => inspector.oldestWaiting(),
      nowMs: () => nowMs,
      metrics,
    });
    await producer.enqueue('payment.request', { paymentId: PAYMENT }, { jobId: 'one' });
    await producer.enqueue('payment.request', { paymentId: PAYMENT }, { jobId: 'two' });
    await producer.enqueue('payment.request', { paymentId: PAYMENT }, { jobId: 'later', delayMs: 600_000 });
    nowMs = Date.now() + 30_000;
    await figures.take();
    const jobs = await valuesOf(metrics, 'turnpike_worker_queue_jobs');
    expect(jobs).toMatchObject({ 'payments waiting': 2, 'payments delayed': 1, 'access waiting': 0 });
    const oldest = await valuesOf(metrics, 'turnpike_worker_queue_oldest_seconds');
    expect(oldest['payments']).toBeGreaterThanOrEqual(30);
    expect(oldest['payments']).toBeLessThan(60);
    expect(oldest['access']).toBe(0);
    figures.forget();
    expect(await valuesOf(metrics, 'turnpike_worker_queue_jobs')).toEqual({});
  });

  test('a worker counts how long jobs waited for it, how many run of how many may, and what failed for good', async () => {
    const metrics = newMetrics();
    const during: Record<string, number>[] = [];
    const runner = createRunner({
      connection: store.open('blocking'),
      prefix: store.prefix,
      logger,
      metrics,
      queues: ['payments', 'reads'],
      concurrency: { payments: 7 },
      random: () => 0,
      handlers: idleHandlers({
        'payment.request': async () => {
          during.push(await valuesOf(metrics, 'turnpike_worker_job_slots_busy'));
        },
        'router.read': () => Promise.reject(new Error('does not answer')),
      }),
    });
    await producer.enqueue('payment.request', { paymentId: PAYMENT }, { jobId: 'one' });
    await producer.enqueue('router.read', { routerId: PAYMENT, read: 'details' }, { jobId: 'two' });
    await runner.start();
    await runner.drain();
    await runner.stop(1_000);
    expect(during).toEqual([expect.objectContaining({ payments: 1 })]);
    expect(await valuesOf(metrics, 'turnpike_worker_job_slots_busy')).toEqual({ payments: 0, reads: 0 });
    expect(await valuesOf(metrics, 'turnpike_worker_job_slots')).toEqual({ payments: 7, reads: 4 });
    expect(await valuesOf(metrics, 'turnpike_worker_job_wait_seconds')).toMatchObject({ payments: 1, reads: 1 });
    expect(await valuesOf(metrics, 'turnpike_worker_jobs_failed_total')).toEqual({ payments: 0, reads: 1 });
    expect(await valuesOf(metrics, 'turnpike_worker_jobs_stalled_total')).toEqual({ payments: 0, reads: 0 });
  });
});
