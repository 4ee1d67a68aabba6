import { createMetrics } from './metrics.js';

describe('metrics', () => {
  test('label everything with role and instance, and give the same metric when asked again', async () => {
    const metrics = createMetrics({ role: 'api', instance: 'api-1', processMetrics: false });
    metrics.counter('turnpike_api_x_total', 'X', ['outcome']).inc({ outcome: 'ok' });
    metrics.counter('turnpike_api_x_total', 'X', ['outcome']).inc({ outcome: 'ok' });
    metrics.histogram('turnpike_api_y_seconds', 'Y', [], [0.1, 1]).observe(0.5);
    metrics.gauge('turnpike_api_z', 'Z', [], (gauge) => gauge.set(7));
    const text = await metrics.registry.metrics();
    expect(text).toContain('turnpike_api_x_total{outcome="ok",role="api",instance="api-1"} 2');
    expect(text).toContain('turnpike_api_y_seconds_bucket{le="1",role="api",instance="api-1"} 1');
    expect(text).toContain('turnpike_api_z{role="api",instance="api-1"} 7');
  });

  test('processes measure themselves unless told not to', async () => {
    const measured = await createMetrics({ role: 'api', instance: 'a' }).registry.metrics();
    expect(measured).toContain('process_resident_memory_bytes');
    expect(measured).toContain('nodejs_eventloop_lag_p99_seconds');
    expect(measured).toContain('nodejs_gc_duration_seconds');
    expect(Number(/turnpike_event_loop_busy_seconds_total\{.*\} (.+)/.exec(measured)?.[1])).toBeGreaterThan(0);
  });
});
