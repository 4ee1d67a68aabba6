import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { problem } from '@turnpike/contracts/common.js';
import { createMetrics } from '../metrics.js';
import { admitRequests } from './admission.js';

describe('admission', () => {
  const waiting: ServerResponse[] = [];
  const metrics = createMetrics({ role: 'api', instance: 'test', processMetrics: false });
  const server = createServer(
    admitRequests({
      mostRunning: 2,
      metrics,
      otherwise: (_request, response) => void waiting.push(response),
    }),
  );
  let base = '';

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  test('refuses what is too much with 503 and when to come again, and lets in what cannot wait', async () => {
    const running = [fetch(`${base}/api/v1/packages`), fetch(`${base}/api/v1/packages`)];
    while (waiting.length < 2) await new Promise((resolve) => setImmediate(resolve));
    const refused = await fetch(`${base}/api/v1/packages`);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(problem.parse(await refused.json())).toMatchObject({
      code: 'unavailable',
      requestId: refused.headers.get('x-request-id'),
    });
    expect(await metrics.registry.metrics()).toMatch(/turnpike_api_requests_refused_total\{.*\} 1/);
    const urgent = ['/api/v1/payments/mpesa/callback/x', '/api/v1/health/live', '/api/v1/events?topics=x'];
    running.push(...urgent.map((path) => fetch(`${base}${path}`)));
    while (waiting.length < 5) await new Promise((resolve) => setImmediate(resolve));
    for (const response of waiting.splice(0)) response.end('done');
    expect((await Promise.all(running)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    const next = fetch(`${base}/api/v1/packages`);
    while (waiting.length < 1) await new Promise((resolve) => setImmediate(resolve));
    waiting[0]?.end('done');
    expect((await next).status).toBe(200);
  });
});
