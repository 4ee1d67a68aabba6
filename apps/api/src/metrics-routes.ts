import express, { type Router } from 'express';
import type { Secret } from '@turnpike/core/secret.js';
import { aggregateMetrics, METRICS_CONTENT_TYPE, serviceDiscovery } from '@turnpike/runtime/metrics-fanout.js';
import type { OpsTarget } from '@turnpike/runtime/ops-server.js';
import { requireMetricsAccess } from './metrics-access.js';

interface Deps {
  readonly listTargets: () => Promise<OpsTarget[]>;
  readonly token: Secret | undefined;
}

/** `/metrics`: all processes in one text. `/metrics/sd`: where each of them is, for Prometheus' http_sd. */
export function metricsRoutes({ listTargets, token }: Deps): Router {
  const router = express.Router();
  router.use(requireMetricsAccess(token));
  router.get('/', async (_request, response) => {
    const text = await aggregateMetrics(await listTargets());
    response.setHeader('Content-Type', METRICS_CONTENT_TYPE);
    response.end(text);
  });
  router.get('/sd', async (_request, response) => {
    response.json(serviceDiscovery(await listTargets()));
  });
  return router;
}
