import { createServer } from 'node:http';
import { AppError } from '@turnpike/core/app-error.js';
import { systemClock } from '@turnpike/core/clock.js';
import { createHealthService, type StoreCheck } from './health.service.js';
import { createProcessProbes } from './process-probes.js';

const fine: StoreCheck = { name: 'postgresql', check: async () => 'answers', neededToServe: true };
const hangs = (name: string, neededToServe: boolean): StoreCheck => {
  return { name, check: () => new Promise<string>(() => undefined), neededToServe };
};

function health(stores: StoreCheck[]) {
  return createHealthService({ clock: systemClock, stores, probeProcesses: async () => [], deadlineMs: 30 });
}

describe('health', () => {
  test('a store that never answers is reported after the deadline, not waited for', async () => {
    const result = await health([fine, hangs('redis cache', false)]).check();
    expect(result.status).toBe('degraded');
    expect(result.components).toEqual([
      expect.objectContaining({ name: 'postgresql', ok: true, detail: 'answers' }),
      expect.objectContaining({ name: 'redis cache', ok: false, detail: 'no answer within 30 ms' }),
    ]);
  });

  test('is ready without the cache Redis', async () => {
    await expect(health([fine, hangs('redis cache', false)]).assertReady()).resolves.toBeUndefined();
  });

  test('is not ready without a store that it needs, and names it', async () => {
    const error = await health([fine, hangs('redis durable', true)])
      .assertReady()
      .catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: 'unavailable', message: expect.stringContaining('redis durable') });
  });
});

describe('process probes', () => {
  test('asks each process itself, and notices a required role that nobody plays', async () => {
    const server = createServer((request, response) => {
      response.statusCode = request.url === '/readyz' ? 503 : 404;
      response.end('{"checks":{"postgres":"away"}}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const probeProcesses = createProcessProbes({
      listTargets: async () => [{ role: 'worker', instance: '0', url: `http://127.0.0.1:${address.port}` }],
      fetch,
      clock: systemClock,
      deadlineMs: 2_000,
      requiredRoles: [['worker'], ['radius-auth', 'radius']],
    });
    const components = await probeProcesses();
    await new Promise((resolve) => server.close(resolve));
    expect(components).toEqual([
      expect.objectContaining({ name: 'worker 0', ok: false, detail: expect.stringContaining('503') }),
      { name: 'radius-auth', ok: false, ms: 0, detail: 'no such process runs' },
    ]);
  });

  test('a list that cannot be read is a failure of its own', async () => {
    const probeProcesses = createProcessProbes({
      listTargets: () => Promise.reject(new Error('Connection is closed.')),
      fetch,
      clock: systemClock,
      deadlineMs: 50,
      requiredRoles: [['worker']],
    });
    expect(await probeProcesses()).toEqual([
      { name: 'processes', ok: false, ms: 0, detail: 'cannot be listed: Connection is closed.' },
    ]);
  });
});
