import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { messageOf } from '@turnpike/core/app-error.js';
import { systemClock, type Clock } from '@turnpike/core/clock.js';
import type { Logger } from './logger.js';
import type { Metrics } from './metrics.js';
import { OPS_KEY, registerOpsTarget } from './ops-registry.js';
import type { Redis } from './redis.js';

export { listOpsTargets, type OpsTarget } from './ops-registry.js';

export interface Readiness {
  readonly ok: boolean;
  /** Name of a check -> `ok` or what is wrong. */
  readonly checks: Record<string, string>;
}

export interface OpsServerOptions {
  readonly metrics: Metrics;
  readonly role: string;
  readonly instance: string;
  readonly ready: () => Promise<Readiness>;
  /** Durable Redis in which the process makes itself known; without it the process serves but is not listed. */
  readonly redis?: Redis;
  readonly logger: Logger;
  readonly clock?: Clock;
  /** Key of the list; tests use one of their own. */
  readonly key?: string;
}

export interface OpsServer {
  readonly url: string;
  stop(): Promise<void>;
}

const READY_DEADLINE_MS = 2_000;

/**
 * `/metrics`, `/metrics.json` (`?name=` for some of them), `/healthz` and `/readyz` on a free loopback port of the process's own. The port is exclusive:
 * workers of one PM2 cluster would otherwise share it, and a fixed one is still taken while a reload runs old beside new.
 */
export async function startOpsServer(options: OpsServerOptions): Promise<OpsServer> {
  const clock = options.clock ?? systemClock;
  const server = createServer((request, response) => {
    answer(options, request, response).catch((error: unknown) => {
      options.logger.warn({ err: error }, 'ops request failed');
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  server.requestTimeout = 5_000;
  server.listen({ port: 0, host: '127.0.0.1', exclusive: true });
  await once(server, 'listening');
  server.unref();
  const url = urlOf(server);
  const target = {
    role: options.role,
    instance: options.instance,
    url,
    pid: process.pid,
    startedAt: clock.now().toISOString(),
  };
  const { redis, logger, key = OPS_KEY } = options;
  const registration = redis === undefined ? undefined : registerOpsTarget({ redis, clock, logger, key, target });
  await registration?.beat();
  return {
    url,
    stop: async () => {
      await registration?.remove();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(options: OpsServerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { registry } = options.metrics;
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://ops');
  switch (pathname) {
    case '/metrics':
      send(response, 200, registry.contentType, await registry.metrics());
      return;
    case '/metrics.json':
      sendJson(response, 200, await metricsOf(registry, searchParams.getAll('name')));
      return;
    case '/healthz':
      sendJson(response, 200, { status: 'ok' });
      return;
    case '/readyz': {
      const readiness = await readyWithin(options.ready, READY_DEADLINE_MS);
      sendJson(response, readiness.ok ? 200 : 503, readiness);
      return;
    }
    default:
      sendJson(response, 404, { error: 'not found' });
  }
}

/** Those of the names, which cost little; all where none is named. */
async function metricsOf(registry: Metrics['registry'], names: readonly string[]): Promise<readonly object[]> {
  if (names.length === 0) return registry.getMetricsAsJSON();
  const metrics = names.map((name) => registry.getSingleMetric(name)).filter((metric) => metric !== undefined);
  return Promise.all(metrics.map(async (metric) => metric.get()));
}

async function readyWithin(ready: () => Promise<Readiness>, deadlineMs: number): Promise<Readiness> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Readiness>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, checks: { deadline: `no answer in ${deadlineMs} ms` } }), deadlineMs);
  });
  try {
    return await Promise.race([ready(), late]);
  } catch (error) {
    return { ok: false, checks: { error: messageOf(error) } };
  } finally {
    clearTimeout(timer);
  }
}

function urlOf(server: Server): string {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the ops server has no port');
  return `http://127.0.0.1:${address.port}`;
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  send(response, status, 'application/json; charset=utf-8', JSON.stringify(body));
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(body);
}
