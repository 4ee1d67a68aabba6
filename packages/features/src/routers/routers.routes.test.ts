import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import express from 'express';
import { systemClock } from '@turnpike/core/clock.js';
import { createApiRouter } from '@turnpike/runtime/http/api-router.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { createMetrics } from '@turnpike/runtime/metrics.js';
import { createIdempotencyStore } from '../idempotency/idempotency.store.js';
import { openRouterRig, type RouterRig } from './router-rig.js';
import { routerRoutes } from './routers.routes.js';

let rig: RouterRig;
let server: Server;
let base: string;

beforeAll(async () => {
  rig = await openRouterRig();
  const { db, secretBox, routers, reads, rotation } = rig;
  const api = createApiRouter({
    bindings: routerRoutes({ routers, reads, rotation }),
    authenticate: async () => undefined,
    idempotency: createIdempotencyStore({ db, clock: systemClock, secretBox }),
    secretBox,
    metrics: createMetrics({ role: 'test', instance: '0', processMetrics: false }),
    logger: createLogger({ level: 'silent', role: 'test', instance: '0' }),
    clock: systemClock,
  });
  server = createServer(express().use('/api/v1', api)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  base = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rig.close();
});

/** Path of the address that the router's script reports to. */
async function callHomePath(id: string): Promise<string> {
  return /(\/api\/v1\/bootstrap\/[^"]+)/.exec(await rig.routers.bootstrapScript(id))?.[1] ?? '';
}

describe('POST /bootstrap/{token}', () => {
  test('takes the address of the call, once, from a POST as routers send it', async () => {
    const id = await rig.add();
    const url = `${base}${await callHomePath(id)}`;
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE']) expect((await fetch(url, { method })).status).toBe(405);
    expect((await rig.row(id)).address).toBeNull();
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-forwarded-for': '10.66.66.66' };
    expect((await fetch(url, { method: 'POST', headers, body: '' })).status).toBe(204);
    expect((await rig.row(id)).address).toBe('127.0.0.1');
    const again = await fetch(url, { method: 'POST' });
    expect([again.status, await again.json()]).toMatchObject([404, { code: 'not_found' }]);
  });

  test.each(['x'.repeat(43), 'short', 'x'.repeat(101), '%00'.repeat(30)])('%j is no token', async (token) => {
    const response = await fetch(`${base}/api/v1/bootstrap/${token}`, { method: 'POST' });
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
  });
});

test('everything else about routers needs a signed-in actor', async () => {
  const id = await rig.add();
  const paths = ['/routers', `/routers/${id}`, `/routers/${id}/status`, `/routers/${id}/bootstrap-script`];
  for (const path of paths) expect((await fetch(`${base}/api/v1${path}`)).status).toBe(401);
});
