import { systemClock } from '@turnpike/core/clock.js';
import { createLifecycle } from '@turnpike/runtime/lifecycle.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import { createMetrics } from '@turnpike/runtime/metrics.js';
import { startOpsServer } from '@turnpike/runtime/ops-server.js';
import { openTracing } from '@turnpike/runtime/tracing/open-tracing.js';
import { tracingSettings } from '@turnpike/runtime/tracing/tracing-environment.js';
import { readApiConfig } from './config.js';
import { createApiContext } from './context.js';

const role = 'api';
const config = readApiConfig();
const instance = config.NODE_APP_INSTANCE;
const logger = createLogger({ level: config.LOG_LEVEL, role, instance });
const lifecycle = createLifecycle({ logger, forceAfterMs: 8_000 });
const metrics = createMetrics({ role, instance });
const tracing = await openTracing({ settings: tracingSettings(config), role, instance, metrics, logger });
// Added first, so stopped last.
lifecycle.add('traces', tracing.stop);
const { stopping } = lifecycle;

const context = createApiContext({ config, logger, metrics, tracing, clock: systemClock, stopping });
lifecycle.add('api', context.stop);
const ops = await startOpsServer({ metrics, role, instance, logger, redis: context.redis, ready: context.ready });
lifecycle.add('ops server', ops.stop);
const { port } = await context.start();
logger.info({ host: config.HOST, port, ops: ops.url }, 'the API is served');
lifecycle.ready();
